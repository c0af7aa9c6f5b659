"""Request ids, structured logs, timings and counters: what every room calls.

Everything here is O(1) per request and takes no lock across an await.
"""

from service.core.telemetry.context import (
    Timings,
    _timings,
    expect_repeats,
    happened,
    request_id,
    timed,
    timings,
    work_id,
)
from service.core.telemetry.distribution import Distribution
from service.core.telemetry.logs import configure_logs, get_logger, told, without_secrets
from service.core.telemetry.metrics import REGISTRY
from service.core.telemetry.requests import UNMATCHED, Telemetry, route_template

__all__ = [
    "REGISTRY",
    "UNMATCHED",
    "Distribution",
    "Telemetry",
    "Timings",
    "_timings",
    "configure_logs",
    "expect_repeats",
    "get_logger",
    "happened",
    "request_id",
    "route_template",
    "timed",
    "timings",
    "told",
    "without_secrets",
    "work_id",
]
