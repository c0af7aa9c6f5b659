"""Slow requests as plain data, and those of several processes together."""

from collections.abc import Sequence
from typing import Any

from service.core.telemetry.slow import KEPT, SLOW_REQUESTS, SlowRequest

Written = list[dict[str, Any]]


def written() -> Written:
    """Those of this process, newest first."""
    return [_plain(one) for one in reversed(SLOW_REQUESTS.latest)]


def merged(several: Sequence[Written]) -> Written:
    """The newest of several processes."""
    return sorted((one for ones in several for one in ones), key=lambda one: str(one["at"]), reverse=True)[
        :KEPT
    ]


def _plain(one: SlowRequest) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(timespec="microseconds"),
        "request_id": one.request_id,
        "route": one.route,
        "method": one.method,
        "status": one.status,
        "ms": round(one.seconds * 1000, 2),
        "spent_ms": {name: round(seconds * 1000, 2) for name, seconds in one.spent.items()},
        "counts": one.counts,
        "statements": [{"fingerprint": name, "times": times} for name, times in one.statements.items()],
        "cache": one.cache,
    }
