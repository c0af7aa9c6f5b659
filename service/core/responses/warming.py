"""After a commit the answers asked for most are built again, before somebody asks for them.

A remembered GET is asked again through the same layers and routes, for the same caller, whose rights are
looked up at that moment. Nothing is built that nobody asked for, and real requests come first.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.types import Message, Scope

from service.core.auth import Caller
from service.core.flags import Acted, Flags
from service.core.responses import Responses
from service.core.responses.negotiation import Key
from service.core.responses.popularity import Wanted
from service.core.settings import CacheSettings
from service.core.telemetry import get_logger, happened, told, work_id

log = get_logger(__name__)

SETTLE: Final = 0.1
"""Seconds from a commit to the look at what it outdated: commits of a sync come in bursts."""
YIELD: Final = 0.02
"""Seconds between looks whether real requests have left a place free."""
Chosen = deque[tuple[Key, Wanted]]


@dataclass(slots=True)
class Warmth:
    """What warming did since the start; the last round is the one that ended last.

    `refused` were asked for by somebody who has lost the rights, `failed` gave no answer that may be kept,
    `left_over` found no time. `used` were asked for afterwards and saved `saved_seconds` of building.
    """

    rounds: int = 0
    warmed: int = 0
    refused: int = 0
    failed: int = 0
    left_over: int = 0
    used: int = 0
    saved_seconds: float = 0.0
    seconds: float = 0.0
    last_at: datetime | None = None
    last_seconds: float | None = None
    last_warmed: int | None = None


class Warmer:
    """Warms the answers of one process; `confirm` is the authenticator's.

    `enabled` is the operator's switch. At most `at_once` answers are built at a time, those of waiting
    requests included, for at most `seconds` after a commit; none once `draining`.
    """

    def __init__(
        self,
        responses: Responses,
        settings: CacheSettings,
        *,
        confirm: Callable[[Caller], Awaitable[bool]],
        draining: Callable[[], bool] = lambda: False,
    ) -> None:
        self.responses = responses
        self.seconds = settings.warm_seconds
        self.at_once = settings.warm_at_once
        self.enabled = True
        self.under_way = 0
        self._confirm = confirm
        self._wants: Callable[[str], bool] = lambda _: True
        self._draining = draining
        self._done = Warmth()
        self._risen = asyncio.Event()

    @property
    def usable(self) -> bool:
        """Whether anything may be warmed now."""
        return self.enabled and self.seconds > 0 and self.responses.usable and not self._draining()

    def follow(self, flags: Flags) -> None:
        """Warm for the callers that have the flag `warming`."""
        self._wants = lambda caller_id: flags.acts("warming", caller_id)
        flags.sources["warming"] = self._acted

    def _acted(self) -> Acted:
        done = self.statistics()
        return Acted(
            done.warmed, done.saved_seconds, "seconds", "builds of warmed answers that were asked for"
        )

    def risen(self, _: Mapping[str, int]) -> None:
        """Hear of raised versions."""
        self._risen.set()

    def statistics(self) -> Warmth:
        """What it did so far."""
        self.responses.repeats.settle()
        self._done.used, self._done.saved_seconds = self.responses.popularity.settled()
        return self._done

    async def run(self) -> None:
        """Warm after each commit, until cancelled; as long at rest as at work."""
        while True:
            await self._risen.wait()
            await asyncio.sleep(SETTLE)
            self._risen.clear()
            started = time.monotonic()
            try:
                await self.round()
            except Exception as error:  # whatever it is, the next commit finds it at work
                happened("warming", "failed")
                log.error("warming_failed", error=type(error).__name__, detail=told(error))
            await asyncio.sleep(time.monotonic() - started)

    async def round(self) -> None:
        """Build what became outdated and is worth it, as far as the time goes."""
        versions = self.responses.versions
        if versions is None:
            return
        # Also looked at when nothing may be warmed: how often data change is known from it.
        self.responses.repeats.settle()
        outdated = self.responses.popularity.outdated(versions)
        chosen: Chosen = deque(pair for pair in outdated if self._wants(pair[1].again.caller.id))
        if not chosen or not self.usable:
            return
        started, before = time.monotonic(), self._done.warmed
        with suppress(TimeoutError), work_id("warming"):
            async with asyncio.timeout(self.seconds), asyncio.TaskGroup() as group:
                for _ in range(min(self.at_once, len(chosen))):
                    group.create_task(self._work(chosen))
        self._note(time.monotonic() - started, self._done.warmed - before, len(chosen))

    def _note(self, seconds: float, warmed: int, left_over: int) -> None:
        done = self._done
        done.rounds += 1
        done.left_over += left_over
        done.seconds += seconds
        done.last_at, done.last_seconds, done.last_warmed = datetime.now(UTC), seconds, warmed
        log.debug("warmed", answers=warmed, left_over=left_over, ms=round(seconds * 1000))

    async def _work(self, chosen: Chosen) -> None:
        while chosen and self.usable:
            if self.responses.waiting + self.under_way >= self.at_once:
                await asyncio.sleep(YIELD)
                continue
            key, wanted = chosen.popleft()
            self.under_way += 1
            try:
                await self._warm(key, wanted)
            finally:
                self.under_way -= 1

    async def _warm(self, key: Key, wanted: Wanted) -> None:
        versions = self.responses.versions
        if versions is None or versions.known(wanted.scopes) == wanted.versions:
            return  # a reader was faster
        try:
            outcome = await self._outcome(key, wanted)
        except Exception as error:  # a route that fails for us fails its readers too, and is told there
            outcome = "failed"
            log.debug("warming_of_an_answer_failed", route=wanted.route, error=type(error).__name__)
        happened("warming", outcome)
        if outcome == "warmed":
            self._done.warmed += 1
        elif outcome == "refused":
            self._done.refused += 1
        else:
            self._done.failed += 1

    async def _outcome(self, key: Key, wanted: Wanted) -> str:
        if not await self._confirm(wanted.again.caller):
            self.responses.popularity.forget(key)
            return "refused"
        wanted.warmed = False
        await wanted.again.ask(_scope(key, wanted), _Silence().receive, _drop)
        return "warmed" if wanted.warmed else "failed"


class _Silence:
    """The reader of a warmed answer: sends no body and never leaves."""

    def __init__(self) -> None:
        self._begun = False

    async def receive(self) -> Message:
        if self._begun:
            await asyncio.Event().wait()
        self._begun = True
        return {"type": "http.request", "body": b"", "more_body": False}


async def _drop(_: Message) -> None:
    """Nobody reads it: the layer has kept it."""


def _scope(key: Key, wanted: Wanted) -> Scope:
    path, _, _, scheme, host = key
    again = wanted.again
    headers = [(b"host", host)] + ([(b"accept", again.accept)] if again.accept else [])
    state: dict[str, Any] = {"caller": again.caller, "request_id": "warming"}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme,
        "path": path,
        "raw_path": again.raw_path,
        "query_string": again.query_string,
        "root_path": again.root_path,
        "headers": headers,
        "client": None,
        "server": None,
        "app": again.app,
        "state": state,
    }


@asynccontextmanager
async def warming(warmer: Warmer) -> AsyncIterator[Warmer]:
    """Let a warmer follow its versions while the block runs."""
    versions = warmer.responses.versions
    unsubscribe = versions.subscribe(warmer.risen) if versions is not None else lambda: None
    task = asyncio.create_task(warmer.run(), name="warming")
    try:
        yield warmer
    finally:
        unsubscribe()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
