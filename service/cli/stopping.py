"""SIGINT and SIGTERM: the first one stops a command in order, a later one ends the process at once."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")
FINISH_WITHIN = 20
"""Seconds requests in flight have once the service is told to stop; containers wait 30."""
_IMPATIENT_AFTER = 1.0
"""Seconds within which a second signal is still the first one (a key held down, `make` passing it on)."""


class Stopped(Exception):
    """A command was cut short by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


class Stopping:
    """What the signals of this process do: cancel the command's task, or what `handled_by` says instead."""

    def __init__(self, stop: Callable[[], object]) -> None:
        self.stop = stop
        self.number: int | None = None
        self._since = 0.0

    def told(self, number: int) -> None:
        """A signal came."""
        if self.number is None:
            self.number, self._since = number, time.monotonic()
            self.stop()
        elif time.monotonic() - self._since > _IMPATIENT_AFTER:
            # The embedded database notices that its owner is gone and shuts down in order by itself.
            os._exit(128 + number)


_stopping: ContextVar[Stopping] = ContextVar("stopping")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine on uvloop; raises `Stopped` when a signal cut it short."""
    return uvloop.run(_stoppable(work))


@contextmanager
def handled_by(stop: Callable[[], object]) -> Iterator[Stopping]:
    """Within the block a signal calls `stop` and cancels nothing: the command ends by itself, well.

    Yields what knows the signal that came.
    """
    stopping = _stopping.get()
    before, stopping.stop = stopping.stop, stop
    try:
        yield stopping
    finally:
        stopping.stop = before


@contextmanager
def interruptible() -> Iterator[None]:
    """For work without an event loop: Ctrl-C there is the same `Stopped`."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(signal.SIGINT) from None


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    stopping = Stopping(task.cancel)
    _stopping.set(stopping)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.told, number)
    try:
        return await work
    except asyncio.CancelledError:
        if stopping.number is None:
            raise
        raise Stopped(stopping.number) from None
