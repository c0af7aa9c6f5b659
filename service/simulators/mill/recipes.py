"""Styles, and what they are knitted of: many use few yarns, and some recipes do not add to 100 %."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.simulators.mill.masters import Masters
from service.simulators.mill.plan import Plan

Counts = NDArray[np.int64]
WHOLE: Final = 1_000
"""Parts of a recipe that adds to 100 %: recipes are in thousandths."""
PARTIAL: Final = 630
"""Parts of one that does not: the mill had recipes of 63 %."""
_MANY: Final = (0.10, 0.24, 0.24, 0.20, 0.12, 0.06, 0.025, 0.015)
"""Shares of styles with 1, 2, … 8 yarns: 3.36 on average (measured: 3.34)."""
_RUNNING: Final = 0.45
"""Share of the styles that are knitted at all; they use the running yarns only."""
_TOP: Final = 0.64
"""Share of the other styles' lines on the most used fifth of yarns: with the running styles, 80 %."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many thousandths of a yarn."""

    yarn: int
    parts: int

    @property
    def fraction(self) -> Decimal:
        """Pounds of the yarn in a pound of fabric."""
        return Decimal(self.parts) / WHOLE


Recipe = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Styles:
    """The greige styles with a recipe first, then those without; each with its work centre and rate.

    `running` are styles that are knitted at present. `bases` says for each finished style the greige style it
    is made of, and `seconds` another one it is laminated with, or -1. `rates` are lb a day,
    `yields` hundredths of a yard per pound (0: not known), `widths` inches, `weights` g/m².
    """

    recipes: tuple[Recipe, ...]
    running: tuple[int, ...]
    centres: Counts
    rates: Counts
    yields: Counts
    widths: Counts
    weights: Counts
    bases: Counts
    seconds: Counts


def styles(plan: Plan, known: Masters) -> Styles:
    """All styles of a plan with their recipes."""
    counts, chance = plan.counts, plan.chance("styles")
    greige = counts.styles + counts.bare_styles
    running = np.sort(chance.permutation(counts.styles)[: max(1, int(counts.styles * _RUNNING))])
    rates = np.minimum(chance.lognormal(np.log(544), 0.5485, greige), 3_026).astype(np.int64)
    finished = counts.finished_styles
    bases = running[chance.integers(len(running), size=finished)]
    laminated = chance.random(finished) < 0.08
    return Styles(
        recipes=tuple(_recipes(plan, known, set(running.tolist()), chance)),
        running=tuple(running.tolist()),
        centres=chance.integers(counts.centres, size=greige),
        rates=rates,
        yields=_yields(chance, greige + finished),
        widths=chance.integers(48, 73, size=greige + finished),
        weights=chance.integers(110, 320, size=greige + finished),
        bases=bases,
        seconds=np.where(laminated & (np.roll(bases, 1) != bases), np.roll(bases, 1), -1),
    )


def style_code(number: int) -> str:
    """The code of a greige style: three versions of a base."""
    return f"GK{1_001 + number // 3}/{number % 3 + 1}"


def finished_code(number: int) -> str:
    """The code of a finished style."""
    return f"FS{20_001 + number}"


def _yields(chance: np.random.Generator, count: int) -> Counts:
    """Hundredths of a yard per pound, median 129; 24 % are not known (834 of 3,501)."""
    drawn = chance.lognormal(np.log(129), 0.35, count).astype(np.int64)
    return np.where(chance.random(count) < 834 / 3_501, 0, drawn)


def _recipes(plan: Plan, known: Masters, running: set[int], chance: np.random.Generator) -> Iterator[Recipe]:
    counts = plan.counts
    many = chance.choice(np.arange(1, 9), size=counts.styles, p=_MANY)
    shares = chance.gamma(0.8, size=(counts.styles, 8))
    partial = chance.random(counts.styles) < (0 if plan.whole else counts.incomplete)
    if not plan.whole:
        partial[min(running)] = True  # there is always one that is knitted and does not add up
    pools = _Pools(plan, known, chance)
    for number, count in enumerate(many.tolist()):
        yarns = pools.drawn(number in running, count)
        total = PARTIAL if partial[number] else WHOLE
        yield _shared(yarns, shares[number, : len(yarns)], total)


def _shared(yarns: list[int], shares: NDArray[np.float64], total: int) -> Recipe:
    """Parts of `total` for each yarn, the first takes what is left.

    No yarn has less than 1 %, in a partial recipe 2 %: written in percent it must not look like a fraction.
    """
    # Not all is shared out: with the least for each of the seven others, something stays for the first.
    least, shared = (10, 0.85) if total == WHOLE else (20, 0.70)
    parts = np.maximum(least, shares / shares.sum() * total * shared).astype(int)
    parts[0] = total - parts[1:].sum()
    return tuple(Line(yarn, int(part)) for yarn, part in zip(yarns, parts, strict=True))


class _Pools:
    """Where recipes take their yarns from: the running ones, the most used fifth, one after another of the
    rest, so that every yarn stands in a recipe."""

    def __init__(self, plan: Plan, known: Masters, chance: np.random.Generator) -> None:
        self._chance = chance
        ranked = known.ranked
        top = max(1, len(ranked) // 5)
        self._running = ranked[: max(8, int(plan.counts.yarns * plan.counts.running))]
        self._top, self._rest = ranked[:top], ranked[top:]
        self._next = 0

    def drawn(self, running: bool, count: int) -> list[int]:
        """`count` different yarns."""
        found: dict[int, None] = {}
        while len(found) < count:
            found[self._one(running)] = None
        return list(found)

    def _one(self, running: bool) -> int:
        if running:
            return self._running[int(len(self._running) * self._chance.random() ** 1.3)]
        if self._chance.random() < _TOP:
            return self._top[self._chance.integers(len(self._top))]
        self._next += 1  # from the end: what recipes know and no stock has is used in the smallest mill too
        return self._rest[-self._next % len(self._rest)]
