"""Server-sent events: an iterator that comes back by itself where it was, until it is closed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from pydantic_core import from_json

from service.client._message import Request
from service.client._options import CallOptions
from service.client._session import Session
from service.client.errors import MusterError, Unreadable

END = "end"
"""The event after which a stream of ours says no more; any other stream goes on until it is closed."""
PAUSE = 1.0
"""Seconds before it comes back, where the service names none (`retry`)."""
MOST = 16 * 1024 * 1024
"""Bytes of one event at most."""
_LINE_END = re.compile(rb"\r\n|\n|\r(?=.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``data`` is its JSON as Python values, or the text of what is none.

    ``id`` is its place in the stream, for ``last_event_id``; None of what has no place (a state, a sign).
    """

    id: str | None
    event: str
    data: Any


class EventStream(AsyncIterator[Event]):
    """Events as they come, once: ``async for event in …``, best within ``async with``, which closes it.

    Where the connection ends it is made again, from ``last_event_id`` on. A failure that is worth it is tried
    again as often as a call is (``retries``) without an event between; then it is raised. A wait that was
    cancelled loses nothing. It ends after the event ``end``, with 204, and when it or the client is closed.
    It takes none of the client's slots, and no deadline: put ``asyncio.timeout`` around what may not last.
    """

    def __init__(self, session: Session, request: Request, options: CallOptions | None) -> None:
        self._session = session
        self._request = request
        self._options = options
        self._events = self._all()
        self._step: asyncio.Task[Event | None] | None = None
        self._closed = False
        self.last_event_id = request.headers.get("Last-Event-ID")
        self.pause = PAUSE
        session.closes(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        if self._closed:
            raise StopAsyncIteration
        if self._step is None:
            self._step = self._session.spawn(self._next())
        step = self._step
        await asyncio.wait({step})
        self._step = None
        event = None if step.cancelled() else step.result()
        if event is None:
            self._closed = True
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        """End it, also for who waits for its next event. A second time does nothing."""
        self._closed = True
        if self._step is not None:
            self._step.cancel()
            await asyncio.wait({self._step})
        await self._events.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._request.line()}>"

    async def _next(self) -> Event | None:
        return await anext(self._events, None)

    async def _all(self) -> AsyncGenerator[Event, None]:
        failed = 0
        while True:
            wait = self.pause
            try:
                async with self._session.listening(self._resumed(), self._options) as (head, chunks):
                    if head.status == 204:
                        return
                    async for event in self._told(chunks):
                        failed = 0
                        yield event
                        if event.event == END:
                            return
            except MusterError as error:
                again = self._session.wait_before(failed, error, self._request, self._options)
                if again is None:
                    raise
                failed, wait = failed + 1, again
            await asyncio.sleep(wait)

    def _resumed(self) -> Request:
        if self.last_event_id is None:
            return self._request
        headers = {name: value for name, value in self._request.headers.items() if name != "Last-Event-ID"}
        return replace(self._request, headers={**headers, "Last-Event-ID": self.last_event_id})

    async def _told(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
        """The events of one connection; one that is broken off is none, and comes again."""
        buffer, fields = b"", dict[str, list[str]]()
        async for chunk in chunks:
            buffer += chunk
            if len(buffer) + sum(map(len, fields.get("data", ()))) > MOST:
                raise Unreadable(f"{self._request.line()}: an event of more than {MOST} bytes")
            *lines, buffer = _LINE_END.split(buffer)
            for line in lines:
                if line:
                    name, _, value = line.decode(errors="replace").partition(":")
                    fields.setdefault(name, []).append(value.removeprefix(" "))
                    continue
                for event in self._finished(fields):
                    yield event
                fields = {}

    def _finished(self, fields: dict[str, list[str]]) -> Iterator[Event]:
        """What a block says: an event, where it has data; where to resume from; how long to wait before."""
        identifier = fields.get("id", [None])[-1]
        if identifier is not None and "\0" not in identifier:
            self.last_event_id = identifier
        for milliseconds in fields.get("retry", []):
            if milliseconds.isdecimal():
                self.pause = int(milliseconds) / 1000
        if "data" in fields:
            kind = fields.get("event", [""])[-1] or "message"
            yield Event(identifier, kind, _value("\n".join(fields["data"])))


def _value(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return text
