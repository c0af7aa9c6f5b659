"""The mill's table operations (mill spec G.2, G.3): row loops, the predecessor's vector form and ours.

Each of the ten at MILL_SIZES rows (1,000, 5,000 and 50,000): a row loop over a pandas frame, a loop over
plain tuples made before, the predecessor's form, ours on the same frame (Decimals out), and ours in int64
units, where an operation has quantities. What they answer is compared first. Then `compact` on frames like
those of the predecessor's claims, of MILL_FRAME (100,000) rows. MILL_ROUNDS (15) runs after three that do
not count; of what takes longer than MILL_SECONDS (5) as many as fit, one at least: n tells. Times are CPU
times: nothing here waits. `python -m benchmarks mill-tables`.
"""

import importlib.util
import os
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from benchmarks import mill_former, mill_loops
from benchmarks.mill_ground import tables
from benchmarks.mill_ours import Ours, in_units
from benchmarks.printing import heading, judge, note, processor
from service.mill.rules.quantities import SCALE
from service.mill.vector import compact

SIZES = tuple(int(one) for one in os.environ.get("MILL_SIZES", "1000,5000,50000").split(","))
ROUNDS = int(os.environ.get("MILL_ROUNDS", "15"))
SECONDS = float(os.environ.get("MILL_SECONDS", "5"))
FRAME = int(os.environ.get("MILL_FRAME", "100000"))
JUDGED = SIZES[min(1, len(SIZES) - 1)]
"""The size at which the claims are held against what is measured; the others are told."""
CLAIMED: Final = {
    "planning balance": 100,
    "shortages": 50,
    "explosion": 75,
    "allocation": 60,
    "scheduling": 40,
    "cost": 80,
    "dates": 30,
    "aggregation": 100,
    "choice": 90,
    "text": 50,
}
OURS, UNITS, LOOP, TUPLES, FORMER = "ours", "ours, units", "row loop", "tuples", "predecessor"
HALF: Final = 0.00006
"""Half a unit of the fourth place: floats are not rounded, ours are."""
Work = Callable[[], Any]


def main() -> None:
    """All sizes, then memory."""
    if importlib.util.find_spec("pandas") is None:
        note("left out: pandas is not installed")
        return
    heading(f"Mill tables, {processor()}, NumPy {version('numpy')}, pandas {version('pandas')}")
    for rows in SIZES:
        _sized(rows)
    _memory()


def _sized(rows: int) -> None:
    plain = tables(rows)
    works = {name: _works(name, plain) for name in CLAIMED}
    heading(f"Mill tables, {rows:,} rows: what they answer")
    first = {name: {who: _once(work) for who, work in some.items()} for name, some in works.items()}
    differing = {name: sum(map(_differs, _answers(found))) for name, found in first.items()}
    judge("answers that differ", sum(differing.values()), 0)
    if any(differing.values()):
        raise SystemExit(f"{[name for name, number in differing.items() if number]} differ: nothing is timed")
    for name, some in works.items():
        heading(f"Mill tables, {name}, {rows:,} rows")
        seconds = {who: _timed(work, first[name][who][0]) for who, work in some.items()}
        for who, values in seconds.items():
            _told(who, values)
        _compared(name, seconds, rows)


def _once(work: Work) -> tuple[float, Any]:
    """Seconds of this process's CPU (it never waits: a busy machine counts little), and the answer."""
    started = time.process_time()
    found = work()
    return time.process_time() - started, found


def _works(name: str, plain: dict[str, Any]) -> dict[str, Work]:
    """The five of one operation; what each may prepare is prepared."""
    import pandas as pd  # noqa: PLC0415  # only where it is installed

    frames = {table: pd.DataFrame(columns) for table, columns in plain.items()}
    tuples = mill_loops.as_tuples(name, plain)
    works: dict[str, Work] = {
        LOOP: lambda: mill_loops.over_frame(name, frames),
        TUPLES: lambda: mill_loops.WORKS[name](tuples, plain),
        FORMER: lambda: mill_former.WORKS[name](frames),
        OURS: Ours(frames).works[name],
    }
    units = Ours(in_units(plain), units=True).works
    return {**works, UNITS: units[name]} if name in units else works


def _answers(found: dict[str, tuple[float, Any]]) -> list[tuple[Any, Any]]:
    """What each answers beside what the loop over tuples does, column by column."""
    expected = found[TUPLES][1]
    return [
        (column, _pounds(other) if who == UNITS else other)
        for who, (_, answer) in found.items()
        for column, other in zip(expected, answer, strict=True)
    ]


