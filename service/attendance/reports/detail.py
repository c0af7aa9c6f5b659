"""The detail (spec A.12): a row for each person, day and shift, with its punches in numeric order."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Row

from service.attendance.queries.detail import select_detail_totals, stream_detail
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.detail_workbook import WORKBOOK, placed_punches
from service.attendance.reports.explain import explain_cell
from service.attendance.reports.monthly_sheet import EXPLANATION
from service.attendance.reports.original_words import COLUMNS, incident_word, status_word, weekday_word
from service.attendance.reports.periods import Chosen, choose, period_of, resolved, scopes_of
from service.attendance.reports.standing import standing
from service.attendance.reports.statistics import statistics
from service.attendance.rules.codes import Incident, incident_names
from service.core.database import ReadConnection
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import BuildContext, Built, Report, Streamed
from service.schemas.attendance.reports import DetailParams, DetailRow, MonthlySheetExplainParams

WITHOUT_HOURS: Final = frozenset({"REST", "REST_WORKED", "PENDING"})
"""Statuses of days on which no hours are expected, rather than none."""
_NAMING: Final = frozenset({"person", "person_name", "site", "day", "shift_seq", "weekday", "shift"})
_STATUSES: Final = frozenset({"status", "base_status", "adjusted_status"})


async def stream(conn: ReadConnection, params: DetailParams, context: BuildContext) -> Streamed:
    """Totals first, counted in the same snapshot, then the rows block by block."""
    chosen = await choose(conn, params, context)
    completeness, zone = await standing(conn, chosen)
    of = (chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    totals = await select_detail_totals(conn, *of)
    built = Built(
        rows=(),
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary=_summary(chosen, totals) | await statistics(conn, params, chosen),
    )
    return Streamed(built=built, blocks=_blocks(stream_detail(conn, *of)), total=totals.rows)


async def detail(conn: ReadConnection, params: DetailParams, context: BuildContext) -> Built:
    """All rows at once."""
    return await (await stream(conn, params, context)).gathered()


async def _blocks(found: AsyncIterator[Sequence[Row[Any]]]) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async for block in found:
        yield [_row(row) for row in block]


def _summary(chosen: Chosen, totals: Row[Any]) -> dict[str, Any]:
    window = {"from": chosen.start.isoformat(), "to": chosen.end.isoformat()}
    return {**window, **{name: int(value) for name, value in totals._mapping.items()}}  # noqa: SLF001  SQLAlchemy's way to names


def _row(day: Row[Any]) -> dict[str, Any]:
    punched = day.punch_count > 0
    justified = day.code == "L" and not day.incidents & Incident.WORKED_ON_LEAVE
    return {
        "person": day.person,
        "person_name": day.person_name,
        "site": day.site,
        "day": day.day,
        "shift_seq": day.shift_seq,
        "weekday": day.day.isoweekday(),
        "shift": day.shift,
        "shift_start": day.shift_start,
        "late_minutes": 0 if day.late_forgiven else day.late_minutes,
        "status": day.status,
        "late_forgiven": day.late_forgiven,
        "base_status": day.base_status,
        "base_late_minutes": day.late_minutes,
        "adjusted_status": "ABSENT_JUSTIFIED" if justified else day.status,
        "on_leave": day.leave_hundredths > 0,
        "leave_type": day.leave_type,
        "half_day_leave": day.leave_hundredths == 50,
        "absence_justified": justified,
        "shift_end": day.shift_end,
        "early": day.early,
        "expected_net_seconds": None if day.status in WITHOUT_HOURS else day.expected_net_seconds,
        "gross_seconds": day.gross_seconds if punched else None,
        "worked_seconds": day.worked_seconds if punched else None,
        "break_seconds": day.break_seconds if punched else None,
        "punches": list(day.punches),
        "incidents": incident_names(day.incidents),
    }


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """Columns in the predecessor's order: the first punch beside the lateness, the others at the end."""
    shown = [_shown(column, locale) for column in columns_of_row(DetailRow, DETAIL.labels_in(locale))]
    plain = [column for column in shown if column.key not in {"punches", "incidents", "shift_seq"}]
    at = next(place for place, column in enumerate(plain) if column.key == "late_minutes")
    punches = [_punch(number, locale) for number in range(1, max(1, answer["summary"]["most_punches"]) + 1)]
    last = [column for column in shown if column.key == "incidents"]
    return [*plain[:at], punches[0], *plain[at:], *punches[1:], *last]


