"""What happened since a report was sealed, in words, each with the days and figures it can have touched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from service.attendance.queries.edits import Since
from service.schemas.envelope import Cause

Range = tuple[date, date | None]
# Columns of a person that name it or place it; all others are inputs of the rules.
_NAMING = frozenset({"name", "department", "designation", "grade", "site_id"})
_NAMED_FIGURES = frozenset({"person_name", "group", "site"})
_WORDS = {
    "leave": "leave",
    "attendance_request": "attendance request",
    "shift_assignment": "shift assignment",
    "holiday_list_assignment": "holiday list assignment",
    "upstream_attendance": "attendance of the upstream",
    "shift_type": "shift type",
    "leave_type": "leave type",
}
_SILENT = frozenset({"upstream_modified", "first_seen_at", "last_sync", "id", "source_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event. None means: any person, any day, any figure."""

    cause: Cause
    person_id: int | None = None
    ranges: Sequence[Range] | None = None
    figures: frozenset[str] | None = None
    shift_type_id: int | None = None
    leave_type_id: int | None = None
    holiday_list_id: int | None = None
    company_id: int | None = None
    theirs: bool = False
    """Whether it is of the upstream's own attendance, which no day of ours stands on."""

    def on(self, day: date) -> bool:
        """Whether it can have touched this day."""
        return self.ranges is None or any(
            first <= day and (last is None or day <= last) for first, last in self.ranges
        )


def happened(since: Since, at: datetime) -> list[Happened]:
    """Everything of `since`, the sealing's instant being `at`."""
    return [
        *(_checkin(row, at) for row in since.checkins),
        *(_checkin_edit(row) for row in since.checkin_edits),
        *(event for row in since.documents for event in _document(row, at)),
        *(_decision(row, at) for row in since.decided),
        *(event for row in since.masters for event in _master(row)),
    ]


def person_events(people: Sequence[Row[Any]], at: datetime) -> Iterator[Happened]:
    """People who came to be known, or were deleted upstream, after `at`."""
    for row in people:
        if row.first_seen_at >= at:
            cause = _cause("person_new", f"{row.number} was not known when it was sealed", row.first_seen_at)
            yield Happened(cause=cause, person_id=row.id)
        if row.deleted_at is not None and row.deleted_at >= at:
            cause = _cause("person_deleted", f"{row.number} was deleted upstream", row.deleted_at)
            yield Happened(cause=cause, person_id=row.id)


def _checkin(row: Row[Any], at: datetime) -> Happened:
    late = row.first_seen_at >= at
    said = f"the check-in of {row.local_time:%Y-%m-%d %H:%M:%S}"
    cause = Cause(
        code="checkin_late" if late else "checkin_deleted",
        detail=f"{said} came after the sealing" if late else f"{said} was deleted upstream",
        at=row.first_seen_at if late else row.deleted_at,
        subject=row.name,
    )
    return Happened(cause=cause, person_id=row.person_id, ranges=[(row.work_date, row.work_date)])


def _checkin_edit(row: Row[Any]) -> Happened:
    before = row.before
    now = {"local_time": row.local_time.isoformat(), "log_type": row.log_type, "skip": row.skip}
    words = [
        f"{name.replace('local_time', 'time')} {_shown(before.get(name))} became {_shown(value)}"
        for name, value in now.items()
        if before.get(name) != value
    ]
    if before.get("deleted_at") is not None:
        words.append("it had been deleted and is there again")
    if not words:
        words.append(f"it is {row.person or 'nobody'}'s now")
    said = f"the check-in of {_shown(before['local_time'])} was edited: {', '.join(words)}"
    cause = _cause("checkin_edited", said, row.at, row.name)
    return Happened(cause=cause, person_id=row.person_id, ranges=[(row.work_date, row.work_date)])


def _document(row: Row[Any], at: datetime) -> Iterator[Happened]:
    """A leave, a request, an assignment: new, gone, or edited while it counted on either side."""
    counted = row.first_seen_at < at and (row.before is None or _counts(row.before))
    counts = row.counts and row.deleted_at is None
    if row.before is None and row.deleted_at is not None and row.first_seen_at < at:
        counted = row.counts
    if not counted and not counts:
        return
    what, span = _WORDS[row.kind], (row.first, row.last)
    if not counted:
        deed, said, when = (
            "new",
            f"the {what} {_span(*span)} came",
            max(row.first_seen_at, row.at or row.first_seen_at),
        )
    elif not counts:
        deed, said, when = "withdrawn", f"the {what} {_span(*span)} is no more", row.deleted_at or row.at
    else:
        told = _changed(row.before, row)
        deed, said, when = "edited", f"the {what} {_span(*span)} was edited{told}", row.at
    ranges = [span]
    if counted and row.before is not None:
        ranges.append(_range_of(row.before))
    cause = _cause(f"{row.kind}_{deed}", f"{said} after the sealing", when, row.upstream_name)
    theirs = row.kind == "upstream_attendance"
    yield Happened(cause=cause, person_id=row.person_id, ranges=ranges, theirs=theirs)


