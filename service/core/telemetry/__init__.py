"""Request ids, structured logs, timings and counters: what every room calls.

Everything here is O(1) per request and takes no lock across an await.
"""

from service.core.telemetry.context import (
    Timings,
    _timings,
    afterwards,
    correlation_id,
    expect_repeats,
    happened,
    request_id,
    timings,
    work_id,
)
from service.core.telemetry.distribution import Distribution
from service.core.telemetry.levels import LEVELS
from service.core.telemetry.logger import Logger, get_logger, timed
from service.core.telemetry.logs import LEVELS_CHANNEL, configure_logs, hear_level, told, without_secrets
from service.core.telemetry.metrics import REGISTRY
from service.core.telemetry.operations import OPERATIONS, profiled
from service.core.telemetry.requests import UNMATCHED, Telemetry, route_template

__all__ = [
    "LEVELS",
    "LEVELS_CHANNEL",
    "OPERATIONS",
    "REGISTRY",
    "UNMATCHED",
    "Distribution",
    "Logger",
    "Telemetry",
    "Timings",
    "_timings",
    "afterwards",
    "configure_logs",
    "correlation_id",
    "expect_repeats",
    "get_logger",
    "happened",
    "hear_level",
    "profiled",
    "request_id",
    "route_template",
    "timed",
    "timings",
    "told",
    "without_secrets",
    "work_id",
]
