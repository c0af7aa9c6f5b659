"""The caches' figures as plain data, and those of several workers added up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from service.monitoring.monitor import Monitor

COUNTED: Final = ("hits", "misses", "joins", "evictions", "expired")
HELD: Final = ("entries", "bytes")
Plain = list[list[Any]]
"""Level, namespace, then the numbers of `COUNTED` and `HELD`."""


def written(monitor: "Monitor") -> Plain:
    """Both levels of this process by namespace."""
    levels = {"response": monitor.responses.stats(), "shared": monitor.runtime.cache.stats()}
    return [
        [level, namespace, *(getattr(found, name) for name in (*COUNTED, *HELD))]
        for level, by_namespace in levels.items()
        for namespace, found in by_namespace.items()
    ]


def merged(several: Sequence[Plain]) -> Plain:
    """Each namespace's numbers summed: every process keeps its own entries."""
    together: dict[tuple[str, str], list[int]] = {}
    for told in several:
        for level, namespace, *numbers in told:
            before = together.get((level, namespace), [0] * len(numbers))
            together[level, namespace] = [one + other for one, other in zip(before, numbers, strict=True)]
    return [[*key, *numbers] for key, numbers in together.items()]


def counts(told: Plain) -> Plain:
    """What outlives a process: its counts, none of its entries."""
    return [[*line[: -len(HELD)], *(0 for _ in HELD)] for line in told]
