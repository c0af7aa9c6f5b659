"""Ages at the child's own today (spec D2), and when its own word begins to count (spec E9)."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.schemas.children.words import AgeCategory

OLDEST: Final = 25
"""Completed years up to which a child is added."""
MAJORITY: Final = 18
_CATEGORIES: Final[tuple[tuple[int, AgeCategory], ...]] = (
    (3, "early_intervention"),
    (6, "preschool"),
    (12, "elementary"),
    (18, "adolescent"),
)


def today_at(zone: str, now: datetime) -> date:
    """The date where the child lives."""
    return now.astimezone(ZoneInfo(zone)).date()


def completed_years(since: date, today: date) -> int:
    """Whole years; who was born on 29 February has a birthday on 1 March of other years."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def age_at(today: date, born: date | None, age: int | None, recorded_on: date | None) -> int | None:
    """Completed years from the date of birth, else from an age and the date it was told."""
    if born is not None:
        return completed_years(born, today)
    if age is None or recorded_on is None:
        return None
    return age + completed_years(recorded_on, today)


def age_category(age: int | None) -> AgeCategory | None:
    """The group of an age (spec G1)."""
    if age is None:
        return None
    return next((name for below, name in _CATEGORIES if age < below), "adult")


def review_due(
    age_now: int | None, age_at_consent: int | None, *, policy_agreed: bool, consent_age: int
) -> bool:
    """Whether somebody has to look at the consents again.

    The present policy was not agreed to (or nothing was), or the child has since reached `consent_age` or
    majority.
    """
    if not policy_agreed or age_at_consent is None:
        return True
    return age_now is not None and any(
        age_at_consent < threshold <= age_now for threshold in (consent_age, MAJORITY)
    )
