"""The cards above a summary: figures of everybody together, each with its traffic light (spec A.14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from service.attendance.rules.period.measures import Band, Number, Value, over, share_of, up_to
from service.attendance.rules.period.variants import Variant

ATTENDANCE_BANDS: Final = over((95, "green"), (85, "yellow"), otherwise="red")
DEVIATION_BANDS: Final = up_to((1, "green"), (2, "yellow"), otherwise="red")
PUNCTUAL_BANDS: Final = over((80, "green"), (60, "yellow"), otherwise="red")
LOST_BANDS: Final = up_to((5, "green"), (10, "yellow"), otherwise="red")


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card: the value, its unit, what it is, and its bands."""

    value: Value
    unit: str
    rule: str
    bands: Sequence[Band]

    @property
    def band(self) -> str | None:
        """The traffic light; None where there is no value."""
        if self.value is None:
            return None
        return next((word for holds, word in self.bands if holds(self.value)), None)


def cards(variant: Variant, people: Sequence[Mapping[str, Value]], start: date, end: date) -> dict[str, Card]:
    """The cards of these people's figures (`worked_seconds`, `lates`, …) over a period.

    The recommended attendance rate takes leave off what was expected, and lost days are of scheduled days;
    the original does neither (bugs C.23 and C.24).
    """
    own = variant == "recommended"
    return {
        "attendance_rate": Card(
            value=share_of(_sum(people, "worked_seconds"), _planned(people, own)),
            unit="%",
            rule="worked of net planned hours" if own else "worked of expected hours, leave not taken off",
            bands=ATTENDANCE_BANDS,
        ),
        "mean_hour_deviation": Card(
            value=_deviation(people),
            unit="h",
            rule="mean of |worked − net planned| of who had hours planned",
            bands=DEVIATION_BANDS,
        ),
        "punctual_people": Card(
            value=_punctual(people),
            unit="%",
            rule="people without a late among those who worked",
            bands=PUNCTUAL_BANDS,
        ),
        "lost_days": Card(
            value=share_of(_sum(people, "absences"), _days(people, start, end, own)),
            unit="%",
            rule="days of absence of "
            + ("scheduled days" if own else "the Monday to Friday days of everybody in the period"),
            bands=LOST_BANDS,
        ),
    }


def weekdays(start: date, end: date) -> int:
    """Mondays to Fridays of a period."""
    days = (end - start).days + 1
    return sum((start + timedelta(days=number)).weekday() < 5 for number in range(days))


def _sum(people: Sequence[Mapping[str, Value]], name: str) -> Fraction:
    return Fraction(sum([one[name] or 0 for one in people]))


def _planned(people: Sequence[Mapping[str, Value]], net: bool) -> Fraction:
    expected = _sum(people, "expected_seconds")
    return expected - _sum(people, "deducted_seconds") if net else expected


def _days(people: Sequence[Mapping[str, Value]], start: date, end: date, scheduled: bool) -> Fraction:
    return _sum(people, "scheduled_days") if scheduled else Fraction(len(people) * weekdays(start, end))


def _deviation(people: Sequence[Mapping[str, Value]]) -> Fraction | None:
    """In hours."""
    nets = [
        ((one["expected_seconds"] or 0) - (one["deducted_seconds"] or 0), one["worked_seconds"] or 0)
        for one in people
    ]
    apart: list[Number] = [max(worked - net, net - worked) for net, worked in nets if net > 0]
    return Fraction(sum(apart)) / len(apart) / 3600 if apart else None


def _punctual(people: Sequence[Mapping[str, Value]]) -> Fraction | None:
    worked = [one for one in people if one["worked_seconds"]]
    return share_of(sum(not one["lates"] for one in worked), len(worked))
