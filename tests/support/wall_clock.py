"""A wall clock that jumps while everything runs; the monotonic one goes on as it does."""

import datetime as module
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_real = module.datetime
_real_time = time.time
# Ours, and what our TTLs, cursors, jobs and signatures stand on.
_PATCHED = ("service", "pgqueuer", "aiocache", "cachetools", "itsdangerous", "croniter", "stamina")


class WallClock:
    """How far the clock on the wall is from the true one, in seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        return _real_time() + self.ahead


@contextmanager
def wall_clock() -> Iterator[WallClock]:
    """Everything that reads the wall clock reads this one while the block runs."""
    clock = WallClock()

    class Kind(type):
        def __instancecheck__(cls, other: object) -> bool:
            return isinstance(other, _real)

    class Shown(_real, metaclass=Kind):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _real.fromtimestamp(clock.time(), tz)

    places = [
        loaded
        for name, loaded in list(sys.modules.items())
        if name.partition(".")[0] in _PATCHED and getattr(loaded, "datetime", None) is _real
    ]
    time.time = clock.time
    for place in places:
        place.datetime = Shown
    try:
        yield clock
    finally:
        time.time = _real_time
        for place in places:
            place.datetime = _real
