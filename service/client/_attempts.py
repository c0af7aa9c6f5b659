"""Trying a call until it succeeds: a slot for each attempt, waits between them, one deadline over all."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from service.client._message import Request
from service.client._options import Backoff, Limits
from service.client._retry import repeatable, wait_before, worth_retrying
from service.client.errors import MusterError, TimedOut

T = TypeVar("T")


class Attempts:
    """At most ``concurrency`` attempts at once, over all calls that share this object."""

    def __init__(self, concurrency: int, backoff: Backoff) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._backoff = backoff

    async def run(
        self, request: Request, limits: Limits, attempt: Callable[[float | None], Awaitable[T]]
    ) -> T:
        """What ``attempt`` returns; it is given the loop time at which the whole call must have ended.

        Raises the last error when it is not worth another attempt, or the wait would pass the deadline.
        The slot is free and the response closed while waiting.
        """
        clock = asyncio.get_running_loop().time
        end = None if limits.deadline is None else clock() + limits.deadline
        for number in itertools.count():
            try:
                async with self._slot(request, end):
                    return await attempt(end)
            except MusterError as error:
                wait = self.wait_before(number, error, request, limits)
                if wait is None or (end is not None and clock() + wait >= end):
                    raise
            await asyncio.sleep(wait)
        raise AssertionError("itertools.count() does not end")

    def wait_before(self, number: int, error: MusterError, request: Request, limits: Limits) -> float | None:
        """Seconds before retry ``number`` (from 0) of a call that failed; None where that is in vain."""
        if number >= limits.retries or not worth_retrying(error):
            return None
        if not repeatable(request.method, request.headers):
            return None
        return wait_before(number, error, self._backoff)

    @asynccontextmanager
    async def _slot(self, request: Request, end: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(end):
                await self._slots.acquire()
        except TimeoutError as error:
            raise TimedOut(f"{request.line()}: no free slot before the deadline") from error
        try:
            yield
        finally:
            self._slots.release()
