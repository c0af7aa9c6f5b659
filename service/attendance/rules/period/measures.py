"""Key figures of attendance as pure formulas (spec A.14, A.15, F.4); exact fractions in and out.

A figure that has no meaning (nobody attended, nothing was planned) is None, never 0 or 100.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, Final, TypeAlias

Number: TypeAlias = Fraction | int
Value: TypeAlias = Fraction | int | None
Band: TypeAlias = tuple[Callable[[Number], bool], str]

WORKING_DAYS: Final = 22
"""Working days of a month in the original's absenteeism (spec A.3)."""
EFFICIENCY_CAP: Final = 120
FIX_EFFICIENCY_CAP: Final = 105
BRADFORD_POINTS: Final = ((0, 100), (50, 85), (100, 70), (200, 50), (400, 25), (900, 0))
"""Bradford factor and score of the statistics fix; straight lines between them (spec A.15)."""
SIC_WEIGHTS: Final = {"punctuality": "0.3", "hour_efficiency": "0.4", "bradford_score": "0.3"}


def bradford(episodes: Number, days: Number) -> Fraction:
    """S² x D: often absent weighs more than long absent (spec A.15)."""
    return Fraction(episodes) ** 2 * days


def share_of(part: Number, whole: Number) -> Fraction | None:
    """Part of a whole in percent; None where there is no whole."""
    return None if whole <= 0 else Fraction(part) * 100 / whole


def absenteeism_of_month(absent_days: Number) -> Fraction:
    """Absent days of 22 working days, in percent (spec A.15; the fixed 22 is bug C.23)."""
    return Fraction(absent_days) * 100 / WORKING_DAYS


def absenteeism_of_hours(expected: Number, worked: Number, deducted: Number) -> Fraction | None:
    """Expected hours neither worked nor on leave, of those expected, in percent (statistics fix)."""
    return share_of(max(Fraction(0), Fraction(expected) - worked - deducted), expected)


def punctuality_index(lates: Number, early_exits: Number) -> Fraction:
    """100 less 2 a late and 1.5 an early exit, never below 0 (spec A.15)."""
    return max(Fraction(0), 100 - _points(lates, early_exits))


def punctuality_of_days(lates: Number, early_exits: Number, scheduled_days: Number) -> Fraction | None:
    """The same points by scheduled days: a long period counts against nobody (statistics fix)."""
    if scheduled_days <= 0:
        return None
    return max(Fraction(0), 100 - 100 * _points(lates, early_exits) / scheduled_days)


def _points(lates: Number, early_exits: Number) -> Fraction:
    return 2 * Fraction(lates) + Fraction(3, 2) * early_exits


def hour_efficiency(
    worked: Number, expected: Number, deducted: Number, cap: int = EFFICIENCY_CAP
) -> Fraction:
    """Worked of net planned hours in percent, capped; 0 where nothing was planned (spec A.15)."""
    percent = share_of(worked, Fraction(expected) - deducted)
    return Fraction(0) if percent is None else min(percent, Fraction(cap))


def hour_efficiency_if_planned(worked: Number, expected: Number, deducted: Number) -> Fraction | None:
    """The same, and None where nothing was planned: nobody is inefficient on a month of leave."""
    return hour_efficiency(worked, expected, deducted) if expected - deducted > 0 else None


def fixed_efficiency(worked: Number, expected: Number, deducted: Number) -> Fraction:
    """Capped at 105 % (statistics fix)."""
    return hour_efficiency(worked, expected, deducted, FIX_EFFICIENCY_CAP)


def bradford_score(factor: Number) -> Fraction:
    """100 less the Bradford factor, never below 0 (spec A.15)."""
    return 100 - min(Fraction(factor), Fraction(100))


def bradford_rescaled(factor: Number) -> Fraction:
    """The score by straight-line interpolation through `BRADFORD_POINTS`; 0 beyond (statistics fix)."""
    for (left, high), (right, low) in pairwise(BRADFORD_POINTS):
        if factor <= right:
            return high + (Fraction(factor) - left) * (low - high) / (right - left)
    return Fraction(0)


