"""Day results, as they are stored, with the names of what they refer to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from service.attendance.models import Day, DirtyDay, Holiday, LeaveType, Person, ShiftType, Site
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, decimal_text, rows
from service.attendance.queries.browse.people import require_department, require_person
from service.attendance.queries.browse.rule_sets import choose_rules
from service.attendance.queries.browse.visible import visible_to
from service.attendance.rules.codes import Incident, PendingReason, incident_names
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.core.paging import SortKey
from service.schemas.attendance import DaysAsk

_DAY = Day.__table__.c
_AS_STORED: Final = (
    "work_date", "shift_seq", "schedule_source", "status", "base_status", "code", "other_half",
    "shift_start", "shift_end", "window_start", "window_end", "first_in", "last_out",
    "punch_count", "punches", "gross_seconds", "break_seconds", "worked_seconds", "expected_seconds",
    "expected_net_seconds", "deducted_seconds", "difference_seconds", "overtime_seconds",
    "late", "late_seconds", "late_minutes", "late_counted", "late_forgiven",
    "early", "early_seconds", "early_minutes",
)  # fmt: skip


def day_shown(row: Any) -> Mapping[str, Any]:
    """A day as the wire has it; the rule set stands on the list, not in its rows."""
    shown = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping
    del shown["person_id"]
    shown["hours"] = decimal_text(shown.pop("hours_hundredths"))
    leave = shown.pop("leave_hundredths")
    shown["leave_fraction"] = decimal_text(leave) if leave else None
    reason = PendingReason(shown["pending_reason"])
    shown["pending_reason"] = reason.name if reason else None
    shown["incidents"] = incident_names(shown["incidents"])
    return shown


DAYS: Final = Shelf(
    name="attendance.days",
    keys=(
        SortKey("work_date", _DAY.work_date),
        SortKey("person_id", _DAY.person_id),
        SortKey("shift_seq", _DAY.shift_seq),
    ),
    one=_DAY.person_id,
    read=rows,
    shown=day_shown,
)


async def list_days(conn: ReadConnection, asking: Asking, ask: DaysAsk) -> Listed:
    """A page of the day results of the window `ask.from_` to `ask.to` (both given), by date.

    Raises `SiteNotAllowed`, or `Invalid` for a site, person, department, incident or rule set that does not
    exist.
    """
    rules = await choose_rules(conn, ask.rule_set)
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = _days().where(
        _DAY.rule_set_id == rules.id, _DAY.work_date.between(ask.from_, ask.to), *visible.people
    )
    if ask.person is not None:
        statement = statement.where(_DAY.person_id.in_(await require_person(conn, visible, ask.person)))
    if ask.department is not None:
        await require_department(conn, visible, ask.department)
        statement = statement.where(Person.department == ask.department)
    if ask.status is not None:
        statement = statement.where(_DAY.status == ask.status)
    if ask.incident is not None:
        statement = statement.where(_DAY.incidents.op("&")(_incident(ask.incident)) != 0)
    listed = await DAYS.page(conn, asking, ask, statement)
    items = [{**item, "rule_set": rules.key} for item in listed.items]
    return replace(listed, items=items, rules_version=rules.key)


async def count_dirty(conn: ReadConnection, asking: Asking, ask: DaysAsk) -> int:
    """How many person-days of the window that one may see wait to be recomputed."""
    visible = await visible_to(conn, asking.caller, ask.site)
    waiting = (
        select(func.count())
        .select_from(DirtyDay)
        .join(Person, Person.id == DirtyDay.person_id)
        .where(DirtyDay.work_date.between(ask.from_, ask.to), *visible.people)
    )
    return (await conn.execute(waiting)).scalar_one()


async def count_undecided(conn: ReadConnection, asking: Asking, ask: DaysAsk) -> tuple[int, int]:
    """Person-days asked for that are not decided yet, and those that have no result at all."""
    rules = await choose_rules(conn, ask.rule_set)
    people = await _people(conn, asking, ask)
    everybody = await conn.scalar(
        select(func.count()).select_from(Person).where(Person.deleted_at.is_(None), *people)
    )
    last = int(PendingReason.UPSTREAM_NOT_THERE_YET)  # what is pending beyond it is final
    undecided = (_DAY.status == "PENDING") & (_DAY.pending_reason <= last)
    counted = (
        select(
            func.count().filter(undecided).label("pending"),
            func.count().filter(_DAY.shift_seq == 0).label("there"),
        )
        .select_from(Day)
        .join(Person, Person.id == _DAY.person_id)
        .where(
            _DAY.rule_set_id == rules.id,
            _DAY.work_date.between(ask.from_, ask.to),
            Person.deleted_at.is_(None),
            *people,
        )
    )
    row = (await conn.execute(counted)).one()
    assert ask.from_ is not None
    assert ask.to is not None
    return row.pending, (everybody or 0) * ((ask.to - ask.from_).days + 1) - row.there


async def _people(conn: ReadConnection, asking: Asking, ask: DaysAsk) -> list[ColumnElement[bool]]:
    """Whose days are asked for; names that are not there were refused before."""
    people = [*(await visible_to(conn, asking.caller, ask.site)).people]
    if ask.person is not None:
        people.append(Person.upstream_name == ask.person)
    if ask.department is not None:
        people.append(Person.department == ask.department)
    return people


def _days() -> Select[Any]:
    return (
        select(
            _DAY.person_id,
            Person.upstream_name.label("person"),
            Person.name.label("person_name"),
            Site.name.label("site"),
            Person.department,
            ShiftType.name.label("shift"),
            LeaveType.name.label("leave_type"),
            func.nullif(Holiday.description, "").label("holiday"),
            _DAY.hours_hundredths,
            _DAY.leave_hundredths,
            _DAY.pending_reason,
            _DAY.incidents,
            *(_DAY[name] for name in _AS_STORED),
        )
        .select_from(Day)
        .join(Person, Person.id == _DAY.person_id)
        .outerjoin(Site, Site.id == Person.site_id)
        .outerjoin(ShiftType, ShiftType.id == _DAY.shift_type_id)
        .outerjoin(LeaveType, LeaveType.id == _DAY.leave_type_id)
        .outerjoin(Holiday, Holiday.id == _DAY.holiday_id)
    )


def _incident(name: str) -> int:
    known = Incident.__members__
    if name not in known:
        raise unknown_value("/query/incident", "incident", name, known)
    return int(known[name])
