"""Which days of whom a change of a document puts in doubt (spec E.7)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final

from service.attendance.queries import marks
from service.attendance.queries.marks import Span
from service.attendance.queries.mirror import Change
from service.attendance.rules.dates import beside
from service.core.database import ReadConnection

SCHEDULE: Final = "weekly schedule"
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


async def nothing(_: ReadConnection, __: Change) -> list[Span]:
    """A document on which no day stands by itself."""
    return []


async def of_person(_: ReadConnection, change: Change) -> list[Span]:
    """All days of the person, where the change matters to any."""
    if not change.changed & _JUDGED_OF_PERSON:
        return []
    start = change.after.get("joined_on") if change.before is None else None
    return [Span(change.id, start, None, "person")]


async def of_assignment(_: ReadConnection, change: Change) -> list[Span]:
    """The dates of the assignment, as it is and as it was."""
    return [
        # A night shift of the last day reaches into the next (spec D.3).
        Span(row["person_id"], beside(row["start_date"], -1), _later(row["end_date"]), "assignment")
        for row in _rows(change)
    ]


async def of_dated(_: ReadConnection, change: Change) -> list[Span]:
    """The dates of a leave or request, as it is and as it was."""
    return [
        Span(row["person_id"], beside(row["from_date"], -1), beside(row["to_date"], 1), change_cause(row))
        for row in _rows(change)
    ]


def of_schedule(person_id: int, start: date, end: date | None) -> Span:
    """The dates of a weekly schedule; a night of the last one reaches into the next (spec D.3)."""
    return Span(person_id, beside(start, -1), _later(end), SCHEDULE)


def of_schedule_end(person_id: int, was: date | None, now: date | None) -> Span:
    """From the earlier to the later end of a weekly schedule that ends on another date now."""
    first = min(end for end in (was, now, date.max) if end is not None)
    last = None if was is None or now is None else beside(max(was, now), 1)
    return Span(person_id, first, last, SCHEDULE)


def change_cause(row: Mapping[str, Any]) -> str:
    """The word that says why a day was put in doubt."""
    return "leave" if "leave_type_id" in row else "request"


async def of_shift_type(conn: ReadConnection, change: Change) -> list[Span]:
    """All days of who works the shift type."""
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


async def of_leave_type(conn: ReadConnection, change: Change) -> list[Span]:
    """The leaves of the type, where its effect changes."""
    if change.before is None or not change.changed & {"unpaid", "include_holiday"}:
        return []
    leaves = await marks.leaves_of_type(conn, change.id)
    return [Span(person, start, end, "leave type") for person, start, end in leaves]


async def of_company(conn: ReadConnection, change: Change) -> list[Span]:
    """Everybody of the company, where its holidays change."""
    if change.before is None or "holiday_list_id" not in change.changed:
        return []
    people = await marks.people_of_company(conn, change.id)
    return [Span(person, None, None, "company holidays") for person in people]


async def of_holiday_assignment(conn: ReadConnection, change: Change) -> list[Span]:
    """The days from the assignment on, of its person or company."""
    spans: list[Span] = []
    for row in _rows(change):
        people = [row["person_id"]]
        if row["person_id"] is None:
            people = await marks.people_of_company(conn, row["company_id"])
        spans += [Span(person, row["from_date"], None, "holiday list") for person in people]
    return spans


def _rows(change: Change) -> list[Mapping[str, Any]]:
    """The row as it was and as it is; a change names only the columns it knows of."""
    return [change.after] if change.before is None else [change.before, {**change.before, **change.after}]


def _later(day: date | None) -> date | None:
    return None if day is None else beside(day, 1)
