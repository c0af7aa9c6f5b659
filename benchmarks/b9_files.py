"""Imports of the mill: the recipes of set S by the job; reading alone of a CSV and of a workbook (G.4)."""

import asyncio
import csv
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from benchmarks.b9_planner import running
from benchmarks.clocked import clocked, server_cpu
from benchmarks.mill_sets import AS_OF
from benchmarks.printing import heading, judge, note
from service.core.database import Database
from service.core.runtime import Runtime
from service.mill.files.cells import Ground
from service.mill.files.kinds import SHAPES
from service.mill.files.reading import reading_of
from service.mill.files.telling import Told
from service.mill.rules.parameters import DEFAULTS
from service.reporting.files import uploads
from service.simulators.mill import Plan, generate, tables, write_mill

SET = os.environ.get("B9_FILES", "S")
CSV_ROWS = int(os.environ.get("B9_CSV_ROWS", "100000"))
XLSX_ROWS = int(os.environ.get("B9_XLSX_ROWS", "10000"))
RECIPES, CSV, XLSX = 5.0, 1.0, 3.0
"""Seconds (G.4)."""
KINDS: Final = ("suppliers", "yarn_inventory", "styles", "bom")


async def files(db: Database, folder: Path) -> None:
    """Recipes with all their checks, after what they refer to; then reading without a database."""
    mill = generate(Plan(as_of=AS_OF, size=SET))
    write_mill(mill, folder)
    heading(f"B9, imports of set {SET}")
    written = {table.name for table in tables(mill)}
    named = {kind: folder / f"{kind}.csv" for kind in KINDS if kind in written}
    async with running(db.url) as runtime:
        for kind in KINDS:
            taken = await _imported(runtime, kind, named[kind])
            if kind == "bom" and taken is not None:
                judge("recipes with validation, by the clock", taken[0], RECIPES, unit="s")
                judge("recipes with validation, CPU of service and server", taken[1], RECIPES, unit="s")
    _reading("bom", _of_rows(named["bom"], folder / "long.csv", CSV_ROWS), CSV)
    _reading("bom", _workbook(named["bom"], folder / "wide.xlsx", XLSX_ROWS), XLSX)


async def _imported(runtime: Runtime, kind: str, path: Path) -> tuple[float, float] | None:
    part = await asyncio.to_thread(_copied, runtime, path)
    asked: dict[str, Any] = {"kind": kind, "upload": uploads.finished(part), "mode": "lenient",
                             "snapshot_date": AS_OF.isoformat()}  # fmt: skip
    if kind == "suppliers":
        asked["lead_unit"] = "days"
    server = await server_cpu(runtime.database)
    clock, cpu = time.perf_counter(), time.process_time()
    run = await runtime.tasks.run_now("mill.import", asked, "benchmark")
    taken = time.perf_counter() - clock, time.process_time() - cpu
    server = await server_cpu(runtime.database) - server
    if run.state not in {"done", "partial"}:
        note(f"{kind}: {run.state}, {run.error}")
        return None
    rows = run.result["rows_read"]
    note(
        f"{kind}: {rows:,} rows, {run.result['rows_rejected']} rejected, "
        f"{taken[0]:.2f} s, CPU {taken[1]:.2f} s and {server:.2f} s of the database server"
    )
    return taken[0], taken[1] + server


def _copied(runtime: Runtime, path: Path) -> Path:
    part = uploads.begun(runtime.settings)
    part.write_bytes(path.read_bytes())
    return part


def _reading(kind: str, path: Path, goal: float) -> None:
    """Every cell read and judged, nothing stored: seconds of one worker."""

    def work() -> int:
        ground = Ground(datetime.now(UTC).date(), AS_OF, DEFAULTS, None)
        with reading_of(path, SHAPES[kind], ground, Told("lenient")) as reading:
            for _ in reading.records:
                pass
            return reading.rows

    rows = work()
    found = clocked(work, 3, 10)
    note(f"{path.name}: {rows:,} rows, {path.stat().st_size / 2**20:.1f} MiB")
    judge(f"reading {path.suffix}, {rows:,} rows, CPU", found.middle, goal, unit="s")


def _of_rows(source: Path, target: Path, rows: int) -> Path:
    """A file of so many rows: those of the source again and again."""
    with source.open(encoding="utf-8") as lines:
        header, *body = lines
    with target.open("w", encoding="utf-8") as out:
        out.write(header)
        for at in range(rows):
            out.write(body[at % len(body)])
    return target


def _workbook(source: Path, target: Path, rows: int) -> Path:
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    with source.open(encoding="utf-8", newline="") as lines:
        for at, cells in zip(range(rows + 1), csv.reader(lines), strict=False):
            sheet.write_row(at, 0, [_typed(cell) for cell in cells] if at else cells)
    book.close()
    return target


def _typed(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell
