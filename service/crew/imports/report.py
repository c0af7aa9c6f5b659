"""An availability report → an observation of each of its days (spec A.9, D.3: source `report`)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import orjson

from service.core.telemetry import get_logger
from service.crew.days.applying import apply_in
from service.crew.days.observation import Observation
from service.crew.files.report import Report, Row, read_report
from service.crew.imports.work import Work
from service.crew.queries import applying, scopes
from service.crew.queries.profiles import ProfileRow, select_profiles
from service.crew.rules.codes import Codes
from service.crew.rules.grid import AVAILABLE, UNKNOWN, Contract, CrewRow, DayGrid, Finding
from service.crew.rules.labels import covers_day
from service.crew.rules.names import name_key
from service.reporting.files.findings import finding

REPORT_VERSION: Final = 1
"""Raised whenever the same report would be read otherwise."""
log = get_logger(__name__)


async def store(work: Work) -> None:
    """Read the report and, unless a rejected row refuses it, put each of its days in force that is newer."""
    runtime = work.context.runtime
    report = await runtime.compute.in_thread(read_report, work.path)
    work.rows = report.rows
    work.findings.add(report.told)
    codes = Codes(runtime.settings.crew.codes)
    known = await select_profiles(work.conn, work.station.id)
    days = [(day, _grid(work, report, day, rows, codes, known)) for day, rows in report.days.items() if rows]
    _tell_codes(work, codes)
    if work.refused:
        return
    for done, (day, grid) in enumerate(days, 1):
        await _apply(work, day, grid)
        await work.context.progress(done, len(days), "days", "storing")


async def _apply(work: Work, day: date, grid: DayGrid) -> None:
    params = work.context.params
    await applying.lock_day(work.conn, work.station.id, day)
    said = [[name_key(row.name), [(cell.state, cell.reason) for cell in row.cells]] for row in grid.crew]
    observation = Observation(
        station=work.station,
        day=day,
        fetched_at=params.as_of,
        sha256=hashlib.sha256(orjson.dumps([grid.labels, sorted(said)])).digest(),
        parser_version=REPORT_VERSION,
        source="report",
        grid=grid,
        run_id=work.context.run_id,
    )
    outcome = await apply_in(work.conn, work.context.runtime.settings.crew, observation)
    work.came[outcome.came] += 1
    if outcome.came == "applied":
        work.scopes |= set(scopes.touched(work.station.code, [day], people=outcome.people))


def _grid(
    work: Work,
    report: Report,
    day: date,
    rows: Sequence[Row],
    codes: Codes,
    known: Mapping[str, ProfileRow],
) -> DayGrid:
    head = report.head
    short = [row.line for row in rows if len(row.texts) < len(head.labels)]
    found = [Finding("short_row", {"in_all": len(short)})] if short else []
    if not covers_day(head.labels, head.resolution, day, work.station.zone):
        found.append(Finding("partial_day", {"first": head.labels[0], "labels": len(head.labels)}))
    crew = tuple(_person(row, len(head.labels), codes, known.get(name_key(row.name))) for row in rows)
    return DayGrid(head.labels, head.resolution, crew, findings=tuple(found))


def _person(row: Row, count: int, codes: Codes, known: ProfileRow | None) -> CrewRow:
    """A report says nothing of role, skills and contract: what is known of them stays."""
    said = [AVAILABLE if text == "" else codes.cell(text) for text in row.texts]
    cells = (*said, *(UNKNOWN,) * (count - len(said)))
    if known is None:
        return CrewRow(row.name, None, Contract(), (), cells)
    contract = Contract(known.contract_hours, known.booked_hours, known.contract_raw or "")
    return CrewRow(known.grid_name, known.role, contract, known.skills, cells)


def _tell_codes(work: Work, codes: Codes) -> None:
    told = [
        finding(1, None, "unknown_code", f"{code!r} stands in {count} slots: taken as unavailable", "warning")
        for code, count in codes.unknown.most_common(20)
    ]
    work.findings.add(told)
