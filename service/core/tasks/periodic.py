"""Small things that each process does for itself from time to time, such as pruning its caches."""

import asyncio
import inspect
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from service.core.telemetry import get_logger, happened, told

log = get_logger(__name__)


@asynccontextmanager
async def every(interval: timedelta, name: str, work: Callable[[], object]) -> AsyncIterator[None]:
    """Do `work` about every `interval` while the block runs; a failure is logged and counted, no more.

    What it gives back is awaited where it can be. An interval of nothing switches the work off.
    """
    if not interval:
        yield
        return
    task = asyncio.create_task(_for_ever(interval.total_seconds(), name, work), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _for_ever(seconds: float, name: str, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(seconds * random.uniform(0.9, 1.1))  # noqa: S311  spreads replicas
        try:
            done = work()
            if inspect.isawaitable(done):
                await done
            happened(name)
        except Exception as error:  # whatever it is, the loop goes on
            happened(name, "failed")
            log.error("periodic_work_failed", work=name, error=type(error).__name__, detail=told(error))