def _decision(row: Row[Any], at: datetime) -> Happened:
    new = row.created_at >= at
    if row.kind == "correction":
        deed = f"was set to {row.what} by hand: {row.reason}" if new else f"is no longer set to {row.what}"
        cause = _cause(
            "corrected" if new else "correction_revoked",
            f"the day {deed}",
            row.created_at if new else row.revoked_at,
            f"correction {row.id}",
        )
    else:
        deed, word = ("was added", "new") if new else ("was given another end", "ended")
        said = f"a weekly schedule of {row.what} {_span(row.first, row.last)} {deed}"
        when = row.created_at if new else row.revoked_at
        cause = _cause(f"weekly_schedule_{word}", said, when, f"schedule {row.id}")
    return Happened(cause=cause, person_id=row.person_id, ranges=[(row.first, row.last)])


def _master(row: Row[Any]) -> Iterator[Happened]:
    before, after = row.before, row.after
    if row.kind == "holiday":
        # One that came and went again since the sealing changes nothing.
        if before is not None or after is not None:
            yield _holiday(row)
        return
    if before is None or after is None:
        return
    changed = {name for name in after if name not in _SILENT and before.get(name) != after[name]}
    if not changed:
        return
    values = ", ".join(
        f"{name.replace('_', ' ')} {_shown(before.get(name))} became {_shown(after[name])}"
        for name in sorted(changed)
    )
    what = _WORDS.get(row.kind, row.kind)
    said = f"the {what} {before.get('name')} was edited: {values}"
    cause = _cause(f"{row.kind}_edited", said, row.at, before["upstream_name"])
    if row.kind == "person":
        naming = changed <= _NAMING
        figures = _NAMED_FIGURES if naming else None
        yield Happened(cause=cause, person_id=row.row_id, figures=figures)
    else:
        names = {"shift_type": "shift_type_id", "leave_type": "leave_type_id", "company": "company_id"}
        yield Happened(cause=cause, **{names[row.kind]: row.row_id})


def _holiday(row: Row[Any]) -> Happened:
    present = row.after or row.before
    day = date.fromisoformat(present["day"])
    deed = "came into" if row.before is None else "left" if row.after is None else "changed in"
    said = f"the holiday {present['description'] or 'without a name'} of {day} {deed} its list"
    cause = _cause("holiday_edited", said, row.at)
    return Happened(cause=cause, ranges=[(day, day)], holiday_list_id=present["holiday_list_id"])


def link_to(cause: Cause, number: str, day: date | None) -> Cause:
    """The cause with the list where it can be seen."""
    if not cause.code.startswith("checkin") or day is None:
        return cause
    asked = urlencode({"person": number, "from": str(day), "to": str(day)})
    return cause.model_copy(update={"link": f"/v1/attendance/checkins?{asked}"})


def _cause(code: str, detail: str, at: datetime | None, subject: str | None = None) -> Cause:
    return Cause(code=code, detail=detail, at=at, subject=subject)


def _counts(before: Mapping[str, Any]) -> bool:
    """Whether a document counted; the `status` of the upstream's attendance is its verdict, no state."""
    stated = before.get("status") in {"Approved", "Active"} if "day" not in before else True
    return bool(
        before["docstatus"] == 1 and before["deleted_at"] is None and (stated or "status" not in before)
    )


def _range_of(before: Mapping[str, Any]) -> Range:
    first = next(before[name] for name in ("from_date", "start_date", "day") if name in before)
    last = next((before[name] for name in ("to_date", "end_date", "day") if name in before), None)
    return date.fromisoformat(first), None if last is None else date.fromisoformat(last)


def _changed(before: Mapping[str, Any], row: Row[Any]) -> str:
    was = _range_of(before)
    return "" if was == (row.first, row.last) else f", it was {_span(*was)}"


def _span(first: date, last: date | None) -> str:
    if last == first:
        return f"of {first}"
    return f"from {first} on" if last is None else f"of {first} to {last}"


def _shown(value: Any) -> str:
    return "none" if value is None else str(value).replace("T", " ")
