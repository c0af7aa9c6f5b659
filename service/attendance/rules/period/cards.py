"""The cards above a summary: figures of everybody together, each with its traffic light (spec A.14)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from service.attendance.rules.period.measures import Band, Number, Value, over, share_of, up_to
from service.attendance.rules.period.variants import Variant

People: TypeAlias = Sequence[Mapping[str, Value]]
Column: TypeAlias = Sequence[Value]
"""One value for each person; None where the person does not count."""

ATTENDANCE_BANDS: Final = over((95, "green"), (85, "yellow"), otherwise="red")
DEVIATION_BANDS: Final = up_to((1, "green"), (2, "yellow"), otherwise="red")
PUNCTUAL_BANDS: Final = over((80, "green"), (60, "yellow"), otherwise="red")
LOST_BANDS: Final = up_to((5, "green"), (10, "yellow"), otherwise="red")
BAR_LIMITS: Final = ((98, "green"), (85, "yellow"))
BAR_BANDS: Final = over(*BAR_LIMITS, otherwise="red")
"""Of a person's bar of worked hours; the key figure's own bands are those of A.15."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card: what every person adds to its operands, the formula of their columns, unit and bands."""

    operands: Mapping[str, Column]
    formula: Callable[..., Value]
    unit: str
    rule: str
    bands: Sequence[Band]

    @property
    def value(self) -> Value:
        """The figure; None where there is nothing to measure it by."""
        return self.formula(*self.operands.values())

    @property
    def band(self) -> str | None:
        """The traffic light; None where there is no value."""
        value = self.value
        return None if value is None else next((word for holds, word in self.bands if holds(value)), None)


def cards(variant: Variant, people: People, start: date, end: date) -> dict[str, Card]:
    """The cards of these people's figures (`worked_seconds`, `lates`, …) over a period.

    The recommended attendance rate takes leave off what was expected, and lost days are of scheduled days;
    the original does neither (bugs C.23 and C.24).
    """
    own = variant == "recommended"
    planned, days = (
        "net_expected_seconds" if own else "expected_seconds",
        "scheduled_days" if own else "weekdays",
    )
    workdays = weekdays(start, end)
    return {
        "attendance_rate": Card(
            operands={name: [one[name] for one in people] for name in ("worked_seconds", planned)},
            formula=ratio,
            unit="%",
            rule="worked of net planned hours" if own else "worked of expected hours, leave not taken off",
            bands=ATTENDANCE_BANDS,
        ),
        "mean_hour_deviation": Card(
            operands={"deviation_seconds": [_deviation(one) for one in people]},
            formula=mean_hours,
            unit="h",
            rule="mean of |worked − net planned| of who had hours planned",
            bands=DEVIATION_BANDS,
        ),
        "punctual_people": Card(
            operands={
                "punctual": [int(not one["lates"]) if one["worked_seconds"] else None for one in people]
            },
            formula=share_of_people,
            unit="%",
            rule="people without a late among those who worked",
            bands=PUNCTUAL_BANDS,
        ),
        "lost_days": Card(
            operands={
                "absences": [one["absences"] for one in people],
                days: [one["scheduled_days"] if own else workdays for one in people],
            },
            formula=ratio,
            unit="%",
            rule="days of absence of "
            + ("scheduled days" if own else "the Monday to Friday days of everybody in the period"),
            bands=LOST_BANDS,
        ),
    }


CARDS: Final = ("attendance_rate", "mean_hour_deviation", "punctual_people", "lost_days")
"""The names of the cards."""


def ratio(parts: Column, wholes: Column) -> Value:
    """The sum of one column in percent of the sum of another."""
    return share_of(_sum(parts), _sum(wholes))


def mean_hours(seconds: Column) -> Value:
    """The mean of who counts, in hours."""
    counted = [value for value in seconds if value is not None]
    return Fraction(_sum(counted)) / len(counted) / 3600 if counted else None


def share_of_people(flags: Column) -> Value:
    """People with a 1 among those who count, in percent."""
    return share_of(_sum(flags), sum(flag is not None for flag in flags))


def weekdays(start: date, end: date) -> int:
    """Mondays to Fridays of a period."""
    days = (end - start).days + 1
    return sum((start + timedelta(days=number)).weekday() < 5 for number in range(days))


def _sum(column: Column) -> Number:
    values: list[Number] = [value for value in column if value is not None]
    return sum(values)


def _deviation(one: Mapping[str, Value]) -> Value:
    """|worked − net planned|; None where nothing was planned."""
    net, difference = one["net_expected_seconds"] or 0, one["difference_seconds"] or 0
    return max(difference, -difference) if net > 0 else None
