"""Work off the event loop: a few threads, bounded, so that a month report does not stop the others."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Compute:
    """Threads for NumPy and JSON of large answers, which release the interpreter most of the time."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="muster-compute")
        self._places = asyncio.Semaphore(threads * 4)
        self.around: Callable[[Callable[[], Any]], Any] | None = None
        """While set, work that is handed in is done by this, in its thread (a profiler)."""

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in a thread, under the caller's request id and timings.

        A cancelled caller stops waiting: work that has not begun is dropped, work under way ends unheard,
        for a thread cannot be stopped.
        """
        here, wrap = contextvars.copy_context(), self.around

        def run() -> T:
            return work(*args, **kwargs)

        async with self._places:
            # Cancelling the waiting cancels the work where it still lies in the queue.
            return await asyncio.wrap_future(
                self._pool.submit(here.run, run if wrap is None else partial(wrap, run))
            )

    def close(self) -> None:
        """Let running work end and forget the rest."""
        self._pool.shutdown(wait=False, cancel_futures=True)
