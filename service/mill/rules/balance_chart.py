"""Weekly balances as a picture: receipts above the line of nothing, demand below it, the balance as steps.

Geometry only: across in percent, down in pixels. The figures themselves stay as they came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from service.mill.rules.quantities import ZERO

HEIGHT: Final = 240
ABOVE: Final = 18
"""Pixels above the highest figure."""
BELOW: Final = 18
"""Pixels below the lowest figure."""
_BAR: Final = 0.28
"""Part of a week's width that one bar takes."""
_LINES: Final = 6
"""Lines of the scale at most, on either side of nothing together."""
_STEPS: Final = (1, 2, 5)


class BalanceWeek(Protocol):
    """A week of the weekly record (R9) in pounds; what is not known is None."""

    @property
    def receipts(self) -> Decimal:
        """What comes in."""

    @property
    def demand(self) -> Decimal:
        """What is needed."""

    @property
    def balance(self) -> Decimal | None:
        """What is left at its end."""

    @property
    def shortage(self) -> Decimal | None:
        """What is missing to the level at which a week begins to be short."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Receipts or demand of a week."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DrawnWeek:
    """A week and what it is called: its place, its bars (None: nothing), and the step of its balance."""

    name: str
    week: BalanceWeek
    x: float
    width: float
    receipts: Bar | None
    demand: Bar | None
    balance: float | None
    """Pixels from the top; None where it is not known."""
    before: float | None
    """The same of the week before."""
    short: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the scale."""

    y: float
    pounds: int


@dataclass(frozen=True, slots=True)
class BalanceChart:
    """A chart, ready to be drawn."""

    title: str
    height: int
    zero: float
    limit: float | None
    """Pixels from the top of the level below which a week is short; None where that is nothing."""
    levels: Sequence[Level]
    weeks: Sequence[DrawnWeek]

    @property
    def first_short(self) -> DrawnWeek | None:
        """The first week that is short."""
        return next((one for one in self.weeks if one.short), None)

    @property
    def deepest(self) -> DrawnWeek | None:
        """The week that is shortest: what is missing there is what must be found in all (F-41)."""
        short = [one for one in self.weeks if one.short]
        return max(short, key=lambda one: one.week.shortage or 0, default=None)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Pounds as pixels from the top."""

    top: float
    pixels: float

    def y(self, pounds: Decimal | float) -> float:
        return round(ABOVE + (self.top - float(pounds)) * self.pixels, 1)


def balance_chart(
    title: str, weeks: Sequence[BalanceWeek], names: Sequence[str], level: Decimal = ZERO
) -> BalanceChart:
    """The chart of a yarn (`title`) or of anything with such weeks; `names` says what each is called and
    `level` below which balance they are short.

    Raises:
        ValueError: there are more weeks than names, or fewer.
    """
    figures = [level, *_figures(weeks)]
    top, bottom = float(max(figures)), float(min(figures))
    step = _step(top - bottom)
    highest, lowest = -(-top // step) * step, bottom // step * step
    scale = _Scale(highest, (HEIGHT - ABOVE - BELOW) / max(highest - lowest, step))
    levels = [Level(scale.y(at), int(at)) for at in _multiples(lowest, highest, step)]
    return BalanceChart(
        title, HEIGHT, scale.y(0), scale.y(level) if level else None, levels,
        list(_drawn(weeks, names, scale)),
    )  # fmt: skip


def _figures(weeks: Iterable[BalanceWeek]) -> Iterator[Decimal]:
    yield ZERO
    for week in weeks:
        yield from (week.receipts, -week.demand)
        if week.balance is not None:
            yield week.balance


def _drawn(weeks: Sequence[BalanceWeek], names: Sequence[str], scale: _Scale) -> Iterator[DrawnWeek]:
    width, before, zero = 100 / max(len(weeks), 1), None, scale.y(0)
    for number, (week, name) in enumerate(zip(weeks, names, strict=True)):
        x = width * number
        receipts, demand = scale.y(week.receipts), scale.y(-week.demand)
        balance = None if week.balance is None else scale.y(week.balance)
        yield DrawnWeek(
            name=name,
            week=week,
            x=_rounded(x),
            width=_rounded(width),
            receipts=_bar(x + width * (0.5 - _BAR), receipts, width, zero - receipts),
            demand=_bar(x + width * 0.5, zero, width, demand - zero),
            balance=balance,
            before=before,
            short=bool(week.shortage),
        )
        before = balance


def _bar(x: float, y: float, week: float, height: float) -> Bar | None:
    return Bar(_rounded(x), y, _rounded(week * _BAR), round(height, 1)) if height > 0 else None


def _step(span: float) -> float:
    """Distance of the scale's lines: 1, 2 or 5 times a power of ten."""
    size = 1.0
    while True:
        for step in _STEPS:
            if span <= step * size * (_LINES - 2):
                return step * size
        size *= 10


def _multiples(lowest: float, highest: float, step: float) -> list[float]:
    return [lowest + step * at for at in range(round((highest - lowest) / step) + 1)]


def _rounded(percent: float) -> float:
    return round(percent, 3)
