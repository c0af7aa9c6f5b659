"""import crew: availability reports and crew details of a fire station."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.file_import import import_one
from service.cli.house import opened_beside
from service.cli.stopping import run
from service.core.settings import load_settings
from service.crew import DESK
from service.schemas.crew.imports import CrewImportResult


class CrewKind(StrEnum):
    """What a file is."""

    auto = "auto"
    report = "report"
    details = "details"


def register(files: typer.Typer) -> None:
    """Add the command."""
    files.command(name=DESK.name)(import_crew)


def import_crew(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)],
    station: Annotated[str, typer.Option(help="Code of the station that the files are of.")],
    kind: Annotated[
        CrewKind, typer.Option(help="What the files are; auto: by what they hold.")
    ] = CrewKind.auto,
    zone: Annotated[
        str | None, typer.Option(help="Zone of the station's clock; needed once for a new one.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="When a report was made (2026-03-05T09:58:11Z); else when its file was changed last."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Apply the good rows of a file that has bad ones.")
    ] = False,
) -> None:
    """Import availability reports (XLSX, CSV) and crew details (lines with bars); a whole file or nothing.

    Exit code 1 when rows were rejected or a file cannot be used.
    """
    params = {
        "station": station,
        "zone": zone,
        "kind": kind.value,
        "dry_run": dry_run,
        "lenient": lenient,
    }
    run(_import(paths, params, as_of))


async def _import(paths: list[Path], params: dict[str, Any], as_of: str | None) -> None:
    async with opened_beside(load_settings()) as runtime:
        well = []
        for path in paths:
            asked = {**params, "as_of": as_of or _changed(path)}
            well.append(await import_one(runtime, "crew.import", path, asked, CrewImportResult, _said))
    if not all(well):
        raise typer.Exit(1)


def _changed(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()


def _said(result: CrewImportResult) -> str:
    came = ", ".join(f"{count:,} {word}" for word, count in sorted({**result.days, **result.people}.items()))
    what = "days" if result.kind == "report" else "people"
    done = "would be stored: " if result.dry_run else ""
    said = "nothing stored" if result.outcome == "refused" else f"{done}{what} {came or 'none'}"
    return f"{said}; {result.rejected_rows:,} of {result.rows:,} rows rejected"
