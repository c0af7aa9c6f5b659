"""B2: the monthly sheet of 5,000 people, uncached, from the day table, against the COPY of the same rows.

`sheet` is what a caller without any cache gets: names, days, layout, completeness, JSON bytes. `copy` is the
COPY of the sheet's own statement by `psql` (binary, thrown away). `pandas` (if installed) is the earlier
systems' path: read_sql and crosstab. `python -m benchmarks.b2_sheet`.
"""

import asyncio
import importlib.util
import os
import shutil
from datetime import UTC, datetime

import orjson
from sqlalchemy import text

from benchmarks.ground import database, interleaved, make_firm, run, tell
from service.attendance.recompute import Recompute
from service.attendance.reports import MONTHLY_SHEET
from service.core.auth import SYSTEM
from service.core.compute import Compute
from service.core.database import Database
from service.core.settings import Settings
from service.core.versions import Versions
from service.reporting.report import BuildContext
from service.schemas.attendance.reports import MonthlySheetParams

PEOPLE = int(os.environ.get("B2_PEOPLE", "5000"))
ROUNDS = int(os.environ.get("B2_ROUNDS", "7"))
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
    program = shutil.which("psql") or "psql"
    process = await asyncio.create_subprocess_exec(
        program,
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


async def measure() -> None:
    """Make the rows, then time in turn."""
    async with database() as db:
        compute = Compute()
        await make_firm(db, PEOPLE, START, DAYS, punches=2)
        versions = Versions(db.direct_url)
        await Recompute(db, None, compute).run(now=NOW)
        async with db.write() as conn:
            await conn.execute(text("ANALYZE attendance.day"))
            rule_set = int(
                await conn.scalar(text("SELECT id FROM attendance.rule_set WHERE name = 'recommended'")) or 0
            )
        works = {"sheet": lambda: sheet(db), "copy": lambda: copy(db, rule_set)}
        if importlib.util.find_spec("pandas") is not None:
            works["pandas"] = lambda: pandas(db, rule_set)  # type: ignore[dict-item,return-value]
        seconds = await interleaved(works, ROUNDS)
        size = len(await sheet(db))
        print(f"{PEOPLE} people x {DAYS} days, {size:,} bytes of rows")
        tell("B2, uncached sheet from the day table", seconds, "sheet", "copy", "<= 1.5 of its own COPY")
        if "pandas" in seconds:
            tell("B2, against pandas", seconds, "pandas", "sheet", ">= 8")
        compute.close()
        await versions.close()


def main() -> None:
    """One run."""
    run(measure())


if __name__ == "__main__":
    main()
