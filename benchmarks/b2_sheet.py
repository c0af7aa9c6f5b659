"""B2: the monthly sheet of 5,000 people, uncached, from the day table, against the COPY of the same rows.

`sheet` is what a caller without any cache gets: names, days, layout, completeness, JSON bytes. `copy` is the
COPY of the sheet's own statement by `psql` (binary, thrown away). `pandas` (if installed) is the earlier
systems' path: read_sql and crosstab. Then four times as many people, for the slope.
`python -m benchmarks b2`; B2_PEOPLE and B2_ROUNDS make it smaller.
"""

import asyncio
import importlib.util
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import orjson
import uvloop
from sqlalchemy import text

from benchmarks.ground import database, interleaved, make_firm
from benchmarks.printing import heading, judge, note, ratio_of, tell
from service.attendance.recompute import Recompute
from service.attendance.reports.monthly_sheet import MONTHLY_SHEET
from service.core.auth import SYSTEM
from service.core.compute import Compute
from service.core.database import Database
from service.core.embedded.binaries import installation
from service.core.settings import Settings
from service.reporting.report import BuildContext
from service.schemas.attendance.reports import MonthlySheetParams

PEOPLE = int(os.environ.get("B2_PEOPLE", "5000"))
ROUNDS = int(os.environ.get("B2_ROUNDS", "7"))
LINEAR = 1.25
"""Four times the people at most this much more than four times the time."""
Works = dict[str, Callable[[], Awaitable[object]]]
START, DAYS = "2026-10-01", 31
NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
PARAMS = MonthlySheetParams(month="2026-10", rule_set="recommended")

OWN = """
    SELECT person_id, work_date, coalesce(shift_type_id, -1), code::char(4), late_counted, early,
           coalesce(leave_type_id, -1), status = 'PENDING', shift_seq = 0
    FROM attendance.day WHERE rule_set_id = {rule_set} AND work_date BETWEEN '2026-10-01' AND '2026-10-31'
"""


async def sheet(db: Database) -> bytes:
    """The whole uncached answer."""
    context = BuildContext(now=NOW, caller=SYSTEM, settings=Settings())
    async with db.snapshot() as conn:
        built = await MONTHLY_SHEET.build(conn, PARAMS, context)
    return orjson.dumps(built.rows)


async def copy(db: Database, rule_set: int) -> None:
    """`psql` copying the same rows to nowhere."""
    query = " ".join(OWN.format(rule_set=rule_set).split())
    process = await asyncio.create_subprocess_exec(
        installation() / "bin" / "psql",
        db.direct_url,
        "-qc",
        f"COPY ({query}) TO STDOUT (FORMAT binary)",
        stdout=asyncio.subprocess.DEVNULL,
    )
    if await process.wait():
        raise RuntimeError("psql could not copy")


async def pandas(db: Database, rule_set: int) -> object:
    """read_sql and crosstab, as the earlier systems do it (over the same driver)."""
    import pandas as pd  # noqa: PLC0415  # only where it is installed

    query = f"""SELECT p.upstream_name, p.name, d.work_date, d.code FROM attendance.day d
        JOIN attendance.person p ON p.id = d.person_id
        WHERE rule_set_id = {rule_set} AND work_date BETWEEN '2026-10-01' AND '2026-10-31'"""
    async with db.read() as conn:
        rows = (await conn.exec_driver_sql(query)).all()
    frame = pd.DataFrame(rows, columns=["number", "name", "day", "code"])
    table = pd.crosstab([frame.number, frame.name], frame.day, values=frame.code, aggfunc="first")
    return table.to_json(orient="split")


async def measure(people: int, *, with_pandas: bool) -> float:
    """Make the rows, then time in turn; answers the least seconds of a sheet."""
    async with database() as db:
        compute = Compute()
        await make_firm(db, people, START, DAYS, punches=2)
        await Recompute(db, None, compute).run(now=NOW)
        async with db.write() as conn:
            await conn.execute(text("ANALYZE attendance.day"))
            rule_set = int(
                await conn.scalar(text("SELECT id FROM attendance.rule_set WHERE name = 'recommended'")) or 0
            )
        works: Works = {"sheet": lambda: sheet(db), "copy": lambda: copy(db, rule_set)}
        if with_pandas:
            works["pandas"] = lambda: pandas(db, rule_set)
        seconds = await interleaved(works, ROUNDS)
        cpu = time.process_time()
        size = len(await sheet(db))
        cpu = time.process_time() - cpu
        compute.close()
    tell(f"B2, uncached sheet, {people} people x {DAYS} days", seconds, "sheet", "copy", 1.5)
    note(
        f"{size:,} bytes of rows; CPU of this process {cpu * 1000:.0f} ms a sheet, the rest is the database's"
    )
    if with_pandas:
        judge("pandas / sheet", ratio_of(seconds, "pandas", "sheet"), 8, at_least=True)
    return min(seconds["sheet"])  # sizes cannot take turns: the least disturbed round of each counts


def main() -> None:
    """All people beside COPY and pandas, then four times as many."""
    installed = importlib.util.find_spec("pandas") is not None
    sizes = (PEOPLE, PEOPLE * 4)
    found = [uvloop.run(measure(people, with_pandas=installed and people == PEOPLE)) for people in sizes]
    heading(f"B2, slope from {sizes[0]} to {sizes[1]} people")
    for people, seconds in zip(sizes, found, strict=True):
        note(f"{people:6} people  {seconds / people * 1e6:6.1f} us a person")
    judge("time / people, from first to last", found[1] / found[0] / 4, LINEAR)


if __name__ == "__main__":
    main()
