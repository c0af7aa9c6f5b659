"""The labels of a grid's columns, `HHMM` of wall time: are they a day's, and how long is a slot (D.1.3)."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from service.crew.rules.grid import Rejected
from service.crew.rules.slots import clock_change, columns, covered, day_bounds

RESOLUTIONS: Final = (5, 10, 15, 30, 60)
"""Minutes that a slot can have."""
MOST: Final = 12 * 25
"""Labels at most: five minutes through a day of 25 hours."""
_FOUR: Final = re.compile(r"[0-9]{4}")


def is_label(text: str) -> bool:
    """Whether a text is four digits; whether they are a time is another question."""
    return _FOUR.fullmatch(text) is not None


def resolution_of(labels: Sequence[str], asked: int, day: date, zone: str) -> int:
    """Minutes of a slot: the constant step of the labels, of a single one what was `asked`.

    On the day of a clock change one step may be another: to the first label after it. Raises `Rejected`
    (`bad_header`).
    """
    if not labels or len(labels) > MOST:
        raise Rejected("bad_header", f"{len(labels)} labels")
    times = [_minutes(label) for label in labels]
    steps = Counter(after - before for before, after in pairwise(times) if after > before)
    step = steps.most_common(1)[0][0] if steps else asked
    odd = [pair for pair in pairwise(times) if pair[1] - pair[0] != step]
    if step not in RESOLUTIONS or len(odd) > 1 or any(not _at_change(*pair, step, day, zone) for pair in odd):
        raise Rejected("bad_header", f"{len(labels)} labels with steps {sorted(steps)[:5]} minutes")
    return step


def covers_day(labels: Sequence[str], resolution: int, day: date, zone: str) -> bool:
    """Whether the slots are the whole local day, in either form that a day of a clock change may have."""
    return covered(columns(day, zone, tuple(labels), resolution)) == [day_bounds(day, zone)]


def places(said: Sequence[str], labels: Sequence[str]) -> list[int | None]:
    """Where labels stand in a grid's: of a repeated one the first is the first; None: it has none such."""
    met: Counter[str] = Counter()
    index: dict[tuple[str, int], int] = {}
    for at, label in enumerate(labels):
        index[label, met[label]] = at
        met[label] += 1
    met.clear()
    found = []
    for label in said:
        found.append(index.get((label, met[label])))
        met[label] += 1
    return found


def _minutes(label: str) -> int:
    hour, minute = int(label[:2]), int(label[2:])
    if hour > 23 or minute > 59:
        raise Rejected("bad_header", f"the label {label} is no time")
    return hour * 60 + minute


def _at_change(before: int, after: int, step: int, day: date, zone: str) -> bool:
    """Autumn: 0145 → 0100; spring: 0045 → 0200 (quarters of an hour, London)."""
    return clock_change(day, zone) == (before + step, after)
