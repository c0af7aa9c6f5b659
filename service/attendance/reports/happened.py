"""What happened since a report was sealed, in words, each with the days and figures it can have touched."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from service.attendance.queries.edits import Since
from service.schemas.envelope import Cause

Range = tuple[date, date | None]
Holder = tuple[int | None, int | None]
"""A person's id, or a company's."""
# Columns of a person that name it or place it; all others are inputs of the rules.
_NAMING = frozenset({"name", "department", "designation", "grade", "site_id"})
NAMED_FIGURES = frozenset({"person_name", "group", "site"})
DISMISSED_FIGURES = frozenset({"dismissed.by", "dismissed.at", "dismissed.reason", "dismissed.correction"})
# What a holiday is called stands in reports and is no input of the rules.
_DESCRIBED_FIGURES = frozenset({"holiday"})
_WORDS = {
    "leave": "leave",
    "attendance_request": "attendance request",
    "shift_assignment": "shift assignment",
    "holiday_list_assignment": "holiday list assignment",
    "upstream_attendance": "attendance of the upstream",
    "shift_type": "shift type",
    "leave_type": "leave type",
}
_DECISIONS = {
    ("status", True): ("corrected", "the day was set to {what} by hand"),
    ("status", False): ("correction_revoked", "the day is no longer set to {what}"),
    ("dismissal", True): ("dismissed", "{what} of {first} was dismissed"),
    ("dismissal", False): ("dismissal_revoked", "{what} of {first} is dismissed no longer"),
    ("weekly_schedule", True): ("weekly_schedule_new", "a weekly schedule of {what} {span} was added"),
    ("weekly_schedule", False): (
        "weekly_schedule_ended",
        "a weekly schedule of {what} {span} was given another end",
    ),
}
"""By kind, and whether it was made or taken back since: code and words."""
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
    incident: str | None = None
    """The incident that was dismissed, or is no longer: no day stands on that."""
    rows: bool = True
    """Whether it can make a row come or go."""

    def on(self, day: date) -> bool:
        """Whether it can have touched this day."""
        return self.ranges is None or any(
            first <= day and (last is None or day <= last) for first, last in self.ranges
        )


def happened(since: Since, at: datetime, numbers: Mapping[int, str]) -> list[Happened]:
    """Everything of `since`, the sealing's instant being `at`; `numbers` of the people who may be named."""
    return [
        *(_checkin(row, at) for row in since.checkins),
        *(event for row in since.checkin_edits for event in _checkin_edit(row, numbers)),
        *(event for row in since.documents for event in _document(row, at, numbers)),
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
    said, subject = f"the check-in of {row.local_time:%Y-%m-%d %H:%M:%S}", row.name
    if row.correction is not None:
        deed = "was added by hand" if late else "that had been added by hand was revoked"
        code, said = "checkin_added" if late else "checkin_revoked", f"{said} {deed}{_decided(row)}"
        subject = f"correction {row.correction}"
    else:
        code, deed = ("late", "came after the sealing") if late else ("deleted", "was deleted upstream")
        code, said = f"checkin_{code}", f"{said} {deed}"
    cause = _cause(code, said, row.first_seen_at if late else row.deleted_at, subject)
    return Happened(cause=cause, person_id=row.person_id, ranges=[(row.work_date, row.work_date)])


def _checkin_edit(row: Row[Any], numbers: Mapping[int, str]) -> Iterator[Happened]:
    """Nothing where all that days stand on is by now what it was."""
    before = row.before
    now = {"local_time": row.local_time.isoformat(), "log_type": row.log_type, "skip": row.skip}
    words = [
        f"{name.replace('local_time', 'time')} {_shown(before.get(name))} became {_shown(value)}"
        for name, value in now.items()
        if before.get(name) != value
    ]
    if before.get("deleted_at") is not None:
        words.append("it had been deleted and is there again")
    if before.get("person_id") != row.person_now:
        words.append(_moved(before.get("person_id"), row.person_now, numbers))
    if not words:
        return
    said = f"the check-in of {_shown(before['local_time'])} was edited: {', '.join(words)}"
    cause = _cause("checkin_edited", said, row.at, row.name)
    yield Happened(cause=cause, person_id=row.person_id, ranges=[(row.work_date, row.work_date)])


def _document(row: Row[Any], at: datetime, numbers: Mapping[int, str]) -> Iterator[Happened]:
    """A leave, a request, an assignment: new, gone, or edited while it counted; of who had and has it."""
    counted = row.first_seen_at < at and (row.before is None or _counts(row.before))
    counts = row.counts and row.deleted_at is None
    if row.before is None and row.deleted_at is not None and row.first_seen_at < at:
        counted = row.counts
    now, span = (row.person_id, row.company_id), (row.first, row.last)
    was = now if row.before is None else (row.before.get("person_id"), row.before.get("company_id"))
    ranges: dict[Holder, list[Range]] = defaultdict(list)
    if counts:
        ranges[now].append(span)
    if counted:
        ranges[was].append(span if row.before is None else _range_of(row.before))
    what = f"the {_WORDS[row.kind]} {_span(*span)}"
    if not counted:
        deed, said = "new", f"{what} came after the sealing"
        when = max(row.first_seen_at, row.at or row.first_seen_at)
    elif not counts:
        deed, said, when = "withdrawn", f"{what} is no more after the sealing", row.deleted_at or row.at
    else:
        told = _changed(row.before, row) + ([] if was == now else [_moved(was[0], now[0], numbers)])
        said = f"{what} was edited after the sealing{': ' if told else ''}{', '.join(told)}"
        deed, when = "edited", row.at
    cause = _cause(f"{row.kind}_{deed}", said, when, row.upstream_name)
    theirs = row.kind == "upstream_attendance"
    for (person, company), days in ranges.items():
        yield Happened(cause=cause, person_id=person, company_id=company, ranges=days, theirs=theirs)


def _decision(row: Row[Any], at: datetime) -> Happened:
    new, weekly = row.created_at >= at, row.kind == "weekly_schedule"
    code, said = _DECISIONS[row.kind, new]
    told = said.format(what=row.what, first=row.first, span=_span(row.first, row.last)) + _decided(row)
    subject = f"{'schedule' if weekly else 'correction'} {row.id}"
    dismissal = row.kind == "dismissal"
    return Happened(
        cause=_cause(code, told, row.created_at if new else row.revoked_at, subject),
        person_id=row.person_id,
        ranges=[(row.first, row.last)],
        figures=DISMISSED_FIGURES if dismissal else None,
        incident=row.what if dismissal else None,
    )


def _master(row: Row[Any]) -> Iterator[Happened]:
    before, after = row.before, row.after
    if row.kind == "holiday":
        yield from _holiday(row)
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
        figures = NAMED_FIGURES if naming else None
        yield Happened(cause=cause, person_id=row.row_id, figures=figures)
    else:
        names = {"shift_type": "shift_type_id", "leave_type": "leave_type_id", "company": "company_id"}
        yield Happened(cause=cause, **{names[row.kind]: row.row_id})


def _holiday(row: Row[Any]) -> Iterator[Happened]:
    """Nothing of one that came and went again, or that is by now what it was."""
    before, after = row.before or {}, row.after or {}
    changed = {
        name for name in ("description", "weekly_off", "half_day") if before.get(name) != after.get(name)
    }
    if not changed:
        return
    present = after or before
    day = date.fromisoformat(present["day"])
    said = f"the holiday {present['description'] or 'without a name'} of {day}"
    if before and after:
        values = [
            f"{name.replace('_', ' ')} {_shown(before[name])} became {_shown(after[name])}"
            for name in sorted(changed)
        ]
        said = f"{said} changed in its list: {', '.join(values)}"
    else:
        said = f"{said} {'left' if before else 'came into'} its list"
    described = changed == {"description"} and bool(before and after)
    yield Happened(
        cause=_cause("holiday_edited", said, row.at),
        ranges=[(day, day)],
        holiday_list_id=present["holiday_list_id"],
        figures=_DESCRIBED_FIGURES if described else None,
        rows=not described,
    )


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


def _changed(before: Mapping[str, Any], row: Row[Any]) -> list[str]:
    was = _range_of(before)
    return [] if was == (row.first, row.last) else [f"it was {_span(*was)}"]


def _moved(was: int | None, now: int | None, numbers: Mapping[int, str]) -> str:
    """Whose it was and is; somebody that the report does not show is not named."""
    old, new = (numbers.get(one or 0, "nobody" if one is None else "somebody else") for one in (was, now))
    return f"it was {old}'s and is {new}'s"


def _decided(row: Row[Any]) -> str:
    """By whom, and why where it was said."""
    if row.by is None:
        return ""
    return f" (by {row.by}{': ' if row.reason else ''}{row.reason or ''})"


def _span(first: date, last: date | None) -> str:
    if last == first:
        return f"of {first}"
    return f"from {first} on" if last is None else f"of {first} to {last}"


def _shown(value: Any) -> str:
    return "none" if value is None else str(value).replace("T", " ")
