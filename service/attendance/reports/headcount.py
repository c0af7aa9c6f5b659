"""Who is in, per site: the last punch is an entry and the window of its shift is open (spec F.5).

The answer to "now" changes by itself when a shift ends or its window closes; until then copies of it stand.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.attendance.queries.completeness import select_zone
from service.attendance.queries.headcount import select_punched
from service.attendance.reports.frame import Frame, checkins_link
from service.attendance.reports.periods import choose, scopes_of
from service.attendance.reports.standing import standing_at
from service.attendance.rules.headcount import is_in
from service.attendance.rules.zones import site_instant
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, NotFound
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.attendance.total_reports import (
    HeadcountParams,
    HeadcountPersonParams,
    HeadcountRow,
)
from service.schemas.envelope import Explanation, ExplanationInput

_SECOND = timedelta(seconds=1)
NO_SITE = "(none)"


def by_date(params: HeadcountParams, context: BuildContext) -> HeadcountParams:
    """Without an instant or a date, today's: the versions an answer stands on are those of a month."""
    if params.at is not None or params.day is not None:
        return params
    zone = ZoneInfo(context.settings.upstream.frappe.time_zone or "UTC")
    return params.model_copy(update={"day": context.now.astimezone(zone).date()})


def scopes_at(params: HeadcountParams) -> list[str]:
    """The data versions of the dates on either side of the instant."""
    if params.at is None:
        return scopes_of(_around(params, params.day, params.day))
    day = params.at.date()
    return scopes_of(_around(params, day, day + timedelta(days=1)))


def _around(params: HeadcountParams, first: Any, last: Any) -> PeopleFilter:
    """The people of the parameters on these dates and the date before: night shifts began on it."""
    names = ("site", "company", "department", "person", "rule_set")
    people = {name: getattr(params, name) for name in names}
    return PeopleFilter(from_=first - timedelta(days=1), to=last, **people)


async def headcount(conn: ReadConnection, params: HeadcountParams, context: BuildContext) -> Built:
    """Rows by the people's numbers; raises `Invalid` for an instant that lies ahead."""
    zone, at = await _instant(conn, params, context)
    frame = await _frame(conn, params, context, zone, at)
    found = [row for row in await select_punched(conn, frame.days, at) if _inside(row, zone, at)]
    people = {person.id: person for person in frame.chosen.people}
    rows = sorted(
        (_row(row, people[row.person_id], zone, at) for row in found), key=lambda row: row["person"]
    )
    asked_now = params.at is None and at == context.now
    return frame.built(rows, _summary(rows), next_change=_next_change(found, zone, at) if asked_now else None)


def _next_change(rows: Sequence[Row[Any]], zone: ZoneInfo, now: datetime) -> datetime:
    """When "now" reads differently with the same data: somebody's end, or midnight, which makes it past."""
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time())
    midnight = site_instant(tomorrow, zone)
    assert midnight is not None
    ends = [end for row in rows for end in _changes(row, zone) if end > now]
    return min([midnight, *ends])


async def _instant(
    conn: ReadConnection, params: HeadcountParams, context: BuildContext
) -> tuple[ZoneInfo, datetime]:
    """The zone of the clocks, and the instant of the head count."""
    zone = ZoneInfo(await select_zone(conn) or "UTC")
    at = params.at or context.now
    if params.day is not None and params.day != context.now.astimezone(zone).date():
        at = site_instant(datetime.combine(params.day, time(23, 59, 59)), zone) or at
    if at > context.now:
        detail = "this lies ahead; nobody knows yet who will be in"
        pointer = "/query/at" if params.at else "/query/day"
        raise Invalid(detail, errors=[FieldError(pointer, "in_the_future", detail)])
    return zone, at


async def _frame(
    conn: ReadConnection, params: HeadcountParams, context: BuildContext, zone: ZoneInfo, at: datetime
) -> Frame:
    day = at.astimezone(zone).date()
    chosen = await choose(conn, _around(params, day, day), context)
    return Frame(chosen, *await standing_at(conn, chosen, at))


