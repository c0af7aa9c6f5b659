"""What a child's description must be as a whole (spec D5.1): each finding with its pointer and code."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from service.children.rules.ages import OLDEST, completed_years
from service.core.errors import FieldError
from service.schemas.children.care import TherapyAsk
from service.schemas.children.family import ChildDocument

MOST_OPEN: Final = 10
"""Therapies that go on at the same time."""
_LONGEST_AGO: Final = timedelta(days=3650)
_FURTHEST_AHEAD: Final = timedelta(days=365)
_BY_TIME: Final = frozenset({"age_out_of_range", "date_out_of_range"})
"""What becomes wrong by the passing of time alone: no fault of who changes something else."""


def findings(document: ChildDocument, today: date, before: ChildDocument | None = None) -> list[FieldError]:
    """Everything that is wrong with a description; `before` is what it was until now."""
    found = list(_findings(document, today))
    if before is None:
        return found
    unchanged = before.date_of_birth == document.date_of_birth, before.therapies == document.therapies
    return [one for one in found if not (one.code in _BY_TIME and unchanged["therapies" in one.pointer])]


def _findings(document: ChildDocument, today: date) -> Iterator[FieldError]:
    yield from _birth(document, today)
    yield from _diagnosis(document, today)
    yield from _high_risk(document)
    yield from _therapies(document.therapies, today)


def _birth(document: ChildDocument, today: date) -> Iterator[FieldError]:
    born = document.date_of_birth
    if born is None:
        if document.age is None:
            yield _error("/date_of_birth", "required", "give a date of birth, or an age")
    elif born > today:
        yield _error("/date_of_birth", "date_in_future", "this date is yet to come")
    elif (years := completed_years(born, today)) > OLDEST:
        yield _error("/date_of_birth", "age_out_of_range", f"children here are at most {OLDEST} years old")
    elif document.age is not None and abs(document.age - years) > 1:
        yield _error("/age", "age_mismatch", "the date of birth gives another age; leave the age out")


def _diagnosis(document: ChildDocument, today: date) -> Iterator[FieldError]:
    if document.diagnosis is None:
        if document.support_level is not None:
            yield _error("/support_level", "requires_diagnosis", "a support level needs a diagnosis")
        if document.diagnosis_date is not None:
            yield _error("/diagnosis_date", "requires_diagnosis", "its date needs a diagnosis")
    if document.diagnosis_date is None:
        return
    if document.diagnosis_date > today:
        yield _error("/diagnosis_date", "date_in_future", "this date is yet to come")
    elif document.diagnosis_date < _born_after(document, today):
        yield _error("/diagnosis_date", "diagnosis_before_birth", "the child was not born by then")


def _born_after(document: ChildDocument, today: date) -> date:
    """The date of birth, or the earliest there can be at that age."""
    if document.date_of_birth is not None:
        return document.date_of_birth
    return date(max(today.year - (document.age or 0) - 1, 1), 1, 1)


def _high_risk(document: ChildDocument) -> Iterator[FieldError]:
    safety = document.safety_protocols
    if safety is None or safety.elopement_risk != "high":
        return
    needed = (
        ("/safety_protocols/emergency_procedures", "procedures", safety.emergency_procedures),
        ("/safety_protocols/calming_strategies", "calming", safety.calming_strategies),
        ("/emergency_contacts", "contacts", document.emergency_contacts),
    )
    for pointer, what, given in needed:
        if not given:
            yield _error(pointer, f"high_risk_requires_{what}", "a high risk of running away needs this")


def _therapies(therapies: list[TherapyAsk], today: date) -> Iterator[FieldError]:
    open_types: Counter[str] = Counter()
    for place, therapy in enumerate(therapies):
        at = f"/therapies/{place}"
        start, end = therapy.start_date, therapy.end_date
        if start is not None and not today - _LONGEST_AGO <= start <= today + _FURTHEST_AHEAD:
            yield _error(
                f"{at}/start_date", "date_out_of_range", "give a date of ten years back to one ahead"
            )
        if start is not None and end is not None and end < start:
            yield _error(f"{at}/end_date", "end_before_start", "it cannot end before it starts")
        if end is None:
            open_types[therapy.type.casefold()] += 1
            if open_types[therapy.type.casefold()] == 2:
                yield _error(f"{at}/type", "duplicate_therapy_type", "a therapy of this type goes on already")
    if open_types.total() > MOST_OPEN:
        yield _error("/therapies", "too_many_items", f"at most {MOST_OPEN} therapies go on at a time")


def _error(pointer: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/body{pointer}", code, detail)
