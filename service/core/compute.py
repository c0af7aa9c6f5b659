"""Work off the event loop: a few threads, bounded, so that a month report does not stop the others."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Compute:
    """Threads for NumPy and JSON of large answers, which release the interpreter most of the time."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="muster-compute")
        self._places = asyncio.Semaphore(threads * 4)

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in a thread; a cancelled caller stops waiting, queued work is dropped."""
        async with self._places:
            future = self._pool.submit(work, *args, **kwargs)
            try:
                return await asyncio.wrap_future(future)
            except asyncio.CancelledError:
                future.cancel()
                raise

    def close(self) -> None:
        """Let running work end and forget the rest."""
        self._pool.shutdown(wait=False, cancel_futures=True)
