"""Changes as they happen, to whoever listens: read once for all listeners of a process, when versions rise.

Nothing is read while nobody listens, and nothing is asked again and again: the versions are announced with
the commit that raised them. A listener who was away names the last change it has and misses none.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from service.core.errors import Unavailable
from service.core.retries import RECONNECT
from service.core.runtime import Runtime
from service.core.telemetry import expect_repeats, get_logger
from service.crew.answers.changes import change_object
from service.crew.queries.changes import AnyRow, select_changes, select_newest
from service.crew.queries.stations import select_stations

log = get_logger("service.crew")

ALIVE_EVERY: Final = 15.0
"""Seconds of silence after which a comment keeps proxies from closing the line."""
LONGEST: Final = 60.0
"""Seconds a stream lasts. Clients come back by themselves; whoever lost the right does not get in again."""
MOST_LISTENERS: Final = 200
MOST_WAITING: Final = 5_000
"""Messages that a slow listener may lag behind; then its stream ends, and it resumes from the feed."""
AT_ONCE: Final = 500
"""Changes that one statement reads."""
READY_WITHIN: Final = 5.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a listener is to hear: these stations (None: all), names or numbers."""

    codes: frozenset[str] | None
    redact: bool = False

    def hears(self, code: str) -> bool:
        """Whether it is to hear of this station."""
        return self.codes is None or code in self.codes


@dataclass(slots=True, eq=False)
class _Listener:
    what: Hearing
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    overrun: bool = False

    def give(self, number: int, message: bytes) -> None:
        if len(self.waiting) >= MOST_WAITING:
            self.overrun = True
        else:
            self.waiting.append((number, message))
        self.news.set()


class Listeners:
    """Those who listen to one process's feed."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._listeners: set[_Listener] = set()
        self._raised: dict[str, int] = {}
        self._woken = asyncio.Event()
        self._ready = asyncio.Event()
        self._last = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def count(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def require_room(self) -> None:
        """Raise `Unavailable` when as many listen as there may be at once."""
        if self.count >= MOST_LISTENERS:
            raise Unavailable(f"{MOST_LISTENERS} listen to the feed already", code="too_many_listeners")

    async def events(self, what: Hearing, after: int | None) -> AsyncIterator[bytes]:
        """What one listener is sent, for a minute at most: what it missed since `after`, then what comes."""
        expect_repeats("it reads what the listener missed, a block at a time")
        ends = time.monotonic() + LONGEST
        listener = _Listener(what)
        await self._enter(listener)
        try:
            async with asyncio.timeout(READY_WITHIN):
                await self._ready.wait()
            newest = await self._newest()
            # A feed that is shorter than what the listener has seen is another one: it begins anew.
            last = newest if after is None or after > newest else after
            yield b"retry: 1000\n\n" + _message("start", {"after": last}, last)
            async for number, message in self._missed(what, last, newest):
                last = number
                yield message
            async for said in _heard(listener, max(last, newest), ends):
                yield said
        except TimeoutError:
            return
        finally:
            await self._leave(listener)

    async def _newest(self) -> int:
        async with self.runtime.database.read() as conn:
            return await select_newest(conn)

    async def _missed(self, what: Hearing, after: int, newest: int) -> AsyncIterator[tuple[int, bytes]]:
        while after < newest:
            rows = await self._read(after, what.codes)
            for row in rows:
                if row.id <= newest:
                    yield row.id, _message("change", change_object(row, redact=what.redact), row.id)
            if len(rows) < AT_ONCE:
                return
            after = rows[-1].id

    async def _read(self, after: int, codes: Collection[str] | None) -> Sequence[AnyRow]:
        async with self.runtime.database.snapshot() as conn:
            stations = await select_stations(conn)
            ids = [one.id for one in stations if codes is None or one.code in codes]
            return await select_changes(conn, ids, after, AT_ONCE)

    async def _enter(self, listener: _Listener) -> None:
        self._listeners.add(listener)
        if self._task is None:
            self._ready.clear()
            # In a context of its own: it works for everybody, not for the request that came first.
            self._task = asyncio.create_task(self._work(), name="crew changes", context=Context())

    async def _leave(self, listener: _Listener) -> None:
        self._listeners.discard(listener)
        task = self._task
        if not self._listeners and task is not None:
            self._task = None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _risen(self, versions: Mapping[str, int]) -> None:
        for scope, version in versions.items():
            desk, _, code = scope.partition("/")
            if desk == "crew" and code and "/" not in code:
                self._raised[code] = version
                self._woken.set()

    async def _work(self) -> None:
        self._raised.clear()
        losses = 0
        end = self.runtime.versions.subscribe(self._risen)
        try:
            while True:
                started = time.monotonic()
                try:
                    await self._follow()
                except Exception as error:  # whatever it is, nothing is lost: it is read from the same place
                    losses = 1 if time.monotonic() - started > RECONNECT.cap else losses + 1
                    log.warning("crew_changes_unread", error=type(error).__name__)
                    self._woken.set()
                    await asyncio.sleep(RECONNECT.pause(losses))
        finally:
            end()

    async def _follow(self) -> None:
        if not self._ready.is_set():
            self._last = await self._newest()
            self._ready.set()
        while True:
            await self._woken.wait()
            self._woken.clear()
            raised, self._raised = self._raised, {}
            try:
                await self._tell()
            except BaseException:
                self._raised = raised | self._raised
                raise
            self._give_versions(raised)

    async def _tell(self) -> None:
        while True:
            rows = await self._read(self._last, None)
            for row in rows:
                self._last = row.id
                self._give(row)
            if len(rows) < AT_ONCE:
                return

    def _give(self, row: AnyRow) -> None:
        written: dict[bool, bytes] = {}
        for listener in self._listeners:
            if listener.what.hears(row.station):
                redact = listener.what.redact
                if redact not in written:
                    written[redact] = _message("change", change_object(row, redact=redact), row.id)
                listener.give(row.id, written[redact])

    def _give_versions(self, raised: Mapping[str, int]) -> None:
        for code, version in raised.items():
            message = _message("version", {"station": code, "version": version})
            for listener in self._listeners:
                if listener.what.hears(code):
                    listener.give(0, message)


async def _heard(listener: _Listener, after: int, ends: float) -> AsyncIterator[bytes]:
    """What comes; changes up to `after` were sent already."""
    while (left := ends - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(min(ALIVE_EVERY, left)):
                await listener.news.wait()
        except TimeoutError:
            yield b": alive\n\n"
            continue
        listener.news.clear()
        while listener.waiting:
            number, message = listener.waiting.popleft()
            if number == 0 or number > after:
                yield message
        if listener.overrun:
            return


def _message(kind: str, data: Mapping[str, Any], number: int | None = None) -> bytes:
    identifier = b"" if number is None else b"id: %d\n" % number
    body = orjson.dumps(data, option=orjson.OPT_UTC_Z)
    return b"event: %s\n%sdata: %s\n\n" % (kind.encode(), identifier, body)
