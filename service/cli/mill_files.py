"""import mill: files of a knitting mill's ERP."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.turns import in_turn
from service.cli.words import WIDE, err, out, refuse, say, sentences
from service.core.errors import Invalid, ServiceError
from service.core.runtime import Runtime
from service.core.settings import load_settings
from service.mill import DESK
from service.mill.files.inbox import LONGEST_NAME, is_readable
from service.mill.files.inspection import require_come
from service.mill.files.recognising import ORDER, recognised
from service.reporting.files import uploads
from service.schemas.mill.imports import MillImportMessage, MillImportReport

SHOWN: Final = 20
"""Messages of a file in the table: errors before warnings."""


class MillMode(StrEnum):
    """What is done with rows that are wrong."""

    strict = "strict"
    lenient = "lenient"
    dry_run = "dry_run"


class LeadUnit(StrEnum):
    """Unit of lead times."""

    days = "days"
    weeks = "weeks"


class MillKind(StrEnum):
    """What a file is."""

    auto = "auto"
    suppliers = "suppliers"
    yarn_inventory = "yarn_inventory"
    styles = "styles"
    bom = "bom"
    style_map = "style_map"
    machines = "machines"
    rates = "rates"
    knit_orders = "knit_orders"
    yarn_po = "yarn_po"
    expected_receipts = "expected_receipts"
    yarn_demand = "yarn_demand"
    sales = "sales"
    forecasts = "forecasts"
    stage_inventory = "stage_inventory"


def register(files: typer.Typer) -> None:
    """Add the command."""
    files.command(name=DESK.name)(import_mill)


def import_mill(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…|FOLDER…",
            exists=True,
            readable=True,
            help="Of a folder its CSV, TSV, TXT, or XLSX.",
        ),
    ],
    kind: Annotated[
        MillKind, typer.Option(help="What the files are; auto: by their names and columns.")
    ] = MillKind.auto,
    mode: Annotated[
        MillMode, typer.Option(help="strict: one error and nothing is written; lenient: good rows are.")
    ] = MillMode.strict,
    snapshot_date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day the files speak of; else today at the mill."),
    ] = None,
    lead_unit: Annotated[
        LeadUnit | None, typer.Option(help="Unit of the lead times of suppliers: their file does not say.")
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Take a snapshot that lacks more than a fifth.")
    ] = False,
    close_missing: Annotated[
        bool, typer.Option("--close-missing", help="Open knit orders that the file lacks are completed.")
    ] = False,
    normalise: Annotated[
        bool, typer.Option("--normalise", help="Scale recipes that add to nearly 1 to 1.")
    ] = False,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook; else the first filled one.")] = None,
) -> None:
    """Import files of the ERP (CSV, XLSX): what others refer to is read first; each whole or not at all.

    Exit code 1 when rows were rejected or a file cannot be used.
    """
    params = {
        "mode": mode.value,
        "snapshot_date": _come(snapshot_date),
        "lead_unit": None if lead_unit is None else lead_unit.value,
        "allow_shrink": allow_shrink,
        "close_missing": close_missing,
        "normalise": normalise,
        "sheet": sheet,
    }
    run(_import(files_of(paths), kind.value, params))


def _come(day: datetime | None) -> str | None:
    """The day of a snapshot; refused before a file is opened where it has not come at the mill."""
    if day is None:
        return None
    try:
        require_come(load_settings().mill, day.date())
    except Invalid as error:
        raise refuse(error.detail) from None
    return day.date().isoformat()


def files_of(paths: list[Path]) -> list[Path]:
    """The files named, and those of each folder named: where a file lies there as CSV and XLSX, the CSV."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        within = {one.stem: one for one in sorted(path.iterdir(), reverse=True) if is_readable(one)}
        if not within:
            raise refuse(f"{path} has no CSV, TSV, TXT or XLSX file")
        found += [within[name] for name in sorted(within)]
    return found


async def _import(paths: list[Path], kind: str, params: dict[str, Any]) -> None:
    # All files are looked at before the first is stored: what is no file of ours is known at once.
    known = [(kind if kind != "auto" else _kind_of(path), path) for path in paths]
    chosen = sorted(((of, path) for of, path in known if of), key=lambda one: ORDER.index(one[0]))
    if len(chosen) < len(paths):
        raise typer.Exit(1)
    async with opened_beside(load_settings()) as runtime:
        well = [await _import_one(runtime, path, {**params, "kind": of}) for of, path in chosen]
    if not all(well):
        raise typer.Exit(1)


def _kind_of(path: Path) -> str:
    """What a file is; empty, and said, where it is nothing that can be read."""
    try:
        found = recognised(path)
    except ServiceError as error:
        say(f"{path.name}: {error.detail}")
        return ""
    if found is None:
        say(
            f"{path.name}: its columns are of no kind of file; say which with --kind, and it tells what lacks"
        )
    return found or ""


async def _import_one(runtime: Runtime, path: Path, params: dict[str, Any]) -> bool:
    """Import a file, show what came of it, and whether all rows went in."""
    upload = uploads.copied(runtime.settings, path)
    try:
        row = await in_turn(
            runtime, "mill.import", {**params, "name": path.name[:LONGEST_NAME], "upload": upload}
        )
    except ServiceError as error:
        say(*sentences(error))
        uploads.upload_path(runtime.settings, upload).unlink(missing_ok=True)
        return False
    if row.result is None:
        say(f"{path.name}: {(row.error or {}).get('detail', f'the run {row.state}')}")
        return False
    report = MillImportReport.model_validate(row.result)
    out.print(f"{path.name}: {_said(report)}", markup=False)
    _show(report)
    return report.status == "done" and not report.rows_rejected


def _said(report: MillImportReport) -> str:
    rows = (
        f"{report.kind}, {report.rows_read:,} rows: {report.rows_ok:,} ok, "
        f"{report.rows_repaired:,} repaired, {report.rows_rejected:,} rejected"
    )
    if report.repeated:
        return f"{rows}; the same file is in force already (import {report.job_id}): nothing written"
    if report.status == "refused":
        remedy = "; correct it, or take the good rows with --mode lenient" if report.mode == "strict" else ""
        return f"{rows}; refused, nothing written (import {report.job_id}){remedy}"
    if report.mode == "dry_run":
        strictly = (
            f"a strict import is refused by {report.strict_errors:,}" if report.strict_errors else "well"
        )
        return f"{rows}; a dry run, nothing written; {strictly}"
    stored = ", ".join(
        f"{count:,} {word.replace('_', ' ')}" for word, count in report.stored.items() if count
    )
    return f"{rows}; {stored or 'nothing changed'} (import {report.job_id})"


def _show(report: MillImportReport) -> None:
    """The first messages, how many there are of each code, and where all are."""
    if report.repeated or not report.counts:
        return
    if report.errors:
        err.print(_table(report.errors), width=None if err.is_terminal else WIDE)
    counts = ", ".join(f"{count:,} {code}" for code, count in report.counts.items())
    say(f"{counts}; all of them: {report.messages_link}?format=csv")


def _table(messages: list[MillImportMessage]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("row", "column", "code", "", "found", "used", "message"):
        table.add_column(title, no_wrap=title != "message")
    for one in sorted(messages, key=lambda one: one.severity != "error")[:SHOWN]:
        cells = (
            one.column or "", one.code, one.severity, (one.raw or "")[:40], (one.used or "")[:40],
            one.message,
        )  # fmt: skip
        table.add_row(
            str(one.row or "-"), *(escape(cell[:40] if at < 5 else cell) for at, cell in enumerate(cells))
        )
    return table
