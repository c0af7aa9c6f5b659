"""Samples the stacks of a process for some seconds: the event loop's thread and the compute threads.

Of a stack only functions, files and lines are kept: no arguments, no values. Waiting for work is the time in
the loop's own `run`. Of the compute threads that work is seen which begins meanwhile; other threads (a
library's, those that compress large bodies) are not.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from pyinstrument import Profiler
from pyinstrument.renderers import HTMLRenderer, SpeedscopeRenderer
from pyinstrument.session import Session

from service.core.compute import Compute
from service.core.errors import Conflict
from service.monitoring.shown_files import shown_file

T = TypeVar("T")

INTERVAL: Final = 0.002
"""Seconds between samples: 500 a second tell 1 % from 2 % within some seconds, and 60 s are 30,000."""
# The page keeps how it is looked at in the browser's store, which a sandboxed page has not.
_NO_STORE: Final = (
    "Object.defineProperty(window, 'localStorage', {value: {getItem: () => null, setItem: () => {}, "
    "removeItem: () => {}}});"
)
# pyinstrument's way to write a frame: function, file and line, then attributes.
_PART, _ATTRIBUTE = "\x00", "\x01"


class Profiling:
    """One profile at a time of this process."""

    def __init__(self, compute: Compute) -> None:
        self.compute = compute
        self.running = False

    async def profile(self, seconds: float) -> Session:
        """Sample for so long. Raises `Conflict` (`already_profiling`) while somebody else does."""
        if self.running:
            raise Conflict("a profile is being taken; ask again when it is over", code="already_profiling")
        self.running, threads = True, _Threads()
        # `disabled`: whatever task the thread works on, not only the one that asked.
        profiler = Profiler(INTERVAL, async_mode="disabled")
        try:
            self.compute.around = threads.around
            profiler.start()
            await asyncio.sleep(seconds)
        finally:
            self.compute.around = None
            session = profiler.stop() if profiler.is_running else None
            self.running = False
        assert session is not None
        return await self.compute.in_thread(_together, [session, *threads.over()])


class _Threads:
    """The sessions of work in threads while the profile is taken."""

    def __init__(self) -> None:
        self._sessions: list[Session] | None = []
        self._lock = threading.Lock()

    def around(self, work: Callable[[], T]) -> T:
        """Do the work under a profiler of its thread's own."""
        profiler = Profiler(INTERVAL, async_mode="disabled")
        with suppress(RuntimeError):  # the thread is profiled already: two are not to be had
            profiler.start()
        try:
            return work()
        finally:
            if profiler.is_running:
                self._keep(profiler.stop())

    def over(self) -> list[Session]:
        """What there is; work that ends later is not kept."""
        with self._lock:
            found, self._sessions = self._sessions or [], None
        return found

    def _keep(self, session: Session) -> None:
        with self._lock:
            if self._sessions is not None:
                self._sessions.append(session)


def _together(sessions: list[Session]) -> Session:
    """All samples as one session, without paths of this machine; as long as the event loop's."""
    loop = sessions[0]
    records = [
        ([_shown(frame) for frame in stack], seconds)
        for session in sessions
        for stack, seconds in session.frame_records
    ]
    return Session(
        frame_records=records,
        start_time=loop.start_time,
        duration=loop.duration,
        min_interval=loop.min_interval,
        max_interval=loop.max_interval,
        sample_count=len(records),
        start_call_stack=["-"],  # no frame: nothing is trimmed off
        target_description="muster",
        cpu_time=loop.cpu_time,
        sys_path=[],
        sys_prefixes=["lib/"],
    )


def _shown(frame: str) -> str:
    identifier, mark, attributes = frame.partition(_ATTRIBUTE)
    name, *rest = identifier.split(_PART)
    if len(rest) == 2:
        rest[0] = shown_file(rest[0])
    return _PART.join([name, *rest]) + mark + attributes


def as_html(session: Session) -> str:
    """A page with everything in it, to be looked at without a network."""
    page: str = HTMLRenderer().render(session)
    head = f'<meta charset="utf-8"><title>Profile of Muster</title><script>{_NO_STORE}</script>'
    return page.replace("<html>", '<html lang="en">', 1).replace('<meta charset="utf-8">', head, 1)


def as_speedscope(session: Session) -> str:
    """A file for speedscope (https://www.speedscope.app), which opens it in the browser alone."""
    rendered: Any = SpeedscopeRenderer().render(session)
    return str(rendered)
