"""What each small document type becomes, and which days of whom a change of it puts in doubt."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.attendance import models
from service.attendance.queries import marks
from service.attendance.queries.marks import Span
from service.attendance.queries.mirror import Change
from service.attendance.upstream import documents, translate
from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.translate import Names
from service.attendance.upstream.values import beside
from service.core.database import ReadConnection

Spans = Callable[[ReadConnection, Change], Awaitable[list[Span]]]
_JUDGED_OF_PERSON = frozenset(
    {
        "status",
        "company_id",
        "joined_on",
        "left_on",
        "created_on",
        "holiday_list_id",
        "default_shift_type_id",
        "deleted_at",
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one small document type is mirrored.

    `kind` names its ids among the links. `listed`: it is short and read as a whole every time, so that a
    deletion shows at once; others are followed by `modified`.
    """

    doctype: Doctype[Any]
    model: type[Any]
    translate: Callable[[Any, Names], translate.Row]
    spans: Spans
    kind: str | None = None
    listed: bool = False


async def _nothing(_: ReadConnection, __: Change) -> list[Span]:
    return []


async def _person(_: ReadConnection, change: Change) -> list[Span]:
    if not change.changed & _JUDGED_OF_PERSON:
        return []
    start = change.after["joined_on"] if change.before is None else None
    return [Span(change.id, start, None, "person")]


async def _assignment(_: ReadConnection, change: Change) -> list[Span]:
    return [
        # A night shift of the last day reaches into the next (spec D.3).
        Span(row["person_id"], beside(row["start_date"], -1), _later(row["end_date"]), "assignment")
        for row in _rows(change)
    ]


async def _dated(_: ReadConnection, change: Change) -> list[Span]:
    return [
        Span(row["person_id"], beside(row["from_date"], -1), beside(row["to_date"], 1), change_cause(row))
        for row in _rows(change)
    ]


def change_cause(row: Mapping[str, Any]) -> str:
    """The word that says why a day was put in doubt."""
    return "leave" if "leave_type_id" in row else "request"


async def _shift_type(conn: ReadConnection, change: Change) -> list[Span]:
    people = await marks.people_of_shift_type(conn, change.id)
    judged = change.changed - {"upstream_modified", "last_sync"}
    if change.before is not None and not judged:
        if "last_sync" not in change.changed:
            return []
        # Frappe moves it every hour: only the days it passed can be judged anew, one more for night shifts.
        moments = [row["last_sync"] for row in _rows(change)]
        start = beside(min(moments).date(), -2) if all(moments) else None
        return [Span(person, start, None, "shift type") for person in people]
    return [Span(person, None, None, "shift type") for person in people]


async def _leave_type(conn: ReadConnection, change: Change) -> list[Span]:
    if change.before is None or not change.changed & {"unpaid", "include_holiday"}:
        return []
    leaves = await marks.leaves_of_type(conn, change.id)
    return [Span(person, start, end, "leave type") for person, start, end in leaves]


async def _company(conn: ReadConnection, change: Change) -> list[Span]:
    if change.before is None or "holiday_list_id" not in change.changed:
        return []
    people = await marks.people_of_company(conn, change.id)
    return [Span(person, None, None, "company holidays") for person in people]


async def _holiday_assignment(conn: ReadConnection, change: Change) -> list[Span]:
    spans: list[Span] = []
    for row in _rows(change):
        people = [row["person_id"]]
        if row["person_id"] is None:
            people = await marks.people_of_company(conn, row["company_id"])
        spans += [Span(person, row["from_date"], None, "holiday list") for person in people]
    return spans


def _rows(change: Change) -> list[Mapping[str, Any]]:
    return [row for row in (change.before, change.after) if row is not None]


def _later(day: date | None) -> date | None:
    return None if day is None else beside(day, 1)


COMPANY = Plan(documents.COMPANY, models.Company, translate.company, _company, "companies", listed=True)
SITE = Plan(documents.BRANCH, models.Site, translate.site, _nothing, "sites", listed=True)
LEAVE_TYPE = Plan(
    documents.LEAVE_TYPE, models.LeaveType, translate.leave_type, _leave_type, "leave_types", listed=True
)
SHIFT_TYPE = Plan(
    documents.SHIFT_TYPE, models.ShiftType, translate.shift_type, _shift_type, "shift_types", listed=True
)
PERSON = Plan(documents.EMPLOYEE, models.Person, translate.person, _person, "people")
ASSIGNMENT = Plan(documents.SHIFT_ASSIGNMENT, models.ShiftAssignment, translate.shift_assignment, _assignment)
LEAVE = Plan(documents.LEAVE, models.Leave, translate.leave, _dated)
REQUEST = Plan(documents.REQUEST, models.AttendanceRequest, translate.request, _dated)
HOLIDAY_LIST = Plan(
    documents.HOLIDAY_LIST, models.HolidayList, translate.holiday_list, _nothing, "holiday_lists", listed=True
)
HOLIDAY_ASSIGNMENT = Plan(
    documents.HOLIDAY_LIST_ASSIGNMENT,
    models.HolidayListAssignment,
    translate.holiday_list_assignment,
    _holiday_assignment,
    listed=True,
)
# Links point backwards only: what is linked to is read first, what stands side by side is read at once.
STAGES: tuple[tuple[Plan, ...], ...] = (
    (HOLIDAY_LIST, SITE, LEAVE_TYPE),
    (COMPANY, SHIFT_TYPE),
    (PERSON,),
    (ASSIGNMENT, LEAVE, REQUEST, HOLIDAY_ASSIGNMENT),
)
SMALL: tuple[Plan, ...] = tuple(plan for stage in STAGES for plan in stage)