def _shown(column: Column, locale: str) -> Column:
    explained = column if column.key in _NAMING else replace(column, explain={})
    if column.key in _STATUSES:
        return replace(explained, pick=partial(_status, column.key, locale), mark=partial(_mark, column.key))
    if column.key == "weekday":
        return replace(column, kind="text", pick=lambda row: weekday_word(row["weekday"], locale))
    if column.key == "incidents":
        return replace(explained, pick=partial(_incidents, locale))
    return replace(explained, kind="time") if column.key in {"shift_start", "shift_end"} else explained


def _status(key: str, locale: str, row: Mapping[str, Any]) -> str:
    return status_word(row[key], locale)


def _mark(key: str, row: Mapping[str, Any]) -> str:
    return _MARKS.get(row[key], "")


def _incidents(locale: str, row: Mapping[str, Any]) -> list[str]:
    return [incident_word(name, locale) for name in row["incidents"]]


def _punch(number: int, locale: str) -> Column:
    label = f"checado_{number}" if locale == "es" else f"Punch {number}"
    pick = partial(_nth_punch, number)
    return Column(key=f"punch_{number}", label=label, kind="time", pick=pick, explain={})


def _nth_punch(number: int, row: Mapping[str, Any]) -> Any:
    punches = placed_punches(row)
    return punches[number - 1] if number <= len(punches) else None


_MARKS: Final[Mapping[str, str]] = {
    "LATE": "late",
    "SEVERE_LATE": "absent",
    "ABSENT": "absent",
    "MISSING_IN": "late",
    "MISSING_OUT": "late",
    "ON_LEAVE": "leave",
    "HALF_DAY_LEAVE": "leave",
    "ABSENT_JUSTIFIED": "leave",
    "REST": "rest",
    "REST_WORKED": "rest",
    "HOLIDAY": "holiday",
    "HOLIDAY_WORKED": "holiday",
    "PENDING": "pending",
}

DETAIL: Report[DetailParams, DetailRow] = Report(
    name="detail",
    title="Attendance detail",
    titles={"es": "Detalle de asistencia"},
    description="Every day of every person with its punches, as the predecessor's detail file and workbook.",
    params=DetailParams,
    row=DetailRow,
    build=detail,
    stream=stream,
    scope=scopes_of,
    resolve=resolved,
    key=("person", "day", "shift"),
    period=period_of,
    causes=causes_of_days,
    columns=columns,
    labels={"es": COLUMNS},
    formats={"xlsx": WORKBOOK},
    explain=explain_cell,
    explain_params=MonthlySheetExplainParams,
    explain_example={"params": {"person": "HR-EMP-00044", "day": "2026-10-07"}, "answer": EXPLANATION},
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "day": "2026-10-07",
                "shift_seq": 0,
                "weekday": 3,
                "shift": "Day 08-17",
                "shift_start": "2026-10-07T08:00:00",
                "late_minutes": 0,
                "status": "LATE_FORGIVEN",
                "late_forgiven": True,
                "base_status": "LATE",
                "base_late_minutes": 22,
                "adjusted_status": "LATE_FORGIVEN",
                "on_leave": False,
                "leave_type": None,
                "half_day_leave": False,
                "absence_justified": False,
                "shift_end": "2026-10-07T17:00:00",
                "early": False,
                "expected_net_seconds": 32400,
                "gross_seconds": 32871,
                "worked_seconds": 32871,
                "break_seconds": 3600,
                "punches": [
                    "2026-10-07T08:22:11",
                    "2026-10-07T12:30:00",
                    "2026-10-07T13:30:00",
                    "2026-10-07T17:30:02",
                ],
                "incidents": [],
            }
        ],
        "summary": {
            "from": "2026-10-01",
            "to": "2026-10-31",
            "rows": 1,
            "people": 1,
            "most_punches": 4,
            "expected_net_seconds": 32400,
            "worked_seconds": 32871,
            "break_seconds": 3600,
        },
    },
    lifetime=timedelta(minutes=15),
)
