"""Straight lines through points of time: how fast a figure rises and when it meets its limit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, linear_regression
from typing import Final

MIN_POINTS: Final = 8
MIN_SECONDS: Final = 240.0
"""A shorter stretch tells of a moment, not of a course."""
CLEARLY: Final = 2.0
"""Standard errors by which a slope must be above zero before a limit is told from it."""

Point = tuple[float, float]
"""Seconds of a monotonic clock, and the value then."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line of least squares: its slope per second, its value at the last point, seconds to the limit."""

    slope: float
    current: float
    to_limit: float | None


def line(points: Sequence[Point], limit: float | None = None) -> Line | None:
    """The line through these points; None when they are too few, or too close together.

    `to_limit` is None without a limit, and when the line does not clearly rise: its slope must be two
    standard errors (residuals over n - 2, by the spread of the instants) above zero. It is 0 where the limit
    is reached already.
    """
    if len(points) < MIN_POINTS or points[-1][0] - points[0][0] < MIN_SECONDS:
        return None
    instants, values = [at for at, _ in points], [value for _, value in points]
    slope, intercept = linear_regression(instants, values)
    current = intercept + slope * instants[-1]
    rises = slope > CLEARLY * _standard_error(instants, values, slope, intercept)
    if limit is None or not rises or slope <= 0:
        return Line(slope, current, None)
    return Line(slope, current, max(0.0, (limit - current) / slope))


def _standard_error(
    instants: Sequence[float], values: Sequence[float], slope: float, intercept: float
) -> float:
    middle = fmean(instants)
    spread = math.fsum((at - middle) ** 2 for at in instants)
    left = math.fsum(
        (value - intercept - slope * at) ** 2 for at, value in zip(instants, values, strict=True)
    )
    return math.sqrt(left / (len(instants) - 2) / spread)
