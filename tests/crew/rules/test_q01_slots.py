"""Q1 for segments: no difference from asking each minute of a day what its clock shows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from service.crew.rules.grid import AVAILABLE, UNKNOWN, Cell
from service.crew.rules.labels import covers_day, resolution_of
from service.crew.rules.slots import columns, segments

CHANGES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
]
SMALL, FULL = 40, 12_500
"""Generated days per clock change: 320 and 100,000 in all."""
CELLS = (UNKNOWN, AVAILABLE, Cell("unavailable", "W"), Cell("unavailable", "off"))
MINUTE = timedelta(minutes=1)


@lru_cache
def clock(day: date, zone: str) -> list[tuple[datetime, int, int]]:
    """The minutes of a local day: the instant, the minutes its clock shows, and whether for the second time."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    shown = ((at, at.astimezone(ZoneInfo(zone))) for at in (start + MINUTE * n for n in range(3 * 1440)))
    return [(at, wall.hour * 60 + wall.minute, wall.fold) for at, wall in shown if wall.date() == day]


def labels_of(day: date, zone: str, resolution: int, *, walked: bool) -> list[int]:
    """Minutes of the labels: each once, or as the clock walks through the day."""
    if not walked:
        return list(range(0, 1440, resolution))
    return [wall for at, (_, wall, _) in enumerate(clock(day, zone)) if at % resolution == 0]


@lru_cache
def slot_of_minutes(day: date, zone: str, labels: tuple[int, ...], resolution: int) -> np.ndarray:
    """For each minute of the day the number of its slot, -1 for none.

    Labels that begin again follow the clock: what stands behind is the second time of its minutes, what
    stands before the first, also where the other one is not in the grid.
    """
    turn = next((at for at, (one, other) in enumerate(pairwise(labels), 1) if other <= one), None)
    often = Counter(wall for _, wall, _ in clock(day, zone))
    found = []
    for _, wall, again in clock(day, zone):
        hits = [at for at, label in enumerate(labels) if label <= wall < label + resolution]
        if turn is not None and often[wall] > 1:
            hits = [at for at in hits if (at >= turn) == bool(again)]
        found.append(hits[0] if hits else -1)
    return np.array(found)


def differences(zone: str, change: date, count: int) -> int:
    """How many of the generated days are said otherwise than by their minutes."""
    random = np.random.default_rng(change.toordinal())
    wrong = 0
    for _ in range(count):
        day = change + timedelta(days=int(random.integers(-1, 2)))
        resolution = int(random.choice([5, 10, 15, 30]))
        whole = labels_of(day, zone, resolution, walked=bool(random.integers(2)))
        first, last = sorted(random.integers(0, len(whole) + 1, 2)) if random.integers(3) == 0 else (0, None)
        minutes = tuple(whole[first:last])
        if not minutes:
            continue
        # Runs, as people book them, and not a noise of slots.
        states = np.repeat(random.integers(0, 4, len(minutes)), random.integers(1, 30, len(minutes)))
        wrong += not agrees(day, zone, minutes, states[: len(minutes)], resolution)
    return wrong


def agrees(day: date, zone: str, minutes: tuple[int, ...], states: np.ndarray, resolution: int) -> bool:
    """Whether segments say of each minute what its own slot says."""
    labels = tuple(f"{at // 60:02}{at % 60:02}" for at in minutes)
    said = segments([CELLS[at] for at in states], columns(day, zone, labels, resolution))
    slots = slot_of_minutes(day, zone, minutes, resolution)
    expected = np.where(slots < 0, 0, states[slots])
    start = clock(day, zone)[0][0]
    found = np.zeros(len(slots), dtype=int)
    for one in said:
        here = slice((one.start - start) // MINUTE, (one.end - start) // MINUTE)
        if here.start < 0 or found[here].any():
            return False
        found[here] = CELLS.index(Cell(one.state, one.reason))
    parted = all(a.end != b.start or (a.state, a.reason) != (b.state, b.reason) for a, b in pairwise(said))
    return bool((found == expected).all()) and parted


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_q1_segments_are_what_the_clock_of_each_minute_says(zone: str, change: date) -> None:
    assert differences(zone, change, SMALL) == 0


@pytest.mark.prove
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_q1_segments_are_what_the_clock_of_each_minute_says_full(zone: str, change: date) -> None:
    assert differences(zone, change, FULL) == 0


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("walked", [False, True])
@pytest.mark.parametrize("resolution", [5, 15, 30])
def test_q1_a_whole_day_in_either_form_is_whole(
    zone: str, change: date, walked: bool, resolution: int
) -> None:
    for day in (change - timedelta(days=1), change):
        minutes = labels_of(day, zone, resolution, walked=walked)
        labels = [f"{at // 60:02}{at % 60:02}" for at in minutes]
        assert resolution_of(labels, resolution, day, zone) == resolution
        assert covers_day(labels, resolution, day, zone)
        assert not covers_day(labels[1:], resolution, day, zone)
