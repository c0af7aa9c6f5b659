"""What counting statements costs: a small SELECT with its statistics on and off, and a count by itself.

CPU time of this process per statement (the server's is its own), in many short interleaved slices on one
connection, within the timings of a request as in real life. `python -m benchmarks statements`;
STATEMENT_SLICES and STATEMENT_CALLS make it smaller.
"""

import os
import statistics
import time

from sqlalchemy import text

from benchmarks.ground import database, run
from benchmarks.printing import heading, judge, note
from service.core.database import Database
from service.core.telemetry import Timings, _timings
from service.core.telemetry.statements import Statements

SLICES = int(os.environ.get("STATEMENT_SLICES", "60"))
CALLS = int(os.environ.get("STATEMENT_CALLS", "200"))
GOAL = 1.03
"""All monitoring together may take 3 %."""
_QUERY = text("SELECT CAST(:number AS int)")
_SHAPE = "SELECT a, b FROM t WHERE c = $1::INTEGER AND d IN ($2::VARCHAR, $3::VARCHAR)"


def main() -> None:
    """Print the figures."""
    run(_main())


async def _main() -> None:
    heading(f"Statistics of statements, CPU per statement, {SLICES} slices of {CALLS}")
    async with database() as opened:
        rounds = await _rounds(opened)
    with_, without = (statistics.median(column) for column in zip(*rounds, strict=True))
    note(f"on {with_:.2f} us, off {without:.2f} us")
    note(f"one count {_count(1):.2f} us; where a text comes in {CALLS} forms {_count(CALLS):.2f} us")
    judge("SELECT with statistics / without", statistics.median(on / off for on, off in rounds), GOAL)


async def _rounds(opened: Database) -> list[tuple[float, float]]:
    """CPU microseconds per statement with statistics on and off, of the same round each."""
    rounds = []
    for number in range(SLICES + 2):
        on_first = number % 2 == 0
        first, second = await _slice(opened, on=on_first), await _slice(opened, on=not on_first)
        rounds.append((first, second) if on_first else (second, first))
    return rounds[2:]


async def _slice(opened: Database, *, on: bool) -> float:
    opened.statements.enabled = on
    token = _timings.set(Timings(scope={}, repeats_because="it measures"))
    try:
        async with opened.read() as conn:
            started = time.process_time()
            for number in range(CALLS):
                await conn.execute(_QUERY, {"number": number})
            return (time.process_time() - started) / CALLS * 1e6
    finally:
        _timings.reset(token)


def _count(forms: int, times: int = 100_000) -> float:
    """Microseconds of one `record`, outside of a request."""
    counted = Statements()
    texts = [f"{_SHAPE} -- {number}" for number in range(forms)]
    for text_ in texts:
        counted.record(text_, 0.001, 1)
    started = time.process_time()
    for number in range(times):
        counted.record(texts[number % forms], 0.001, 1)
    return (time.process_time() - started) / times * 1e6


if __name__ == "__main__":
    main()
