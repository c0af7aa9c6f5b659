"""When the collector of cyclic garbage looks through the objects of a command's process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

USUAL: Final = gc.get_threshold()
SELDOM: Final = (50_000, 20, 20)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """A process that starts makes a million objects that stay.

    With the usual thresholds looking through them again and again took 0.9 of 3.2 s.
    """
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)


def settle() -> None:
    """What start-up made lives as long as the process: the collector need not look at it any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL)
