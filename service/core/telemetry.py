"""Request ids, structured logs, timings and counters: what every room calls.

Everything here is O(1) per request and takes no lock across an await.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.settings import LogSettings

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "muster_requests", "Requests by route template", ("route", "method", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "muster_request_seconds",
    "Seconds a request took",
    ("route",),
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 30),
    registry=REGISTRY,
)
IN_FLIGHT = Gauge("muster_requests_in_flight", "Requests being answered", registry=REGISTRY)
EVENTS = Counter(
    "muster_events", "Things that happened, by name and outcome", ("name", "outcome"), registry=REGISTRY
)

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_timings: ContextVar["Timings | None"] = ContextVar("timings", default=None)
# A caller's id goes into logs and headers: short and plain, or it is replaced.
_PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")


@dataclass(slots=True)
class Timings:
    """Seconds and counts by name (`db`, `cache`, `build`) within one request or job."""

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        """Add one measured piece of work."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self.counts[name] = self.counts.get(name, 0) + 1

    def server_timing(self) -> str:
        """The `Server-Timing` header value, milliseconds."""
        return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in self.seconds.items())


def request_id() -> str | None:
    """The id of the request or run being served, if any."""
    return _request_id.get()


def timings() -> Timings:
    """The timings of the request being served (a throw-away outside one)."""
    return _timings.get() or Timings()


def happened(name: str, outcome: str = "ok", amount: float = 1) -> None:
    """Count something that happened."""
    EVENTS.labels(name, outcome).inc(amount)


@contextmanager
def timed(name: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """Time a piece of work: into the request's timings, the counters and a DEBUG line.

    Yields the fields, so that the work can add what it learnt (rows, bytes).
    """
    started = time.perf_counter()
    outcome = "failed"
    try:
        yield fields
        outcome = "ok"
    finally:
        seconds = time.perf_counter() - started
        timings().add(name, seconds)
        happened(name, outcome)
        get_logger("service.timing").debug(name, ms=round(seconds * 1000, 3), outcome=outcome, **fields)


@contextmanager
def work_id(identifier: str) -> Iterator[None]:
    """Everything logged inside carries this id (a job's run id, a command's name)."""
    token = _request_id.set(identifier)
    try:
        yield
    finally:
        _request_id.reset(token)


def get_logger(name: str) -> Any:
    """A structured logger: `log.info("event", key=value)`."""
    return structlog.get_logger(name)


def _add_request_id(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    identifier = _request_id.get()
    if identifier is not None:
        event["request_id"] = identifier
    return event


def configure_logs(settings: LogSettings) -> None:
    """Set up structlog once for the process; JSON lines, or readable ones on a terminal."""
    readable = settings.format == "readable" or (settings.format == "auto" and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if readable:
        processors.append(structlog.dev.ConsoleRenderer())
        factory: Any = structlog.PrintLoggerFactory(sys.stderr)
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(orjson.dumps)]
        factory = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.level)),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )


class Telemetry:
    """The outermost ASGI layer: gives the request its id, times it, counts it, writes its line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.log = get_logger("service.request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with everything inside it carrying the same id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identifier = _offered_id(scope) or secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = identifier
        measured = Timings()
        id_token, timings_token = _request_id.set(identifier), _timings.set(measured)
        started, status = time.perf_counter(), 500
        IN_FLIGHT.inc()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = identifier
                if measured.seconds and "server-timing" not in headers:
                    headers["Server-Timing"] = measured.server_timing()
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            IN_FLIGHT.dec()
            self._record(scope, status, time.perf_counter() - started, measured)
            _request_id.reset(id_token)
            _timings.reset(timings_token)

    def _record(self, scope: Scope, status: int, seconds: float, measured: Timings) -> None:
        # The template, never the path: 10,000 random paths must add no series.
        route = getattr(scope.get("route"), "path", None) or scope.get("state", {}).get("route", "unmatched")
        REQUESTS.labels(route, scope["method"], f"{status // 100}xx").inc()
        SECONDS.labels(route).observe(seconds)
        self.log.info(
            "request",
            route=route,
            method=scope["method"],
            status=status,
            ms=round(seconds * 1000, 2),
            db_ms=round(measured.seconds.get("db", 0.0) * 1000, 2),
            db_n=measured.counts.get("db", 0),
        )


def _offered_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _PLAIN_ID.match(value):
            return str(value.decode("ascii"))
    return None
