"""How long answers should live, from how often they are asked for and how often their data change.

An answer never outlives its data, whatever its lifetime: the data version in its key ends it. So a lifetime
that ends answers before their data do costs builds for nothing, and one that outlasts them holds memory.
"""

import math
from dataclasses import dataclass
from typing import Final

from service.schemas.monitoring.cache import TtlAdvice, TtlVerdict

REQUESTS: Final = 50
"""Fewer say nothing."""
OBSERVED: Final = 600.0
"""Seconds watched, over all questions of the route; less says nothing."""
# Changes that come at random (Poisson) leave a share exp(-T/mean) of lives to end by the lifetime T; at
# T = ln(10) means that is a tenth.
LIVES: Final = math.log(10)
# Without a change in t seconds the rate is below 3/t with 95 % confidence ("rule of three").
NEVER_SEEN: Final = 3.0
SHORTEST: Final = 60
LONGEST: Final = 86_400
NEAR: Final = 2.0
"""A lifetime within this factor of the advised one is as good."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was observed of a route: `watched` and `changes` are sums over its questions."""

    namespace: str
    ttl: float
    requests: int
    watched: float
    changes: int
    expired: int
    unchanged: int


def ttl_advice(evidence: Evidence) -> TtlAdvice:
    """The lifetime at which nine of ten answers end with their data, if enough is known to say so."""
    if evidence.requests < REQUESTS or evidence.watched < OBSERVED:
        reason = f"too little is known: {evidence.requests} requests over {evidence.watched:.0f} s"
        return _advice(evidence, "unknown", None, reason)
    advised = _advised(evidence)
    often = _often(evidence)
    if advised > evidence.ttl * NEAR and evidence.unchanged:
        reason = (
            f"{often}; {evidence.unchanged} of {evidence.expired} expired answers were built again unchanged"
        )
        return _advice(evidence, "longer", advised, reason)
    if advised * NEAR < evidence.ttl and evidence.changes:
        reason = f"{often}: answers of that age are out of date and only hold memory"
        return _advice(evidence, "shorter", advised, reason)
    return _advice(evidence, "keep", round(evidence.ttl), f"{often}, which suits this lifetime")


def _advised(evidence: Evidence) -> int:
    mean = evidence.watched / (evidence.changes or NEVER_SEEN)
    seconds = min(max(LIVES * mean, SHORTEST), LONGEST)
    return round(seconds / 60) * 60


def _often(evidence: Evidence) -> str:
    if not evidence.changes:
        return f"no change was seen in {evidence.watched / 3600:.1f} h of watching"
    return f"data change every {evidence.watched / evidence.changes:.0f} s"


def _advice(evidence: Evidence, verdict: TtlVerdict, seconds: int | None, reason: str) -> TtlAdvice:
    watched = evidence.watched
    return TtlAdvice(
        namespace=evidence.namespace,
        verdict=verdict,
        ttl_seconds=round(evidence.ttl),
        advised_seconds=seconds,
        reason=reason,
        observed_seconds=round(watched),
        requests=evidence.requests,
        changes_per_hour=round(evidence.changes * 3600 / watched, 3) if watched else None,
        expired=evidence.expired,
        unchanged=evidence.unchanged,
    )
