"""import crew: availability reports and crew details of a fire station."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.file_findings import show_findings
from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.turns import in_turn
from service.cli.words import out, say, sentences
from service.core.errors import ServiceError
from service.core.runtime import Runtime
from service.core.settings import load_settings
from service.crew import DESK
from service.reporting.files import uploads
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
        well = [
            await _import_one(runtime, path, {**params, "as_of": as_of or _changed(path)}) for path in paths
        ]
    if not all(well):
        raise typer.Exit(1)


def _changed(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()


async def _import_one(runtime: Runtime, path: Path, params: dict[str, Any]) -> bool:
    """Import one file, and whether all of its rows were taken."""
    upload = uploads.copied(runtime.settings, path)
    try:
        row = await in_turn(runtime, "crew.import", {**params, "name": path.name, "upload": upload})
    except ServiceError as error:
        say(*sentences(error))
        uploads.upload_path(runtime.settings, upload).unlink(missing_ok=True)
        return False
    if row.result is None:
        say(f"{path.name}: {(row.error or {}).get('detail', f'the run {row.state}')}")
        return False
    result = CrewImportResult.model_validate(row.result)
    _show(result, uploads.findings_path(runtime.settings, row.id))
    return result.rejected_rows == 0


def _show(result: CrewImportResult, findings: Path) -> None:
    came = ", ".join(f"{count:,} {word}" for word, count in sorted({**result.days, **result.people}.items()))
    what = "days" if result.kind == "report" else "people"
    done = "would be stored: " if result.dry_run else ""
    said = "nothing stored" if result.outcome == "refused" else f"{done}{what} {came or 'none'}"
    rows = f"{result.rejected_rows:,} of {result.rows:,} rows rejected"
    out.print(f"{result.file}: {said}; {rows}", markup=False)
    show_findings(result.findings, result.codes, findings)
