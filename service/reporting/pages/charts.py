"""Geometry of charts that pages draw as SVG: stacked bars with a scale, bars in the order of their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.reporting.columns import Light

WIDTH: Final = 960
HEIGHT: Final = 220
LEFT: Final = 44
"""Room for the numbers of the scale."""
ABOVE: Final = 10
"""Room for the upper half of the scale's highest number."""
BELOW: Final = 24
"""Room for the names of the bars."""
GAP: Final = 0.25
"""Part of a bar's place that stays free."""
MOST_LABELS: Final = 16
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of one bar."""

    x: float
    y: float
    width: float
    height: float
    mark: str
    hint: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale (`at` from the top), or a name below a bar (`at` from the left)."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart, ready to be drawn."""

    width: int
    height: int
    left: int
    floor: float
    blocks: Sequence[Block]
    scale: Sequence[Tick]
    names: Sequence[Tick]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedBar:
    """A line of a ranking: whose it is, the value as a number and as text, what it is made of, its light."""

    name: str
    beside: str
    value: float
    text: str
    made_of: str
    light: Light


def ranked_bars(bars: Sequence[RankedBar]) -> list[tuple[RankedBar, float]]:
    """Each bar with its length in percent of the room, which holds the longest and 100 at least."""
    whole = max([100.0, *(bar.value for bar in bars)])
    return [(bar, round(bar.value / whole * 100, 2)) for bar in bars]


def stacked_bars(rows: Sequence[Mapping[str, Any]], name: str, parts: Sequence[tuple[str, str, str]]) -> Bars:
    """A bar for each row, from the floor up its `parts`: (field, mark for the colour, word for the hint).

    Values are numbers or decimal strings, none below zero; `name` is the field that names the bars.
    """
    floor = HEIGHT - BELOW
    room = floor - ABOVE
    top = max((sum(float(row[field]) for field, _, _ in parts) for row in rows), default=0.0)
    step = _step(top)
    whole = max(step * -(-top // step), step)
    place = (WIDTH - LEFT) / max(len(rows), 1)
    blocks: list[Block] = []
    for number, row in enumerate(rows):
        blocks += _bar(row, name, parts, LEFT + place * (number + GAP / 2), place * (1 - GAP), room / whole)
    every = -(-len(rows) // MOST_LABELS) or 1
    return Bars(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        floor=floor,
        blocks=blocks,
        scale=[
            _tick(step * line, floor - step * line * room / whole) for line in range(int(whole / step) + 1)
        ],
        names=[
            Tick(round(LEFT + place * (number + 0.5), 1), str(row[name]))
            for number, row in enumerate(rows)
            if number % every == 0
        ],
    )


def _bar(
    row: Mapping[str, Any],
    name: str,
    parts: Sequence[tuple[str, str, str]],
    x: float,
    width: float,
    unit: float,
) -> list[Block]:
    blocks, y = [], float(HEIGHT - BELOW)
    for field, mark, word in parts:
        height = float(row[field]) * unit
        y -= height
        hint = f"{row[name]} · {word}: {row[field]}"
        if height:
            blocks.append(Block(round(x, 1), round(y, 1), round(width, 1), round(height, 1), mark, hint))
    return blocks


def _step(top: float) -> float:
    """Distance of the scale's lines: 1, 2 or 5 times a power of ten, so that there are at most five."""
    size = 1
    while True:
        for step in _STEPS:
            if top <= step * size * 5:
                return float(step * size)
        size *= 10


def _tick(value: float, at: float) -> Tick:
    return Tick(round(at, 1), f"{value:g}" if value < 1_000_000 else f"{value:.0f}")
