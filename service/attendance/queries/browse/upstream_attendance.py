"""The upstream's own attendance."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, select

from service.attendance.models import Person, Site, UpstreamAttendance
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, rows
from service.attendance.queries.browse.people import require_person
from service.attendance.queries.browse.visible import visible_to
from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.schemas.attendance import UpstreamAttendanceAsk

_THEIRS = UpstreamAttendance.__table__.c


def upstream_attendance_shown(row: Any) -> Mapping[str, Any]:
    """A row as the wire has it."""
    shown = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's mapping
    shown["submitted"] = shown.pop("docstatus") == 1
    return shown


UPSTREAM_ATTENDANCE: Final = Shelf(
    name="attendance.upstream_attendance",
    keys=(SortKey("day", _THEIRS.day), SortKey("id", _THEIRS.id)),
    one=_THEIRS.id,
    read=rows,
    shown=upstream_attendance_shown,
)


async def list_upstream_attendance(
    conn: ReadConnection, asking: Asking, ask: UpstreamAttendanceAsk
) -> Listed:
    """A page of the upstream's attendance of the window `ask.from_` to `ask.to` (both given), by date.

    Raises `SiteNotAllowed`, or `Invalid` for a site or person that does not exist.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = _theirs().where(
        _THEIRS.day.between(ask.from_, ask.to), _THEIRS.deleted_at.is_(None), *visible.people
    )
    if ask.person is not None:
        statement = statement.where(_THEIRS.person_id.in_(await require_person(conn, visible, ask.person)))
    if ask.status is not None:
        statement = statement.where(_THEIRS.status == ask.status)
    return await UPSTREAM_ATTENDANCE.page(conn, asking, ask, statement)


def _theirs() -> Select[Any]:
    return (
        select(
            _THEIRS.id,
            _THEIRS.upstream_name.label("name"),
            Person.upstream_name.label("person"),
            Person.name.label("person_name"),
            Site.name.label("site"),
            _THEIRS.day,
            _THEIRS.status,
            _THEIRS.other_half,
            _THEIRS.shift_name.label("shift"),
            _THEIRS.hours,
            _THEIRS.in_time,
            _THEIRS.out_time,
            _THEIRS.late,
            _THEIRS.early,
            _THEIRS.leave_type,
            _THEIRS.docstatus,
        )
        .select_from(UpstreamAttendance)
        .outerjoin(Person, Person.id == _THEIRS.person_id)
        .outerjoin(Site, Site.id == Person.site_id)
    )
