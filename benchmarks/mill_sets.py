"""The invented mills of B7 and B9 (mill spec G.1, sets S and M): seeded, clean, in columns of positions.

Recipes have 1 to 8 yarns, a fifth of the yarns in four fifths of the lines; orders are log-normal about
1,750 lb, a fifth of them of styles without a recipe and, in a mill of several levels, a fifth of finished
styles, which are made of others. Fractions have four decimals and pounds two: over one level every form,
also one in floats, gives the same units of 0.0001 lb.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.mill.rules.recipes import Line, Recipes

AS_OF: Final = date(2025, 9, 3)
LOSSES: Final = (0, 200, 300)
"""Losses added on, in 10,000ths; those of yarn are 0, as in the mill's own files."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything; `levels` counts the edges from a finished style down to a yarn."""

    yarns: int
    styles: int
    lines: int
    orders: int
    receipts: int
    sales: int = 0
    rolls: int = 0
    levels: int = 3
    machines: int = 285
    centers: int = 91

    def times(self, factor: int) -> "Size":
        """So many times the work, in the same plant."""
        names = ("yarns", "styles", "lines", "orders", "receipts", "sales", "rolls")
        return replace(self, **{name: getattr(self, name) * factor for name in names})

    def part(self, divisor: int) -> "Size":
        """One of so many parts of the work, in the same plant."""
        names = ("yarns", "styles", "lines", "orders", "receipts", "sales", "rolls")
        return replace(self, **{name: max(1, getattr(self, name) // divisor) for name in names})


SETS: Final = {
    "S": Size(yarns=1_200, styles=6_110, lines=28_653, orders=1_000, receipts=79, sales=133, rolls=14_264),
    "M": Size(
        yarns=5_000, styles=30_000, lines=150_000, orders=5_000, receipts=1_000, sales=2_000, rolls=100_000,
        levels=4,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of recipes: a yarn or a style (the other is -1), fraction and loss in 10,000ths."""

    style: Ints
    yarn: Ints
    part: Ints
    per: Ints
    loss: Ints

    def __len__(self) -> int:
        return self.style.size


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders in the order of their numbers: position of the style, hundredths of a pound, and so on."""

    style: Ints
    cents: Ints
    priority: Ints
    due: Ints
    """Days after `AS_OF`."""

    def __len__(self) -> int:
        return self.style.size


@dataclass(frozen=True, slots=True)
class MillSet:
    """A whole mill. `stock`: per yarn beginning, allocated and on order, in hundredths of a pound."""

    size: Size
    styles: int
    lines: Lines
    orders: Orders
    stock: Ints
    receipts: Ints
    """Per receipt: its yarn, hundredths of a pound, days after `AS_OF`."""
    sales: Ints
    """Per line of an open sales order: its style, hundredths of a pound, days after `AS_OF`."""
    rolls: Ints
    """Per roll: its style, hundredths of a pound."""
    rates: Ints
    """Pounds a day of each style."""

    def first(self, orders: int) -> "MillSet":
        """The same mill with its first orders alone."""
        all_of = self.orders
        columns = (all_of.style, all_of.cents, all_of.priority, all_of.due)
        return replace(self, orders=Orders(*(one[:orders] for one in columns)))


def make(size: Size, seed: int = 7) -> MillSet:
    """The mill of a size, always the same."""
    chance = np.random.default_rng(seed)
    finished = size.styles // 4 if size.levels > 1 else 0
    lines = _joined([_of_yarn(chance, size), *_of_styles(size, finished)])
    bare = max(1, size.styles // 50)
    styles = size.styles + finished * (size.levels - 1)
    rates = np.round(np.exp(chance.normal(6.3, 0.55, styles + bare))).astype(np.int64)
    return MillSet(
        size, styles + bare, lines, _orders(chance, size, finished, styles, bare), _stock(chance, size),
        np.column_stack([
            chance.integers(0, size.yarns, size.receipts), chance.integers(50, 9_000, size.receipts) * 100,
            chance.integers(-20, 80, size.receipts),
        ]),
        np.column_stack([
            styles - 1 - chance.integers(0, max(1, finished), size.sales),
            chance.integers(50, 4_000, size.sales) * 100, chance.integers(-5, 90, size.sales),
        ]),
        np.column_stack([
            chance.integers(0, styles, size.rolls), chance.integers(1_000, 9_000, size.rolls),
        ]),
        rates,
    )  # fmt: skip


def _of_yarn(chance: np.random.Generator, size: Size) -> Lines:
    """As many yarns a style as give all lines; shares that add to 1."""
    count = np.full(size.styles, size.lines // size.styles)
    count[: size.lines - count.sum()] += 1
    moved = chance.integers(0, 4, size.styles // 2)
    count[: moved.size] += np.minimum(moved, 8 - count[: moved.size])
    taken = size.lines - count.sum()
    count[moved.size :] -= _spread(-taken, count[moved.size :] - 1)
    style = np.repeat(np.arange(size.styles), count)
    place = np.arange(style.size) - np.repeat(np.cumsum(count) - count, count)
    often = max(1, size.yarns // 5)
    base = np.where(
        chance.random(size.styles) < 0.8,
        chance.integers(0, often, size.styles),
        chance.integers(0, size.yarns, size.styles),
    )
    # Steps of one over the yarns: those of a style are all different.
    yarn = (base[style] + place) % size.yarns
    share = 10_000 // count[style]
    share[place == 0] += (10_000 - count * (10_000 // count)).astype(np.int64)
    nothing = np.full(style.size, -1)
    return Lines(style, yarn, nothing, share, np.zeros(style.size, np.int64))


def _spread(total: int, most: Ints) -> Ints:
    """A number taken off one after the other, from each at most so much."""
    before = np.cumsum(most) - most
    taken: Ints = np.clip(total - before, 0, most)
    return taken


def _of_styles(size: Size, finished: int) -> Iterator[Lines]:
    """Level by level what each style is made of: of one below, every fifth of two (a diamond at the end)."""
    below = np.arange(finished) % size.styles
    for level in range(size.levels - 1):
        own = size.styles + level * finished + np.arange(finished)
        two = np.arange(finished) % 5 == 4
        other = np.roll(below, 1)
        loss = np.full(finished, LOSSES[1 + level % 2])
        yield Lines(own, np.full(finished, -1), below, np.where(two, 6_000, 10_000), loss)
        again = np.flatnonzero(two)
        size_of = again.size
        yield Lines(own[again], np.full(size_of, -1), other[again], np.full(size_of, 4_000), loss[again])
        below = own


def _joined(parts: Sequence[Lines]) -> Lines:
    columns = ("style", "yarn", "part", "per", "loss")
    joined = (np.concatenate([getattr(one, name) for one in parts]) for name in columns)
    return Lines(*(one.astype(np.int64) for one in joined))


def _orders(chance: np.random.Generator, size: Size, finished: int, styles: int, bare: int) -> Orders:
    count = size.orders
    greige = chance.integers(0, size.styles, count)
    of_finished = styles - 1 - chance.integers(0, max(1, finished), count)
    without = styles + chance.integers(0, bare, count)
    kind = chance.random(count)
    style = np.where(kind < 0.2, without, np.where((kind < 0.4) & (finished > 0), of_finished, greige))
    pounds = np.clip(np.round(np.exp(chance.normal(7.467, 1, count)), 2), 25, 37_600)
    return Orders(
        style,
        np.round(pounds * 100).astype(np.int64),
        chance.integers(1, 5, count),
        chance.integers(-5, 90, count),
    )


def _stock(chance: np.random.Generator, size: Size) -> Ints:
    """About twice what the orders need of a yarn that stands in many recipes: most can be knitted."""
    held = np.round(np.exp(chance.normal(9.6, 0.8, size.yarns)) * 100).astype(np.int64)
    held[chance.random(size.yarns) < 0.01] *= -1
    allocated = np.where(chance.random(size.yarns) < 0.15, -chance.integers(1, 400_000, size.yarns), 0)
    coming = np.where(chance.random(size.yarns) < 0.06, chance.integers(1, 900_000, size.yarns), 0)
    return np.column_stack([held, allocated, coming])


def style_code(at: int) -> str:
    """What a style is called."""
    return f"G{at:06}"


def yarn_code(at: int) -> str:
    """What a yarn is called."""
    return f"Y{at:06}"


def order_no(at: int) -> str:
    """What an order is called."""
    return f"O{at:06}"


def cents(value: int) -> Decimal:
    """Pounds out of hundredths."""
    return Decimal(value).scaleb(-2)


def share(value: int) -> Decimal:
    """A fraction out of 10,000ths."""
    return Decimal(value).scaleb(-4)


def day(value: int) -> date:
    """The day so many days after `AS_OF`."""
    return AS_OF + timedelta(days=value)


def recipes(mill: MillSet) -> Recipes:
    """The recipes as the rules know them."""
    found: dict[str, list[Line]] = {}
    lines = mill.lines
    columns: tuple[Any, ...] = (lines.style, lines.yarn, lines.part, lines.per, lines.loss)
    for style, yarn, part, per, loss in zip(*(one.tolist() for one in columns), strict=True):
        component = yarn_code(yarn) if yarn >= 0 else style_code(part)
        line = Line(component, share(per), share(loss), is_yarn=yarn >= 0)
        found.setdefault(style_code(style), []).append(line)
    return Recipes(found)
