"""How many requests are worked on at once: others wait their turn for a moment, or are refused quickly.

Without a bound an overload of ten times the capacity answers nobody, not even probes: thousands of requests
share the loop, each is late, its caller gives up, and the work was for nothing (measured: 3,655 of 4,217
requests and all of /livez timed out after 30 s). With it, what is taken is finished in time.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.errors import Unavailable, problem
from service.core.telemetry import UNMATCHED, happened
from service.core.telemetry.logs import request_line
from service.core.telemetry.metrics import REQUESTS
from service.core.telemetry.requests import offered_ids

LONGEST_QUEUE: Final = 1000
"""Requests that wait at most, also before it is known how fast they are."""
_WEIGHT: Final = 0.1
"""How much the newest distance between two answers counts in their mean."""
_UNBOUNDED: Final = ("/livez", "/readyz", "/health", "/metrics")
"""What tells how the service fares is answered whatever it does."""
_RETRY_AFTER: Final = 1
_DETAIL: Final = "more is asked than can be answered in time; try again"


def _overloaded() -> Unavailable:
    return Unavailable(_DETAIL, retry_after=_RETRY_AFTER, code="overloaded")


class Admission:
    """Turns for `most` requests at once, first come first served; nobody waits longer than `wait` seconds.

    Who would have to, by the pace at which turns became free lately, is refused at once.
    """

    def __init__(self, most: int, wait: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.wait = most, wait
        self.inside = 0
        self.waiting = 0
        self._clock = clock
        self._queue: deque[asyncio.Future[None]] = deque()
        self._pace = 0.0
        self._freed_at: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether one more would wait too long."""
        return self.waiting >= LONGEST_QUEUE or self.waiting * self._pace > self.wait

    async def enter(self) -> None:
        """Take a turn, which `leave` gives back. Raises `Unavailable` when none comes in time."""
        if self.inside < self.most:
            self.inside += 1
            return
        if self.is_full:
            raise _overloaded()
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        self.waiting += 1
        try:
            async with asyncio.timeout(self.wait):
                await turn
        except TimeoutError:
            if turn.cancelled():
                self._gave_up()
                raise _overloaded() from None
        except asyncio.CancelledError:
            if turn.cancelled():
                self._gave_up()
            else:
                self.leave()
            raise

    def leave(self) -> None:
        """Give a turn back: to who waits longest, if anybody does."""
        self._note_pace()
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                self.waiting -= 1
                turn.set_result(None)
                return
        self.inside -= 1

    def _gave_up(self) -> None:
        self.waiting -= 1
        while self._queue and self._queue[0].done():  # first in, first out of patience
            self._queue.popleft()

    def _note_pace(self) -> None:
        """The mean distance between two turns that became free while somebody waited for them."""
        now, before = self._clock(), self._freed_at
        self._freed_at = now if self.waiting else None
        if before is not None:
            distance = now - before
            self._pace += (distance - self._pace) * (_WEIGHT if self._pace else 1)


class Admitted:
    """ASGI layer around the routes: within it are the requests that have a turn.

    It stands behind the kept answers, which cost too little to be refused. An event stream gives its turn
    back when it begins, a body in pieces with its first one: they last as long as somebody listens or reads,
    and as many slow readers as there are turns would keep everybody else out.
    """

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self.app = app
        self.admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request when it has its turn. Raises `Unavailable` when that takes too long."""
        if scope["type"] != "http" or scope["path"].startswith(_UNBOUNDED):
            await self.app(scope, receive, send)
            return
        try:
            await self.admission.enter()
        except Unavailable:
            happened("admission", "refused")
            raise
        held = True

        async def noted(message: Message) -> None:
            nonlocal held
            if held and _lasts(message):
                held = False
                self.admission.leave()
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            if held:
                self.admission.leave()


def _lasts(message: Message) -> bool:
    """Whether its reader decides from here on how long the answer takes."""
    if message["type"] != "http.response.start":
        return bool(message.get("more_body", False))
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )


class QuickRefusal:
    """ASGI layer directly behind `Front`: refuses what would be refused in the end, at a tenth of the cost.

    `Front` has named the caller and found no kept answer. Whom it does not know takes the whole way, since an
    answer may be kept for them; people with a browser do too, for whom a problem becomes a page there.
    """

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self.app = app
        self.admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self.admission.is_full and scope["type"] == "http" and _is_known_program(scope):
            await self._refuse(scope, send)
        else:
            await self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        started = time.perf_counter()
        offered, correlation = offered_ids(scope)
        identifier = offered or f"{random.getrandbits(64):016x}"
        body = _REFUSAL.replace(_PLACE, identifier.encode())
        ids = [(b"x-request-id", identifier.encode()), (b"content-length", b"%d" % len(body))]
        if correlation is not None:
            ids.append((b"x-correlation-id", correlation.encode()))
        headers = [*_HEADERS, *ids]
        await send({"type": "http.response.start", "status": Unavailable.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        seconds = time.perf_counter() - started
        happened("admission", "refused")
        REQUESTS.series(UNMATCHED, scope["method"], Unavailable.status).add(seconds)
        line = {"route": UNMATCHED, "method": scope["method"], "status": Unavailable.status}
        named = {"request_id": identifier, "correlation_id": correlation or identifier}
        request_line(
            {**named, **line, "ms": round(seconds * 1000, 2), "db_ms": 0.0, "db_n": 0, "cache": None}
        )


def _is_known_program(scope: Scope) -> bool:
    caller = scope.get("state", {}).get("caller")
    return caller is not None and caller.kind == "key" and not scope["path"].startswith(_UNBOUNDED)


_PLACE: Final = b"0" * 16
_REFUSAL: Final = (
    problem(_overloaded(), request_id=_PLACE.decode(), instance=None).model_dump_json(by_alias=True).encode()
)
_HEADERS: Final = (
    (b"content-type", b"application/problem+json"),
    (b"retry-after", str(_RETRY_AFTER).encode()),
)
