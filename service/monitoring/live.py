"""What the dashboard shows while it is open: worked out once for all who look, and sent as events.

Figures come every two seconds, the panels (endpoints, caches, alerts, …) every six. Nothing is worked out
while nobody looks.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import Context
from itertools import count, pairwise
from typing import Any, Final

import orjson
from pydantic import BaseModel

from service.core.errors import Unavailable
from service.core.telemetry import get_logger, told
from service.monitoring.figures import figures_between
from service.monitoring.monitor import Monitor
from service.monitoring.samples import Sample

log = get_logger(__name__)

TICK: Final = 2.0
"""Seconds between two figures; the page counts up from there how old they are."""
PANELS_EVERY: Final = 3
"""Ticks between two looks at the panels: people read tables, they do not watch them."""
PANEL_WITHIN: Final = 2.0
"""Seconds one panel may take; the others do not wait for a database that hangs."""
ALIVE_EVERY: Final = 15.0
MOST_VIEWERS: Final = 32
LONGEST: Final = 60.0
"""Seconds a stream lasts. Browsers come back by themselves; whoever lost the right does not get in again."""
RECENT: Final = 30
"""Kept samples that a new viewer is given, so that its sparklines are not empty: five minutes."""

Panel = Callable[[], Awaitable[BaseModel | Mapping[str, Any]]]


class Live:
    """The events of one process's dashboard; `viewers` is how many read them now."""

    def __init__(self, monitor: Monitor, panels: Mapping[str, Panel]) -> None:
        self.monitor = monitor
        self.panels = panels
        self.viewers = 0
        self._said, self._panels = b"", b""
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def require_room(self) -> None:
        """Raise `Unavailable` when as many look as there may be at once."""
        if self.viewers >= MOST_VIEWERS:
            raise Unavailable(f"{MOST_VIEWERS} people look at the dashboard already", code="too_many_viewers")

    async def events(self) -> AsyncIterator[bytes]:
        """What one viewer is sent, for a minute at most: first the recent past, then what comes."""
        ends = time.monotonic() + LONGEST
        self._enter()
        try:
            yield b"retry: 1000\n\n" + _event("recent", {"points": self._recent()}) + self._panels
            while time.monotonic() < ends:
                news = self._news
                try:
                    async with asyncio.timeout(ALIVE_EVERY):
                        await news.wait()
                except TimeoutError:
                    yield b": alive\n\n"
                else:
                    yield self._said
        finally:
            await self._leave()

    def _enter(self) -> None:
        self.viewers += 1
        if self._task is None:
            self._panels = b""  # they are of the time when somebody looked last
            # In a context of its own: it works for everybody, not for the request that came first.
            self._task = asyncio.create_task(self._work(), name="dashboard", context=Context())

    async def _leave(self) -> None:
        self.viewers -= 1
        task = self._task
        if self.viewers == 0 and task is not None:
            self._task = None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _work(self) -> None:
        samples = self.monitor.samples
        before = samples[-1] if samples else self.monitor.now()
        for tick in count():
            if tick:
                await asyncio.sleep(TICK)
            try:
                after = await self.monitor.everywhere()
                said = _event("figures", _point(before, after))
                if tick % PANELS_EVERY == 0:
                    self._panels = _event("panels", await self._look())
                    said += self._panels
            except Exception as error:  # the page says how old its figures are; the next may come
                log.warning("no figures for the dashboard", error=type(error).__name__, detail=told(error))
                continue
            before = after
            self._said, news, self._news = said, self._news, asyncio.Event()
            news.set()

    async def _look(self) -> dict[str, Any]:
        found = await asyncio.gather(*(_seen(name, panel) for name, panel in self.panels.items()))
        return dict(zip(self.panels, found, strict=True))

    def _recent(self) -> list[dict[str, Any]]:
        """The last five minutes; the samples are never changed, only dropped."""
        return [_point(before, after) for before, after in pairwise(list(self.monitor.samples)[-RECENT:])]


async def _seen(name: str, panel: Panel) -> Any:
    """What a panel shows; what it could not find out is said, and the others are shown all the same."""
    try:
        async with asyncio.timeout(PANEL_WITHIN):
            found = await panel()
    except Exception as error:  # whatever it is, the page stays
        log.warning(
            "a panel of the dashboard failed", panel=name, error=type(error).__name__, detail=told(error)
        )
        return {"unavailable": "no answer in time" if isinstance(error, TimeoutError) else told(error)}
    return found.model_dump(mode="json", by_alias=True) if isinstance(found, BaseModel) else found


def _point(before: Sample, after: Sample) -> dict[str, Any]:
    return {"at": after.at, "figures": figures_between(before, after)}


def _event(kind: str, data: Mapping[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps(data))
