"""Corrections and weekly schedules as lists."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, or_, select

from service.attendance.models import Correction, Person, ShiftType, WeeklySchedule
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, rows
from service.attendance.queries.browse.people import require_person
from service.attendance.queries.browse.visible import Visible, visible_to
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.core.paging import SortKey
from service.schemas.attendance.decisions import CorrectionsListAsk, SchedulesListAsk
from service.schemas.attendance.entities import WindowAsk

_CORRECTION, _WEEKLY = Correction.__table__.c, WeeklySchedule.__table__.c


def _plainly(row: Any) -> Mapping[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping


CORRECTIONS: Final = Shelf(
    name="attendance.corrections",
    keys=(SortKey("id", _CORRECTION.id, descending=True),),
    one=_CORRECTION.id,
    read=rows,
    shown=_plainly,
)
SCHEDULES: Final = Shelf(
    name="attendance.schedules",
    keys=(SortKey("id", _WEEKLY.id),),
    one=_WEEKLY.id,
    read=rows,
    shown=_plainly,
)


async def list_corrections(conn: ReadConnection, asking: Asking, ask: CorrectionsListAsk) -> Listed:
    """A page of corrections about the days of the window, newest first.

    Raises `SiteNotAllowed`, or `Invalid` for a site or person that does not exist.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = _corrections().where(*visible.people)
    statement = await _of_person(conn, visible, ask, statement)
    if ask.from_ is not None:
        statement = statement.where(_CORRECTION.work_date >= ask.from_)
    if ask.to is not None:
        statement = statement.where(_CORRECTION.work_date <= ask.to)
    if ask.kind is not None:
        statement = statement.where(_CORRECTION.kind == ask.kind)
    if ask.standing is not None:
        revoked = _CORRECTION.revoked_at.is_(None)
        statement = statement.where(revoked if ask.standing else ~revoked)
    return await CORRECTIONS.page(conn, asking, ask, statement)


async def find_correction(conn: ReadConnection, visible: Visible, correction_id: int) -> Mapping[str, Any]:
    """One correction. Raises `NotFound`, also for somebody of a site that the caller may not see."""
    statement = _corrections().where(_CORRECTION.id == correction_id, *visible.people)
    row = (await conn.execute(statement)).one_or_none()
    if row is None:
        raise NotFound(f"there is no correction {correction_id}")
    return _plainly(row)


async def list_schedules(conn: ReadConnection, asking: Asking, ask: SchedulesListAsk) -> Listed:
    """A page of weekly schedules that hold on a date of the window, or of all.

    Raises `SiteNotAllowed`, or `Invalid` for a site or person that does not exist.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = await _of_person(conn, visible, ask, _schedules().where(*visible.people))
    if ask.from_ is not None:
        statement = statement.where(or_(_WEEKLY.valid_to.is_(None), _WEEKLY.valid_to >= ask.from_))
    if ask.to is not None:
        statement = statement.where(_WEEKLY.valid_from <= ask.to)
    return await SCHEDULES.page(conn, asking, ask, statement)


async def find_schedules(conn: ReadConnection, visible: Visible, ids: list[int]) -> list[Mapping[str, Any]]:
    """Rows of weekly schedules by id, in order; those that the caller may not see are left out."""
    statement = _schedules().where(_WEEKLY.id.in_(ids), *visible.people).order_by(_WEEKLY.id)
    return [_plainly(row) for row in (await conn.execute(statement)).all()]


async def _of_person(
    conn: ReadConnection, visible: Visible, ask: WindowAsk, statement: Select[Any]
) -> Select[Any]:
    if ask.person is None:
        return statement
    return statement.where(Person.id.in_(await require_person(conn, visible, ask.person)))


def _corrections() -> Select[Any]:
    own = (
        "id kind status status_before local_time log_type incident reason created_by created_at revoked_by "
        "revoked_at revoked_reason"
    )
    return (
        select(
            *[_CORRECTION[name] for name in own.split()],
            _CORRECTION.work_date.label("day"),
            _CORRECTION.shift_seq.label("shift"),
            Person.upstream_name.label("person"),
            Person.name.label("person_name"),
        )
        .select_from(Correction)
        .join(Person, Person.id == _CORRECTION.person_id)
    )


def _schedules() -> Select[Any]:
    own = "id weekday half priority valid_from valid_to created_by created_at"
    return (
        select(
            *[_WEEKLY[name] for name in own.split()],
            Person.upstream_name.label("person"),
            Person.name.label("person_name"),
            ShiftType.name.label("shift_type"),
            ShiftType.start_time,
            ShiftType.end_time,
        )
        .select_from(WeeklySchedule)
        .join(Person, Person.id == _WEEKLY.person_id)
        .join(ShiftType, ShiftType.id == _WEEKLY.shift_type_id)
    )
