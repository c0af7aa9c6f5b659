"""When the collector of cyclic garbage looks through the objects of this process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

USUAL: Final = gc.get_threshold()
SELDOM: Final = (200_000, 20, 20)
_LOCK: Final = Lock()
_AT_WORK: Final[set[object]] = set()
"""Works under way that asked for rest; they may end in any order, in any thread."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For work that makes very many objects that stay until it ends: the start of a process, a plan.

    With the usual thresholds looking through them again and again took 0.9 of 3.2 s of a start and a quarter
    of a large plan, and made a plan of sixteen times the work take twenty-two times as long.
    """
    work = object()
    with _LOCK:
        _AT_WORK.add(work)
        gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        with _LOCK:
            _AT_WORK.discard(work)
            _as_usual_without_work()


def settle() -> None:
    """What the start made lives as long as the process: the collector need not look at it any more."""
    gc.collect()
    gc.freeze()
    with _LOCK:
        _AT_WORK.clear()
        _as_usual_without_work()


def _as_usual_without_work() -> None:
    if not _AT_WORK:
        gc.set_threshold(*USUAL)