def sic(punctuality: Value, efficiency: Value, score: Value) -> Fraction | None:
    """Quality score: 0.3 punctuality + 0.4 efficiency + 0.3 Bradford score (spec A.15)."""
    if punctuality is None or efficiency is None or score is None:
        return None
    return (3 * Fraction(punctuality) + 4 * Fraction(efficiency) + 3 * Fraction(score)) / 10


def sic_clamped(punctuality: Value, efficiency: Value, score: Value) -> Fraction | None:
    """The same within 0 and 100 (statistics fix)."""
    whole = sic(punctuality, efficiency, score)
    return None if whole is None else min(max(whole, Fraction(0)), Fraction(100))


def rounded(value: Value, places: int = 2) -> str | None:
    """A figure as a decimal string of at least one place, halves away from zero; None stays None."""
    if value is None:
        return None
    above_line, below_line = value.numerator, value.denominator
    # Whole numbers throughout: twice as fast as Decimal, and a report of 5,000 people rounds 90,000 times.
    scaled = (2 * abs(above_line) * 10**places + below_line) // (2 * below_line)
    whole, part = divmod(scaled, 10**places)
    sign = "-" if above_line < 0 and scaled else ""
    return f"{sign}{whole}.{part:0{places}}"


def exact(value: Number) -> str:
    """A number as text that loses nothing: `2`, `0.5`, or a fraction such as `1/3`."""
    number = Fraction(value)
    scaled = number * 10_000
    if scaled.denominator != 1:
        return str(number)
    text = format(Decimal(scaled.numerator).scaleb(-4), "f")
    return text.rstrip("0").rstrip(".")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One key figure: its operands by name, its formula, how it is shown.

    `operands` are figures of the period or measures that stand before it. `bands` are tried in order.
    """

    name: str
    operands: tuple[str, ...]
    formula: Callable[..., Value]
    rule: str
    source: str = "spec A.15"
    unit: str | None = None
    places: int = 2
    bands: Sequence[Band] = ()
    threshold: Mapping[str, Any] = field(default_factory=dict)

    def of(self, values: Mapping[str, Value]) -> Value:
        """The value from its operands."""
        return self.formula(*[values[name] for name in self.operands])

    def band(self, value: Value) -> str | None:
        """The band a value lies in, as a word."""
        if value is None:
            return None
        return next((word for holds, word in self.bands if holds(value)), None)


# A fraction's own comparisons take six times as long.
def _at_least(limit: int, value: Number) -> bool:
    return value.numerator >= limit * value.denominator


def _more_than(limit: int, value: Number) -> bool:
    return value.numerator > limit * value.denominator


def _at_most(limit: int, value: Number) -> bool:
    return not _more_than(limit, value)


def _less_than(limit: int, value: Number) -> bool:
    return not _at_least(limit, value)


def over(*limits: tuple[int, str], otherwise: str) -> tuple[Band, ...]:
    """Bands of values at least so large, the largest first."""
    return (*((partial(_at_least, limit), word) for limit, word in limits), _rest(otherwise))


def above(*limits: tuple[int, str], otherwise: str) -> tuple[Band, ...]:
    """Bands of which the first is strictly above its limit, the others at least as large as theirs."""
    (top, word), *others = limits
    return ((partial(_more_than, top), word), *over(*others, otherwise=otherwise))


def up_to(*limits: tuple[int, str], otherwise: str) -> tuple[Band, ...]:
    """Bands of values at most so large, the smallest first."""
    return (*((partial(_at_most, limit), word) for limit, word in limits), _rest(otherwise))


def _rest(word: str) -> Band:
    return (lambda _: True, word)


BRADFORD_BANDS: Final = up_to((25, "excellent"), (50, "good"), (100, "regular"), otherwise="critical")
ABSENTEEISM_BANDS: Final[tuple[Band, ...]] = (
    (partial(_less_than, 5), "excellent"),
    *up_to((10, "acceptable"), otherwise="high"),
)
PUNCTUALITY_BANDS: Final = above((95, "excellent"), (85, "good"), (70, "regular"), otherwise="critical")
EFFICIENCY_BANDS: Final = above((100, "excellent"), (95, "good"), (85, "regular"), otherwise="critical")
SIC_BANDS: Final = over((85, "green"), (70, "yellow"), (50, "orange"), otherwise="red")
