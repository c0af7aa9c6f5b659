"""Connections: what is no HTTP is told so, and nobody holds one without bringing or taking anything.

uvicorn bounds the time between requests (5 s), and neither the time nor the size of a head, nor the time of a
body, nor that of a reader who stops reading. A look once a second at all connections costs a request nothing.
"""

import asyncio
import resource
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.core.errors import BadRequest, ServiceError, problem_response
from service.core.telemetry import happened

HEAD_WITHIN: Final = 10.0
"""Seconds that a request's head may take, the first one's from the connection on."""
UNDER_PRESSURE: Final = 1.0
"""The same while more than half of the descriptors are taken."""
BODY_WITHIN: Final = 20.0
"""Seconds in which a body must bring `LEAST_BODY` more bytes (500 a second, as Apache's mod_reqtimeout)."""
LEAST_BODY: Final = 10_000
READ_WITHIN: Final = 60.0
"""Seconds in which a reader must take what was written, down to the low-water mark of its buffer (16 KiB)."""
LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a head at most; common servers take 8 to 48 KiB."""
LOOK_EVERY: Final = 1.0
MOST_CLOSED: Final = 500
"""Connections closed in one look: with an answer each takes 0.1 ms, in which nobody else is served."""


class HeadTooLarge(ServiceError):
    """The request line and headers are larger than any of ours need be."""

    status, code, title = 431, "head_too_large", "The request's head is too large"


class TooSlow(ServiceError):
    """The request did not arrive in time."""

    status, code, title = 408, "too_slow", "The request took too long to arrive"


class Protocol(HttpToolsProtocol):
    """HTTP over one connection; `waits_since` and what stands below it belong to `watched`."""

    waits_since: float | None = None
    waits_for: object = None
    received = 0
    received_before = 0
    stuck_since: float | None = None
    _head = 0
    _head_after: object = None

    def send_400_response(self, msg: str) -> None:
        """Say that this cannot be read, and close."""
        self.refuse(BadRequest(msg))

    def refuse(self, error: ServiceError) -> None:
        """Answer a request that no application hears of, and close."""
        identifier = secrets.token_hex(8)
        answer = problem_response(error, None, identifier)
        answer.headers["X-Request-Id"] = identifier
        answer.headers["Connection"] = "close"
        head = b"".join(b"%b: %b\r\n" % pair for pair in answer.raw_headers)
        status = f"HTTP/1.1 {error.status} {error.title}\r\n".encode()
        self.transport.write(status + head + b"\r\n" + bytes(answer.body))
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Parse what came; a head that does not end is bounded."""
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:  # no request is whole: this was a part of a head
            self._count_head(cycle, len(data))

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has come since the last whole one."""
        return self._head > 0 and self._head_after is self.cycle

    def _count_head(self, cycle: RequestResponseCycle | None, size: int) -> None:
        if self._head_after is not cycle:
            self._head_after, self._head = cycle, 0
        self._head += size
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            happened("connection", "head_too_large")
            self.refuse(HeadTooLarge(f"a request's head has at most {LARGEST_HEAD} bytes here"))

    def on_body(self, body: bytes) -> None:
        """Count what a body brings."""
        self.received += len(body)
        super().on_body(body)

    def pause_writing(self) -> None:
        """The reader does not keep up; `watched` sees since when."""
        self.stuck_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self.stuck_since = None
        super().resume_writing()

    def is_late(self, now: float, head_within: float) -> str | None:
        """Why this connection is to be closed; None when it is not."""
        if self.stuck_since is not None and now - self.stuck_since > READ_WITHIN:
            return "reader"
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            return self._late_body(cycle, now)
        if self.timeout_keep_alive_task is not None:  # between two requests: uvicorn's own timer runs
            self.waits_for = self
            return None
        return "head" if self._waited(cycle, now) > head_within else None

    def _late_body(self, cycle: RequestResponseCycle, now: float) -> str | None:
        if not cycle.more_body or self.flow.read_paused:  # it is we who do not read on
            self.waits_for = self
            return None
        if self._waited(cycle, now) == 0:
            self.received_before = self.received
        elif now - cast(float, self.waits_since) > BODY_WITHIN:
            if self.received - self.received_before < LEAST_BODY:
                return "body"
            self.waits_since, self.received_before = now, self.received
        return None

    def _waited(self, reason: object, now: float) -> float:
        """Seconds since a look first found it waiting for this; a new wait begins with 0."""
        if self.waits_for is not reason or self.waits_since is None:
            self.waits_for, self.waits_since = reason, now
        return now - self.waits_since


def close_late(connections: Iterable[Any], now: float, head_within: float) -> int:
    """Close the connections that are late; returns how many."""
    late = 0
    for connection in list(connections):
        why = connection.is_late(now, head_within) if isinstance(connection, Protocol) else None
        if why is None or connection.transport.is_closing():
            continue
        if late == MOST_CLOSED:
            break
        late += 1
        happened("connection", f"late_{why}")
        if why == "head" and not connection.has_begun:
            connection.transport.close()  # nobody has asked anything: a browser opens such sockets ahead
        elif why != "head":
            connection.transport.abort()  # an answer may be half written: nothing can be said any more
        else:
            connection.refuse(TooSlow("a request arrives within some seconds, or its connection is closed"))
    return late


@asynccontextmanager
async def watched(connections: "set[Any]") -> AsyncIterator[None]:
    """Look at these connections every second while the block runs."""
    task = asyncio.create_task(_watch(connections, descriptors()), name="connections")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(connections: "set[Any]", most: int) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(LOOK_EVERY)
        close_late(connections, loop.time(), UNDER_PRESSURE if len(connections) > most / 2 else HEAD_WITHIN)


def descriptors() -> int:
    """Let this process open as many files and sockets as it may; returns that number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard if hard != resource.RLIM_INFINITY else 1_000_000
    return soft
