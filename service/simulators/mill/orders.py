"""Knit orders: log-normal sizes, due dates over 90 days, each at another point of its making."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from service.simulators.mill.masters import Masters
from service.simulators.mill.plan import Plan
from service.simulators.mill.recipes import Styles

_FIRST: Final = 700_001
_LARGEST: Final = 37_600
_OPEN, _BEGUN, _FINISHED, _OVER = range(4)
_STATES: Final = (0.45, 0.33, 0.10, 0.12)
"""Not begun, begun, finished, shipped by more than 5 % too much (24 of 195)."""
LOOKED_AHEAD: Final = 80
LOOKED_BACK: Final = 12


@dataclass(frozen=True, slots=True)
class Order:
    """A knit order in pounds; `style` and `machine` are numbers of the mill's lists."""

    number: int
    style: int
    start: date | None
    quoted: date | None
    ordered: Decimal
    produced: Decimal
    shipped: Decimal
    seconds: Decimal
    machine: int | None
    purchase: str
    modified: date

    @property
    def code(self) -> str:
        """The number as it is written."""
        return f"KO-{self.number}"

    @property
    def balance(self) -> Decimal:
        """What is to be knitted still, seconds once more (spec R5)."""
        return max(Decimal(0), self.ordered - self.produced - self.shipped + self.seconds)


def orders(plan: Plan, known: Masters, made: Styles) -> tuple[Order, ...]:
    """All knit orders of a plan, in the order of their numbers."""
    chance = plan.chance("orders")
    at_centre = machines_of(known)
    return tuple(draw_order(plan, made, at_centre, number, chance) for number in range(plan.counts.orders))


def machines_of(known: Masters) -> dict[int, list[int]]:
    """The machines of each work centre."""
    found: dict[int, list[int]] = {}
    for number, machine in enumerate(known.machines):
        found.setdefault(machine.centre, []).append(number)
    return found


def draw_order(
    plan: Plan, made: Styles, at_centre: dict[int, list[int]], number: int, chance: np.random.Generator
) -> Order:
    """One order; every fifth is of a style without a recipe, every fifth has no machine."""
    counts = plan.counts
    bare = chance.random() < 0.2
    style = (
        counts.styles + int(chance.integers(counts.bare_styles))
        if bare
        else made.running[int(chance.integers(len(made.running)))]
    )
    choice = at_centre[int(made.centres[style])]
    machine = None if chance.random() < 0.2 else choice[int(chance.integers(len(choice)))]
    start, quoted = _dates(plan, chance)
    ordered = Decimal(min(_LARGEST, max(50, round(float(chance.lognormal(np.log(1_750), 1.4)), -1))))
    produced, shipped, seconds = _progress(ordered, chance)
    purchase = f"C{chance.integers(10_000, 99_999)}" if chance.random() < 0.3 else ""
    modified = plan.as_of - timedelta(days=int(chance.integers(0, 20)))
    return Order(
        _FIRST + number, style, start, quoted, ordered.quantize(Decimal(1)), produced, shipped, seconds,
        machine, purchase, modified,
    )  # fmt: skip


def _dates(plan: Plan, chance: np.random.Generator) -> tuple[date | None, date | None]:
    """When it starts and what was quoted; some orders have neither (5 of 195 have no start)."""
    due = plan.as_of + timedelta(days=int(chance.integers(-LOOKED_BACK, LOOKED_AHEAD)))
    start = due - timedelta(days=int(chance.integers(14, 45)))
    quoted = None if chance.random() < plan.counts.without_quote else due
    return (None if chance.random() < 5 / 195 else start), quoted


def _progress(ordered: Decimal, chance: np.random.Generator) -> tuple[Decimal, Decimal, Decimal]:
    """Greige in stock (G00), shipped, seconds."""
    state = int(chance.choice(4, p=_STATES))
    nothing = Decimal(0)
    if state == _OPEN:
        return nothing, nothing, nothing
    if state == _OVER:
        return nothing, _part(ordered, 1.06 + 0.1 * chance.random()), nothing
    if state == _FINISHED:
        return nothing, ordered, nothing
    knitted = 0.2 + 0.7 * chance.random()
    gone = knitted * chance.random() if chance.random() < 0.6 else 0.0
    seconds = 0.03 * chance.random() if chance.random() < 0.4 else 0.0
    return _part(ordered, knitted - gone), _part(ordered, gone), _part(ordered, seconds)


def _part(whole: Decimal, share: float) -> Decimal:
    """A share of a weight, in hundredths of a pound."""
    return (whole * Decimal(repr(round(share, 4)))).quantize(Decimal("0.01"))
