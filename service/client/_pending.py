"""Calls that begin when they are awaited."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Pending(Coroutine[Any, Any, T_co]):
    """Awaitable any number of times, each a new call; also fit for ``TaskGroup.create_task`` (once).

    Nothing has been sent before, so an object that is never awaited costs and warns of nothing.
    """

    _running: Coroutine[Any, Any, T_co] | None = None

    @abstractmethod
    async def _call(self) -> T_co:
        """Make the call."""

    def __await__(self) -> Generator[Any, Any, T_co]:
        return self._call().__await__()

    def send(self, value: Any, /) -> Any:
        """As a coroutine: run until the next suspension."""
        return self._begun().send(value)

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
        /,
    ) -> Any:
        """As a coroutine: raise inside."""
        error = typ if isinstance(typ, BaseException) else typ() if val is None else val
        assert isinstance(error, BaseException)
        return self._begun().throw(error.with_traceback(tb) if tb else error)

    def close(self) -> None:
        """As a coroutine: give up. Nothing to do before it has begun."""
        if self._running is not None:
            self._running.close()

    def _begun(self) -> Coroutine[Any, Any, T_co]:
        if self._running is None:
            self._running = self._call()
        return self._running
