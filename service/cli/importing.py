"""import: files into a desk, with a table of what is to be looked at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from service.attendance import DESK as ATTENDANCE
from service.attendance.files.inspection import inspected
from service.cli import crew_files, mill_files
from service.cli.file_import import import_one
from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.words import say
from service.core.errors import ServiceError
from service.core.runtime import Runtime
from service.core.settings import load_settings
from service.reporting.files import uploads
from service.schemas.attendance import ImportResult

files = typer.Typer(help="Read files: CSV or XLSX.", no_args_is_help=True)
# What a row may refer to comes first, whatever order the files are named in.
_ORDER = ("holidays", "shifts", "people", "schedules", "weekly", "leaves", "punches")


class Kind(StrEnum):
    """What rows are."""

    auto = "auto"
    punches = "punches"
    people = "people"
    shifts = "shifts"
    schedules = "schedules"
    weekly = "weekly"
    leaves = "leaves"
    holidays = "holidays"


class Order(StrEnum):
    """Day or month first."""

    auto = "auto"
    dmy = "dmy"
    mdy = "mdy"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the command line, and what it is."""

    path: Path
    kind: str
    rows: int


def register(app: typer.Typer) -> None:
    """Add these commands."""
    crew_files.register(files)
    mill_files.register(files)
    app.add_typer(files, name="import")


@files.command(name=ATTENDANCE.name)
def import_attendance(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)],
    kind: Annotated[Kind, typer.Option(help="What the rows are; auto: by the columns.")] = Kind.auto,
    zone: Annotated[str | None, typer.Option(help="Zone of the files' clock; needed the first time.")] = None,
    source: Annotated[str, typer.Option(help="Name of the source the rows belong to.")] = "files",
    complete_through: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last date through which nothing of these kinds is missing."),
    ] = None,
    date_order: Annotated[Order, typer.Option(help="Of dates such as 03/04/2026.")] = Order.auto,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Apply the good rows of a file that has bad ones.")
    ] = False,
) -> None:
    """Import punches, people, shifts, (weekly) schedules, leaves and holidays; a whole file or nothing of it.

    Exit code 1 when rows were rejected or a file cannot be used.
    """
    params = {
        "zone": zone,
        "source": source,
        "complete_through": None if complete_through is None else complete_through.date().isoformat(),
        "date_order": date_order.value,
        "dry_run": dry_run,
        "lenient": lenient,
    }
    run(_import(paths, kind, date_order, params))


async def _import(paths: list[Path], kind: Kind, date_order: Order, params: dict[str, Any]) -> None:
    # All files are looked at before the first is stored: a missing column is known at once.
    known = [_looked_at(path, kind, date_order) for path in paths]
    chosen = sorted((file for file in known if file is not None), key=lambda file: _ORDER.index(file.kind))
    if len(chosen) < len(paths):
        raise typer.Exit(1)
    async with opened_beside(load_settings()) as runtime:
        import_all = _rehearse_all if params["dry_run"] else _import_all
        well = await import_all(runtime, chosen, params)
    if not all(well):
        raise typer.Exit(1)


async def _import_all(runtime: Runtime, files: list[File], params: dict[str, Any]) -> list[bool]:
    return [await _import_one(runtime, file, params) for file in files]


async def _rehearse_all(runtime: Runtime, files: list[File], params: dict[str, Any]) -> list[bool]:
    """Each file as if those of earlier kinds were stored: people may name a shift of a file beside theirs."""
    kept: list[tuple[str, str]] = []
    well = []
    try:
        for file in files:
            before = [upload for kind, upload in kept if kind != file.kind]
            well.append(await _import_one(runtime, file, {**params, "before": before}))
            kept.append((file.kind, uploads.copied(runtime.settings, file.path)))
    finally:
        for _, upload in kept:
            uploads.upload_path(runtime.settings, upload).unlink(missing_ok=True)
    return well


def _looked_at(path: Path, kind: Kind, date_order: Order) -> File | None:
    try:
        found = inspected(path, kind.value, date_order.value)
    except ServiceError as error:
        say(f"{path.name}: {error.detail}")
        return None
    return File(path, found.columns.kind, found.rows)


async def _import_one(runtime: Runtime, file: File, params: dict[str, Any]) -> bool:
    """Import one file, and whether all of its rows were taken."""
    asked = {**params, "kind": file.kind}
    return await import_one(runtime, "attendance.import", file.path, asked, ImportResult, _said)


def _said(result: ImportResult) -> str:
    done = "would be " if result.dry_run else ""
    if result.outcome == "refused":
        return f"{result.rejected_rows:,} of {result.rows:,} rows rejected: {done}refused, nothing stored"
    return (
        f"{result.inserted:,} {result.kind} {done}added, {result.updated:,} changed, "
        f"{result.unchanged:,} unchanged, {result.removed:,} removed; {result.rejected_rows:,} of "
        f"{result.rows:,} rows rejected"
    )
