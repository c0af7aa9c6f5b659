"""What is recorded about a day beside check-ins, as inputs of its explanation: by name, with a link."""

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Row

from service.attendance.queries.day_documents import DayDocuments
from service.attendance.reports.frame import listed_link
from service.attendance.rules.explain import DayTrace
from service.schemas.envelope import ExplanationInput

HOLIDAY_LISTS: Final = "/v1/attendance/holiday-lists"


def document_inputs(documents: DayDocuments, trace: DayTrace, number: str) -> list[ExplanationInput]:
    """Statuses by hand first, then holidays, leaves, requests, and what else was decided here.

    What covers the day and does not count there is named too, with the reason.
    """
    own = [row for row in documents.corrections if row.shift_seq in {None, trace.shift_seq}]
    return [
        *(_status(row, trace, number) for row in own if row.kind == "status"),
        *map(_holiday, documents.holidays),
        *(_leave(row, trace, number) for row in documents.leaves),
        *(_request(row, trace) for row in documents.requests),
        *(_decided(row, number) for row in own if row.kind != "status"),
    ]


def employment_inputs(trace: DayTrace, person: Row[Any]) -> list[ExplanationInput]:
    """The dates of joining and leaving that the day lies outside of."""
    day, link = date.fromisoformat(trace.work_date), f"/v1/attendance/people/{quote(person.number, safe='')}"
    early = person.joined_on is not None and day < person.joined_on
    late = person.left_on is not None and day > person.left_on
    dates = {"joined on": person.joined_on if early else None, "last day": person.left_on if late else None}
    return [
        ExplanationInput(name=name, value=str(limit), link=link)
        for name, limit in dates.items()
        if limit is not None
    ]


def named(documents: DayDocuments, number: str, given: ExplanationInput, day: date) -> ExplanationInput:
    """An input of a step, where it is a document by that document's name and with its link."""
    if given.value is None:
        return given
    if given.name == "leave_id":
        name = next(row.name for row in documents.leaves if row.id == given.value)
        return given.model_copy(update={"value": name, "link": listed_link("leaves", number, day)})
    if given.name == "request":
        name = next(row.name for row in documents.requests if row.id == given.value)
        return given.model_copy(update={"value": name})
    if given.name == "override_id":
        return given.model_copy(update={"link": listed_link("corrections", number, day)})
    return given


def _status(row: Row[Any], trace: DayTrace, number: str) -> ExplanationInput:
    said = f"{row.status} by {row.created_by}: {row.reason}"
    if row.status_before is not None:
        said = f"{row.status}, before {row.status_before}, by {row.created_by}: {row.reason}"
    if row.id != trace.recorded.override:
        said += "; does not count, a later correction stands"
    elif trace.order == "upstream":
        said += "; does not count under these rules, which follow the upstream alone"
    return ExplanationInput(
        name=f"correction {row.id}", value=said, link=listed_link("corrections", number, row.work_date)
    )


def _holiday(row: Row[Any]) -> ExplanationInput:
    kind = "weekly off" if row.weekly_off else "holiday"
    called = f"{row.description}, of" if row.description else "of"
    return ExplanationInput(
        name=f"half-day {kind}" if row.half_day else kind,
        value=f"{called} the holiday list {row.holiday_list}",
        link=HOLIDAY_LISTS,
    )


def _leave(row: Row[Any], trace: DayTrace, number: str) -> ExplanationInput:
    said = [row.leave_type + (" (unpaid)" if row.unpaid else ""), *_extent(row)]
    if row.id not in trace.recorded.leaves:
        said.append("does not count on a holiday or weekly off")
    elif trace.step("leave_fraction").value == "0.00":
        because = "the day was set by hand" if trace.step("working").value else "no shift is to be worked"
        said.append(f"does not count: {because}")
    day = date.fromisoformat(trace.work_date)
    return ExplanationInput(
        name=f"leave {row.name}", value=", ".join(said), link=listed_link("leaves", number, day)
    )


def _request(row: Row[Any], trace: DayTrace) -> ExplanationInput:
    said = [row.reason, *_extent(row)]
    if row.id != trace.recorded.request or _set_by_hand(trace):
        said.append(f"does not count: {_set_aside(row, trace)}")
    return ExplanationInput(name=f"attendance request {row.name}", value=", ".join(said))


def _set_aside(row: Row[Any], trace: DayTrace) -> str:
    if _set_by_hand(trace):
        return "the day was set by hand"
    if trace.recorded.leaves:
        return "the day is one of leave"
    if trace.recorded.day_off and not row.include_holidays:
        return "a holiday or weekly off"
    if trace.recorded.request is not None:
        return "an earlier request stands"
    return "the rules know no such reason"


def _set_by_hand(trace: DayTrace) -> bool:
    return trace.recorded.override is not None and trace.order == "canonical"


def _extent(row: Row[Any]) -> list[str]:
    one_day = row.from_date == row.to_date
    span = str(row.from_date) if one_day else f"{row.from_date} to {row.to_date}"
    if row.half_day_date is None:
        return [span]
    half = "half a day" if one_day else f"half a day on {row.half_day_date}"
    return [span, f"{half} (the {row.half} half)" if row.half else half]


def _decided(row: Row[Any], number: str) -> ExplanationInput:
    what = f"{row.incident} needs nothing more"
    if row.kind == "checkin":
        what = f"check-in {row.local_time.isoformat()} {row.log_type or ''}".rstrip() + " added by hand"
    return ExplanationInput(
        name=f"correction {row.id}",
        value=f"{what}, by {row.created_by}: {row.reason}",
        link=listed_link("corrections", number, row.work_date),
    )
