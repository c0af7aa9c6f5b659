"""Single flight: of all who want the same work at the same time, one does it and all get its result."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from service.core.errors import Unavailable

T = TypeVar("T")


class _Flight(Generic[T]):
    __slots__ = ("task", "waiting")

    def __init__(self, task: "asyncio.Task[T]") -> None:
        self.task = task
        self.waiting = 0


class Flights(Generic[T]):
    """Work under way, by key.

    The work runs in a task of its own: a caller that is cancelled, the first one too, cancels nobody else.
    When the last one that waits is cancelled, so is the work. Nothing is remembered once it has ended.
    """

    def __init__(self) -> None:
        self._flying: dict[Hashable, _Flight[T]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._flying

    def __len__(self) -> int:
        return len(self._flying)

    async def join(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, done here or already under way for this key.

        Raises what the work raised; `Unavailable` when the work was cancelled from within or by `close`.
        """
        flight = self._flying.get(key) or self._start(key, work)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if flight.task.cancelled() and not (me and me.cancelling()):
                raise Unavailable("the work for this answer was stopped; ask again") from None
            raise
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._forget(key, flight)  # whoever comes now must not board a flight that is being stopped
                flight.task.cancel()

    async def close(self) -> None:
        """Stop all work under way and wait until it has stopped."""
        tasks = [flight.task for flight in self._flying.values()]
        self._flying.clear()
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> _Flight[T]:
        async def fly() -> T:
            return await work()

        flight = self._flying[key] = _Flight(asyncio.create_task(fly(), name="flight"))
        flight.task.add_done_callback(lambda task: self._landed(key, flight, task))
        return flight

    def _landed(self, key: Hashable, flight: _Flight[T], task: "asyncio.Task[T]") -> None:
        self._forget(key, flight)
        if not task.cancelled():
            task.exception()  # looked at: nobody may be left to whom it could be told

    def _forget(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flying.get(key) is flight:
            del self._flying[key]
