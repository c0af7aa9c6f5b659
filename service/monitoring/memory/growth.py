"""How memory grows: the slope of its samples, and when that is called a leak. Monotonic time only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

MIB: Final = 1024 * 1024
HOUR: Final = 3600.0

WARM_UP: Final = 900.0
"""Seconds since its start in which a process may grow: imports, pools and caches fill for some 10 minutes."""
LEAST_SPAN: Final = 1200.0
"""Seconds that a slope per hour needs under it: four lives of an answer (`CACHE__TTL`)."""
LEAST_SAMPLES: Final = 30
SHARE_PER_HOUR: Final = 0.01
"""Of the memory held: what a soak may grow (Q52)."""
LEAST_PER_HOUR: Final = 5.0 * MIB
"""Bytes an hour: less takes a process of 200 MiB longer than two days to the threshold of 500 MiB."""

Point = tuple[float, float]
"""Monotonic seconds and a value."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A least-squares line: units per hour with its standard error, over how many samples and seconds."""

    per_hour: float
    error: float
    samples: int
    seconds: float


def slope(points: Sequence[Point]) -> Slope | None:
    """Ordinary least squares; None for fewer than three samples or no time between them."""
    if len(points) < 3:
        return None
    clock, value = np.asarray(points, dtype=float).T
    clock, value = clock - clock.mean(), value - value.mean()
    spread = float(clock @ clock)
    if spread <= 0:
        return None
    steep = float(clock @ value) / spread
    left = value - steep * clock
    error = float(np.sqrt(left @ left / (len(points) - 2) / spread))
    return Slope(steep * HOUR, error * HOUR, len(points), points[-1][0] - points[0][0])


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Whether memory grows like a leak, the bound in bytes an hour, and why it is or is not called one."""

    suspected: bool
    bound: float
    because: str


def warm(points: Sequence[Point], began: float) -> list[Point]:
    """The samples after the warm-up of a process that began at `began` (monotonic)."""
    return [point for point in points if point[0] >= began + WARM_UP]


def suspicion(points: Sequence[Point]) -> Suspicion:
    """Judge the samples of RSS (bytes) after the warm-up.

    A leak grows all the time: the slope has to stand above the bound by twice its standard error, and so does
    that of the later half alone have to stand above it, which a single step does not do.
    """
    if len(points) < LEAST_SAMPLES or points[-1][0] - points[0][0] < LEAST_SPAN:
        return Suspicion(False, LEAST_PER_HOUR, "too few samples since the warm-up")
    bound = max(LEAST_PER_HOUR, SHARE_PER_HOUR * float(np.mean([value for _, value in points])))
    whole, later = slope(points), slope(points[len(points) // 2 :])
    if whole is None or later is None:
        return Suspicion(False, bound, "no time between the samples")
    if whole.per_hour - 2 * whole.error <= bound:
        return Suspicion(False, bound, f"{_told(whole)} is not above {bound / MIB:.1f} MiB/h for certain")
    if later.per_hour <= bound:
        return Suspicion(False, bound, f"it rose by {_told(whole)}, and in the later half by {_told(later)}")
    return Suspicion(True, bound, f"it rises by {_told(whole)}, in the later half by {_told(later)}")


def _told(line: Slope) -> str:
    return f"{line.per_hour / MIB:.1f} MiB/h"
