"""Naive local moments as whole seconds, and their text: fast enough for millions of punches."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from service.simulators.frappe.generate.patterns import DAY

_TIMES = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]


@lru_cache(maxsize=4096)
def day_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def midnight(day: date) -> int:
    """Seconds of the first moment of `day`."""
    return day.toordinal() * DAY


def text(moment: int) -> str:
    """`2026-03-02 08:52:06`."""
    return f"{day_text(moment // DAY)} {_TIMES[moment % DAY]}"


def stamp(moment: int, micro: int) -> str:
    """With a fraction of six digits, as `modified` has."""
    return f"{day_text(moment // DAY)} {_TIMES[moment % DAY]}.{micro:06d}"
