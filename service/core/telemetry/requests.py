"""The outermost ASGI layer of ours: ids, timings, counters and one line for each request."""

import random
import re
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.telemetry.context import Timings, _ids, _timings
from service.core.telemetry.logs import request_line
from service.core.telemetry.metrics import REQUESTS
from service.core.telemetry.slow import SLOW_REQUESTS

UNMATCHED = "unmatched"
"""The route of requests that reached none: refused before, or no such path."""
PLAIN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
"""A caller's id goes into logs and headers: short and plain, or it is replaced."""


class Telemetry:
    """Gives the request its ids, times it, counts it, writes its line; passes every message on at once.

    One that took `slow` seconds or more is kept in `SLOW_REQUESTS`. Seconds that a route waited because it
    was asked to (`scope["state"]["waited"]`) are not among those it took.
    """

    def __init__(self, app: ASGIApp, *, slow: float = 0.5) -> None:
        self.app = app
        self.slow = slow

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with everything inside it carrying the same id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered, correlation = offered_ids(scope)
        identifier = offered or f"{random.getrandbits(64):016x}"
        scope.setdefault("state", {})["request_id"] = identifier
        measured = Timings(scope=scope)
        id_token, timings_token = _ids.set((identifier, correlation or identifier)), _timings.set(measured)
        started, status, streaming = time.perf_counter(), 500, None

        async def answer(message: Message) -> None:
            nonlocal status, streaming
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = list(message.get("headers", ()))
                named = {name for name, _ in headers}
                if b"x-request-id" not in named:
                    headers.append((b"x-request-id", identifier.encode()))
                if correlation is not None:
                    headers.append((b"x-correlation-id", correlation.encode()))
                if measured.seconds and b"server-timing" not in named:
                    headers.append((b"server-timing", measured.server_timing().encode()))
                if "db" in measured.seconds:
                    # As the mill's predecessor named it: what `db` is in Server-Timing.
                    headers.append((b"x-query-time", b"%.2f" % (measured.seconds["db"] * 1000)))
                if (b"content-type", b"text/event-stream; charset=utf-8") in headers:
                    # It lasts as long as somebody listens: answered, and in flight no longer.
                    streaming = time.perf_counter()
                    REQUESTS.in_flight -= 1
            await send(message)

        REQUESTS.in_flight += 1
        try:
            await self.app(scope, receive, answer)
        finally:
            REQUESTS.in_flight -= streaming is None
            self._record(scope, status, (streaming or time.perf_counter()) - started, measured)
            _ids.reset(id_token)
            _timings.reset(timings_token)

    def _record(self, scope: Scope, status: int, seconds: float, measured: Timings) -> None:
        route, state = route_template(scope), scope["state"]
        seconds = max(0.0, seconds - state.get("waited", 0.0))
        series = REQUESTS.series(route, scope["method"], status)
        series.add(seconds)
        if measured.seconds:
            series.spend(measured.seconds, measured.statements)
        if seconds >= self.slow:
            SLOW_REQUESTS.keep(state, route, scope["method"], status, seconds, measured)
        request_line(
            {
                "route": route,
                "method": scope["method"],
                "status": status,
                "ms": round(seconds * 1000, 2),
                "db_ms": round(measured.seconds.get("db", 0.0) * 1000, 2),
                "db_n": measured.counts.get("db", 0),
                "cache": state.get("cache"),
            }
        )


def route_template(scope: Scope) -> str:
    """The template of the matched route, never the path: 10,000 random paths must add no series.

    Where a router includes another one, the route in the scope knows its path from its own router on, the
    whole template stands in the effective context. A layer that answers before the routes says which one it
    answered for in `scope["state"]["route"]`.
    """
    context = scope.get("fastapi", {}).get("effective_route_context")
    whole = getattr(context, "path", None) or getattr(scope.get("route"), "path", None)
    return str(whole or scope.get("state", {}).get("route") or UNMATCHED)


def offered_ids(scope: Scope) -> tuple[str | None, str | None]:
    """The caller's own id of the request, and that of the whole it belongs to, where they are plain."""
    request = correlation = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and request is None and PLAIN_ID.match(value):
            request = value.decode("ascii")
        elif name == b"x-correlation-id" and correlation is None and PLAIN_ID.match(value):
            correlation = value.decode("ascii")
    return request, correlation
