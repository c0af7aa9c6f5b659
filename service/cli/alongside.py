"""What the demo makes beside the service that already answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from service.cli.words import say
from service.core.errors import ServiceError

Work = Callable[[], Awaitable[None]]


@asynccontextmanager
async def alongside(what: str, work: Work | None) -> AsyncIterator[None]:
    """The work as a task that ends with the service; `what` it settles is said where that fails."""
    task = asyncio.create_task(_done(what, work)) if work is not None else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _done(what: str, work: Work) -> None:
    try:
        await work()
    except ServiceError as error:
        say(f"{what} could not be settled: {error.detail}")
