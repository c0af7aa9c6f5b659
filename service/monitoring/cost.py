"""What monitoring itself takes: measured in the process that answers, never guessed."""

import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from service.core.telemetry.metrics import Series

_TRIALS: Final = 2_000


class Cost:
    """Processor seconds of this process's samples and of its part in the exchange."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Add the processor time that the block takes; it must not await."""
        started = time.thread_time()
        try:
            yield
        finally:
            self.seconds += time.thread_time() - started


def counting_seconds() -> float:
    """Processor seconds that counting one request takes, measured now in about a millisecond."""
    series = Series()
    started = time.thread_time()
    for _ in range(_TRIALS):
        series.add(0.01)
    return (time.thread_time() - started) / _TRIALS


def size_of(thing: Any) -> int:
    """Bytes of plain data with everything in it; what is shared counts once."""
    return _size(thing, set())


def _size(thing: Any, seen: set[int]) -> int:
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    total = sys.getsizeof(thing)
    if isinstance(thing, Mapping):
        inside = [*thing.keys(), *thing.values()]
    elif isinstance(thing, list | tuple | set | frozenset | deque):
        inside = list(thing)
    else:
        names = [*getattr(thing, "__dict__", ()), *_slots(type(thing))]
        inside = [getattr(thing, name, None) for name in names]
    return total + sum(_size(part, seen) for part in inside)


def _slots(kind: type) -> list[str]:
    return [name for each in kind.__mro__ for name in getattr(each, "__slots__", ()) if isinstance(name, str)]