def _pounds(column: Any) -> Any:
    values = np.asarray(column)
    return values / SCALE if values.dtype == np.int64 and values.max(initial=0) >= SCALE else values


def _differs(pair: tuple[Any, Any]) -> bool:
    """Whether two columns say something else, to half a unit of the fourth place where they are numbers."""
    one, other = (np.asarray(list(column)) for column in pair)
    if len(one) != len(other):
        return True
    if one.dtype.kind in "iufb":
        return bool((np.abs(one.astype(float) - other.astype(float)) > HALF).any())
    return one.astype(str).tolist() != other.astype(str).tolist()


def _timed(work: Work, first: float) -> list[float]:
    """Seconds of each run after three that do not count; what takes too long counts from the first."""
    seconds = [first]
    while len(seconds) < ROUNDS + 3 and sum(seconds) < SECONDS:
        seconds.append(_once(work)[0])
    return seconds[3:] or seconds[-1:]


def _told(who: str, seconds: Sequence[float]) -> None:
    middle, high = statistics.median(seconds), sorted(seconds)[-(-95 * len(seconds) // 100) - 1]
    note(f"{who:<14} median {middle * 1000:10.3f} ms   p95 {high * 1000:10.3f} ms   n={len(seconds)}")


def _compared(name: str, seconds: dict[str, list[float]], rows: int) -> None:
    middle = {who: statistics.median(values) for who, values in seconds.items()}
    for who in (LOOP, TUPLES, FORMER):
        note(f"{who} / ours: {middle[who] / middle[OURS]:.2f}" + _in_units(middle, who))
    if rows == JUDGED:
        mine = UNITS if UNITS in middle else OURS
        what = f"claimed {CLAIMED[name]} x, {name}: row loop / {mine}"
        judge(what, middle[LOOP] / middle[mine], CLAIMED[name], at_least=True)


def _in_units(middle: dict[str, float], who: str) -> str:
    return f"; / ours in units: {middle[who] / middle[UNITS]:.2f}" if UNITS in middle else ""


def _memory() -> None:
    """Frames like those of the claims: few values in every column, and one with everything."""
    import pandas as pd  # noqa: PLC0415

    heading("Mill tables, memory of compact (pandas, text as objects)")
    for what, claimed, columns in (
        (f"{FRAME // 10:,} x 4, three of them constant or of few values", 93.8, _demo(FRAME // 10)),
        (f"{FRAME:,} x 3, few values", 83.2, _few(FRAME)),
        (f"{FRAME:,} x 6, mixed", 80.7, _mixed(FRAME)),
    ):
        text = {name: values.dtype for name, values in columns.items()}
        frame = pd.DataFrame(columns).astype(text)
        found = compact(frame)
        note(f"{what}: {found.bytes_before / 2**20:.2f} -> {found.bytes_after / 2**20:.2f} MiB")
        for one in found.columns:
            why = f", {one.unchanged}" if one.unchanged else ""
            note(f"  {one.name}: {one.was} {one.bytes_before:,} -> {one.now} {one.bytes_after:,}{why}")
        judge(f"{what}: values that differ", sum(map(_differs, _columns(frame, found.frame))), 0)
        judge(f"{what}: claimed {claimed} %", (found.saved or 0) * 100, claimed, at_least=True, unit="%")


def _columns(frame: Any, other: Any) -> list[tuple[Any, Any]]:
    return [(frame[name].tolist(), other[name].tolist()) for name in frame.columns]


def _demo(rows: int) -> dict[str, Any]:
    number = np.arange(rows)
    return {
        "number": number % 60,
        "balance": np.full(rows, 99.5),
        "status": np.array(["active", "on hold", "closed"], dtype=object)[number % 3],
        "unit": np.array(["lb"], dtype=object)[number * 0],
    }


def _few(rows: int) -> dict[str, Any]:
    number = np.arange(rows)
    return {
        "number": number % 60,
        "balance": number % 400 / 4,
        "status": np.array(["active", "on hold", "closed"], dtype=object)[number % 3],
    }


def _mixed(rows: int) -> dict[str, Any]:
    chance = np.random.default_rng(rows)
    number = np.arange(rows)
    return {
        "number": number,
        "balance": chance.integers(-(10**7), 10**7, rows) / 100,
        "quantity": chance.integers(0, 37_600, rows),
        "share": chance.random(rows),
        "status": np.array(["active", "on hold", "closed"], dtype=object)[chance.integers(0, 3, rows)],
        "code": np.array([f"Y{one:06}" for one in number.tolist()], dtype=object),
    }


if __name__ == "__main__":
    main()
