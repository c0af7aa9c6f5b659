"""ok → pending → firing → ok, as pure functions of a rule, how it stands, a reading and the time.

`unknown` is a rule whose value cannot be had; one that fires goes on until it is seen to resolve. A reading
that is `idle` tells that nothing happened that the value could be of (no request, no p95): that is no breach,
and no blindness either.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from service.schemas.monitoring.alerts import AlertState

COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
EVERY: Final = timedelta(seconds=30)
LONGEST_STEP: Final = 3 * EVERY
"""What one evaluation may add to a duration: more is a restart, or a clock that jumped."""
BLIND: Final = timedelta(minutes=5)
"""A value that cannot be had for so long is told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a rule compares with; `clear_at` as of the wire model."""

    comparison: str
    threshold: float
    clear_at: float | None = None
    hold: timedelta = timedelta(0)

    def beyond(self, value: float) -> bool:
        """Whether the value is beyond the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)

    def cleared(self, value: float) -> bool:
        """Whether a firing rule resolves at this value."""
        limit = self.threshold if self.clear_at is None else self.clear_at
        return not COMPARISONS[self.comparison](value, limit)


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule's value, in words with its completeness; None and not `idle`: it could not be had."""

    value: float | None
    detail: str
    unit: str = ""
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands. Durations of `pending` and `unknown` count from `since`."""

    state: AlertState
    since: datetime
    evaluated_at: datetime | None


def judged(limits: Limits, standing: Standing, reading: Reading, now: datetime) -> Standing:
    """How it stands after this reading."""
    before = _observed(standing, now)
    state = _state(limits, before, reading, now)
    since = before.since if state == before.state else now
    return Standing(state, since, now)


def _observed(standing: Standing, now: datetime) -> Standing:
    """`since` moved so that only time that was watched counts: a service that was down watched nothing."""
    if standing.state not in {"pending", "unknown"} or standing.evaluated_at is None:
        return standing
    passed = now - standing.evaluated_at
    watched = min(max(passed, timedelta(0)), LONGEST_STEP)
    return replace(standing, since=standing.since + (passed - watched))


def _state(limits: Limits, standing: Standing, reading: Reading, now: datetime) -> AlertState:
    if reading.value is None and reading.idle:
        return "ok"
    if standing.state == "firing":
        resolved = reading.value is not None and limits.cleared(reading.value)
        return "ok" if resolved else "firing"
    if reading.value is None:
        return "unknown"
    if not limits.beyond(reading.value):
        return "ok"
    since = standing.since if standing.state == "pending" else now
    return "firing" if now - since >= limits.hold else "pending"


def to_tell(standing: Standing, told: AlertState | None, *, silenced: bool) -> bool:
    """Whether people are to hear of this state now; `told` is the state they heard of last."""
    if silenced or standing.state in {told, "pending"}:
        return False
    if standing.state == "unknown":
        return standing.evaluated_at is not None and standing.evaluated_at - standing.since >= BLIND
    return standing.state == "firing" or told is not None
