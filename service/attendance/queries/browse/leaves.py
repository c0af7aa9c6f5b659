"""Leave applications."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from service.attendance.models import Leave, LeaveType, Person
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, entities
from service.attendance.queries.browse.people import require_person
from service.attendance.queries.browse.visible import visible_to
from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.reporting.named import require_ids
from service.schemas.attendance import LeavesAsk

_LEAVE, _LEAVE_TYPE = Leave.__table__.c, LeaveType.__table__.c


def leave_shown(leave: Leave) -> Mapping[str, Any]:
    """A leave as the wire has it; a half day without its date is that of a leave of one day."""
    one_day = leave.from_date if leave.from_date == leave.to_date else None
    return {
        "id": leave.id,
        "name": leave.upstream_name,
        "person": leave.person.upstream_name,
        "person_name": leave.person.name,
        "leave_type": leave.leave_type.name,
        "unpaid": leave.leave_type.unpaid,
        "from_date": leave.from_date,
        "to_date": leave.to_date,
        "half_day_date": (leave.half_day_date or one_day) if leave.half_day else None,
        "half": leave.half,
        "status": leave.status,
        "submitted": leave.docstatus == 1,
    }


LEAVES: Final = Shelf(
    name="attendance.leaves",
    keys=(
        SortKey("from_date", _LEAVE.from_date, descending=True),
        SortKey("id", _LEAVE.id, descending=True),
    ),
    one=_LEAVE.id,
    read=entities,
    shown=leave_shown,
)


async def list_leaves(conn: ReadConnection, asking: Asking, ask: LeavesAsk) -> Listed:
    """A page of leaves, latest first.

    Raises `SiteNotAllowed`, or `Invalid` for a site, person or leave type that does not exist.
    """
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = (
        select(Leave)
        .join(Leave.person)
        .where(Leave.deleted_at.is_(None), *visible.people)
        .options(contains_eager(Leave.person), joinedload(Leave.leave_type))
    )
    if ask.person is not None:
        statement = statement.where(Person.id.in_(await require_person(conn, visible, ask.person)))
    if ask.leave_type is not None:
        pointer, columns = "/query/leave_type", (_LEAVE_TYPE.id, _LEAVE_TYPE.name)
        types = await require_ids(conn, *columns, ask.leave_type, pointer=pointer, what="leave type")
        statement = statement.where(Leave.leave_type_id.in_(types))
    if ask.from_ is not None:
        statement = statement.where(Leave.to_date >= ask.from_)
    if ask.to is not None:
        statement = statement.where(Leave.from_date <= ask.to)
    if ask.status is not None:
        statement = statement.where(Leave.status == ask.status)
    return await LEAVES.page(conn, asking, ask, statement)
