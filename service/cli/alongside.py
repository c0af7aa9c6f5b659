"""What the demo makes beside the service that already answers."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from service.cli.words import say
from service.core.errors import ServiceError


@asynccontextmanager
async def alongside(what: str, work: Coroutine[Any, Any, None] | None) -> AsyncIterator[None]:
    """The work as a task that ends with the service; `what` it settles is said where that fails."""
    task = asyncio.create_task(_told(what, work)) if work is not None else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _told(what: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ServiceError as error:
        say(f"{what} could not be settled: {error.detail}")
