"""A plan as a picture: where each operation stands in a chart of its work centre. Geometry only, no words.

Across in percent of the time shown, so that a chart fills any width without distorting its letters; down in
pixels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from service.mill.rules.scheduling.blocks import Block
from service.mill.rules.weeks import monday_of

ROW: Final = 26
"""Pixels of a machine's row."""
BAR: Final = 20
"""Pixels of an operation's height."""
AXIS: Final = 20
"""Pixels above the first row, for the dates."""
MOST_LABELS: Final = 15
SHORT: Final = timedelta(days=3)
"""A picture up to this long has hours on its axis too."""
LEAST_WIDTH: Final = 0.15
"""Percent: what is shorter is drawn so wide, or nobody would see it."""
LABEL_WIDTH: Final = 4.0
"""Percent that an operation needs for its order number."""
_DAY: Final = timedelta(days=1)
_STEPS: Final = (1, 2, 7, 14, 28, 56, 112, 364)
_HOURS_OF_DAY: Final = (6, 12, 18)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the time axis; `label` is empty where there is no room for it, `week` marks Mondays."""

    x: float
    at: datetime
    label: str
    week: bool


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """An operation as far as it lies in the picture; `setup` is the percent of its own width."""

    block: Block
    x: float
    y: int
    width: float
    setup: float
    labelled: bool
    begins_before: bool
    ends_after: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A machine."""

    machine: str
    y: int
    blocks: Sequence[DrawnBlock]


@dataclass(frozen=True, slots=True)
class Chart:
    """A work centre: its machines that have work."""

    center: str
    height: int
    rows: Sequence[Row]

    @property
    def operations(self) -> int:
        """How many are drawn."""
        return sum(len(row.blocks) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Gantt:
    """A picture of a stretch of time; `outside` counts operations that lie wholly before or behind it."""

    start: datetime
    end: datetime
    zone: str
    ticks: Sequence[Tick]
    charts: Sequence[Chart]
    late: Sequence[Block]
    """The last part of each late order, the latest first, wherever in time it lies."""
    outside: int

    @property
    def blocks(self) -> Iterator[Block]:
        """What is drawn, by work centre, machine and time."""
        return (one.block for chart in self.charts for row in chart.rows for one in row.blocks)


def gantt(blocks: Sequence[Block], zone: str, start: datetime, end: datetime) -> Gantt:
    """The picture from one instant to another, by work centre and machine code.

    Raises:
        ValueError: it ends before it begins.
    """
    if end <= start:
        raise ValueError("a picture ends after it begins")
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    shown = [one for one in blocks if one.setup_start < end and one.end > start]
    shown.sort(key=lambda one: (one.center, one.machine, one.setup_start))
    by_center = groupby(shown, key=lambda one: one.center)
    charts = [_chart(center, found, start, end) for center, found in by_center]
    ticks = list(_ticks(start, end, zone))
    return Gantt(start, end, zone, ticks, charts, _late(blocks), len(blocks) - len(shown))


def span_of(blocks: Iterable[Block], now: datetime, most: timedelta) -> tuple[datetime, datetime]:
    """From now to the last end, a day at least and `most` at most."""
    last = max((one.end for one in blocks), default=now)
    return now, min(max(last, now + _DAY), now + most)


def _late(blocks: Iterable[Block]) -> list[Block]:
    latest = {block.order: block for block in sorted(blocks, key=lambda block: (block.end, block.part))}
    found = [block for block in latest.values() if block.late]
    return sorted(found, key=lambda block: (-(block.late_hours or 0), block.order))


def _chart(center: str, blocks: Iterable[Block], start: datetime, end: datetime) -> Chart:
    rows = []
    for number, (machine, found) in enumerate(groupby(blocks, key=lambda one: one.machine)):
        y = AXIS + number * ROW
        rows.append(Row(machine, y, [_drawn(one, y, start, end) for one in found]))
    return Chart(center, AXIS + len(rows) * ROW, rows)


def _drawn(block: Block, y: int, start: datetime, end: datetime) -> DrawnBlock:
    opens, closes = max(block.setup_start, start), min(block.end, end)
    width = max(_percent(closes - opens, end - start), LEAST_WIDTH)
    setup = max(min(block.run_start, end) - opens, timedelta())
    return DrawnBlock(
        block=block,
        x=min(_percent(opens - start, end - start), 100 - LEAST_WIDTH),
        y=y + (ROW - BAR) // 2,
        width=width,
        setup=_percent(setup, closes - opens),
        labelled=width >= LABEL_WIDTH,
        begins_before=block.setup_start < start,
        ends_after=block.end > end,
    )


def _ticks(start: datetime, end: datetime, zone: str) -> Iterator[Tick]:
    """Local midnights, a name for so many that they have room; a picture of a few days has hours as well."""
    first, last = start.astimezone(ZoneInfo(zone)).date(), end.astimezone(ZoneInfo(zone)).date()
    days = (last - first).days + 1
    step = next((step for step in _STEPS if days <= step * MOST_LABELS), days)
    monday = monday_of(first)
    for number in range(days):
        day = first + _DAY * number
        named = (day - monday).days % step == 0
        yield from _tick(day, time(), f"{day:%m-%d}" if named else "", start, end, zone)
        for hour in _HOURS_OF_DAY if end - start <= SHORT else ():
            yield from _tick(day, time(hour), f"{hour:02}:00", start, end, zone)


def _tick(day: date, wall: time, label: str, start: datetime, end: datetime, zone: str) -> Iterator[Tick]:
    at = datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
    if start <= at < end:
        yield Tick(_percent(at - start, end - start), at, label, day.weekday() == 0 and wall == time())


def _percent(part: timedelta, whole: timedelta) -> float:
    return round(part / whole * 100, 3)
