"""Waiting for what another task, process or machine does: until it is so, however slow the machine is."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def eventually(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 60) -> None:
    """Return once it holds; raises `TimeoutError` when it never does."""
    async with asyncio.timeout(seconds):
        while True:
            found = holds()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.01)
