"""What the service's own pieces of work took and how often they failed, by name: for the performance report.

Everything that is timed ends here: `timed`, `log.timed`, `@profiled`, runs, calls to upstreams.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, Final, ParamSpec, TypeVar, cast

from service.core.telemetry.distribution import Distribution

P = ParamSpec("P")
R = TypeVar("R")

MOST: Final = 500
"""Names kept; they come from the code, so more are a mistake and are counted together."""
OTHER: Final = "other"


class Operations:
    """Counts, errors and durations (seconds) by name, of bounded size; from any thread, 1 us each."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._times: dict[str, Distribution] = {}
        self._errors: dict[str, int] = {}
        self._lock = threading.Lock()  # a distribution is not for several threads at once

    def record(self, name: str, seconds: float, *, failed: bool = False) -> None:
        """Count one piece of work that ended."""
        with self._lock:
            times = self._times.get(name)
            if times is None:
                name = name if len(self._times) < self._most else OTHER
                times = self._times.setdefault(name, Distribution())
            times.add(seconds)
            if failed:
                self._errors[name] = self._errors.get(name, 0) + 1

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Time the block; an exception is an error, a cancel is not counted at all."""
        started = time.perf_counter()
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            self.record(name, time.perf_counter() - started, failed=True)
            raise
        self.record(name, time.perf_counter() - started)

    def snapshot(self) -> list[dict[str, Any]]:
        """Plain data of every name, the dearest in all first; durations in seconds."""
        with self._lock:
            figures = [
                _figures(name, times, self._errors.get(name, 0)) for name, times in self._times.items()
            ]
        return sorted(figures, key=lambda entry: -float(entry["total_seconds"]))

    def written(self) -> dict[str, tuple[int, list[float]]]:
        """Errors and times (`Distribution.to_list`) by name: what workers send each other to be added up."""
        with self._lock:
            return {name: (self._errors.get(name, 0), times.to_list()) for name, times in self._times.items()}

    def clear(self) -> None:
        """Forget everything (tests, and operators who want a window of their own)."""
        with self._lock:
            self._times.clear()
            self._errors.clear()


OPERATIONS: Final = Operations()
"""Those of this process."""


def profiled(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that counts and times each call of a function, plain or async, under `name`.

    Of an async function the whole time until it returns, waits included. Generators have no single end:
    they raise `TypeError` here.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError(f"{function.__qualname__} is a generator; time the loop that reads it")
        if iscoroutinefunction(function):
            return cast("Callable[P, R]", _profiled_async(name, function))

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with OPERATIONS.measured(name):
                return function(*args, **kwargs)

        return call

    return decorate


def _profiled_async(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        with OPERATIONS.measured(name):
            return await function(*args, **kwargs)

    return call


def _figures(name: str, times: Distribution, errors: int) -> dict[str, Any]:
    return {
        "name": name,
        "count": times.count,
        "errors": errors,
        "total_seconds": times.total,
        "mean_seconds": times.mean,
        "min_seconds": times.least,
        "max_seconds": times.greatest,
        "p50_seconds": times.percentile(50),
        "p95_seconds": times.percentile(95),
        "p99_seconds": times.percentile(99),
    }