def _changes(row: Row[Any], zone: ZoneInfo) -> list[datetime]:
    """When a row becomes overdue, and when it is no longer counted."""
    ends = [site_instant(row.shift_end, zone), site_instant(row.window_end + _SECOND, zone)]
    return [end for end in ends if end is not None]


def _inside(row: Row[Any], zone: ZoneInfo, at: datetime) -> bool:
    return is_in(row.types) and at < _changes(row, zone)[-1]


def _row(row: Row[Any], person: Row[Any], zone: ZoneInfo, at: datetime) -> dict[str, Any]:
    ends = site_instant(row.shift_end, zone)
    return {
        "person": person.number,
        "person_name": person.name,
        "site": person.site,
        "department": person.department,
        "at_site": row.device_site or person.site,
        "device": row.device,
        "shift": row.shift,
        "since": row.instants[-1],
        "shift_end": ends,
        "overdue": ends is not None and at >= ends,
    }


def _summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    by_site = Counter(row["at_site"] or NO_SITE for row in rows)
    return {
        "in": len(rows),
        "overdue": sum(row["overdue"] for row in rows),
        "by_site": dict(sorted(by_site.items())),
    }


async def explain_presence(
    conn: ReadConnection, params: HeadcountPersonParams, context: BuildContext
) -> Explanation:
    """Why somebody is in or not: the punches up to the instant and the shift they belong to."""
    zone, at = await _instant(conn, params, context)
    frame = await _frame(conn, params, context, zone, at)
    found = await select_punched(conn, frame.days, at)
    if not found:
        raise NotFound(f"{params.person} has no punch up to {at.isoformat()} that counts")
    row, person = found[0], frame.chosen.people[0]
    return Explanation(
        subject=f"{person.name} ({person.number}) at {at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        value="in" if _inside(row, zone, at) else "out",
        rule="In while the last punch is an entry (IN; without types the first, third, …) and the window of "
        "its shift is open.",
        rule_version=frame.chosen.rule_set.key,
        threshold={"window_end": row.window_end.isoformat()},
        inputs=[_punch(person.number, *pair) for pair in zip(row.times, row.types, strict=True)],
        gaps=list(frame.completeness.gaps),
    )


def _punch(number: str, local: datetime, log_type: str | None) -> ExplanationInput:
    name = f"check-in {local.isoformat()}"
    return ExplanationInput(name=name, value=log_type or "no type", link=checkins_link(number, local.date()))


HEADCOUNT: Report[HeadcountParams, HeadcountRow] = Report(
    name="headcount",
    title="Head count",
    titles={"es": "Personal presente"},
    description="Who is in now, or was at an instant, and where: last punch an entry, shift still running.",
    params=HeadcountParams,
    row=HeadcountRow,
    build=headcount,
    scope=scopes_at,
    resolve=by_date,
    explain=explain_presence,
    explain_params=HeadcountPersonParams,
    explain_example={
        "params": {"person": "HR-EMP-00044", "at": "2026-10-07T10:00:00+05:30"},
        "answer": {
            "subject": "Ana Pérez (HR-EMP-00044) at 2026-10-07 10:00:00",
            "value": "in",
            "rule": "In while the last punch is an entry and the window of its shift is open.",
            "rule_version": "recommended/1",
            "threshold": {"window_end": "2026-10-07T23:59:59"},
            "inputs": [{"name": "check-in 2026-10-07T08:02:11", "value": "IN"}],
        },
    },
    labels={
        "es": {
            "person": "Número",
            "person_name": "Nombre",
            "site": "Sucursal",
            "department": "Departamento",
            "at_site": "Está en",
            "device": "Checador",
            "shift": "Turno",
            "since": "Desde",
            "shift_end": "Fin del turno",
            "overdue": "Turno terminado",
        }
    },
    example={
        "params": {"site": "Villas", "at": "2026-10-07T10:00:00+05:30"},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "at_site": "Villas",
                "device": "villas-gate-1",
                "shift": "Day 08-17",
                "since": "2026-10-07T02:32:11Z",
                "shift_end": "2026-10-07T11:30:00Z",
                "overdue": False,
            }
        ],
        "summary": {"in": 1, "overdue": 0, "by_site": {"Villas": 1}},
    },
    lifetime=timedelta(minutes=15),
)
