"""What a process tells of itself, part by part, as plain data; and how the parts of several add up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from service.core.telemetry import Distribution
from service.core.telemetry.operations import OPERATIONS
from service.monitoring import (
    cache_parts,
    database_parts,
    optimizations,
    requests,
    samples,
    slow_requests,
    upstreams,
)
from service.monitoring.metrics import plain
from service.monitoring.metrics.families import families

if TYPE_CHECKING:
    from service.monitoring.monitor import Monitor


@dataclass(frozen=True, slots=True)
class Part:
    """`read` gives this process's, `merge` adds up those of several, `lasting` outlives the process."""

    read: Callable[["Monitor"], Any]
    merge: Callable[[Sequence[Any]], Any]
    lasting: Callable[[Any], Any] = lambda told: told


def _operations_merged(several: Sequence[dict[str, Any]]) -> dict[str, Any]:
    together: dict[str, tuple[int, Distribution]] = {}
    for told in several:
        for name, (errors, numbers) in told.items():
            before, times = together.get(name, (0, Distribution()))
            times.merge(Distribution.from_list(numbers))
            together[name] = before + errors, times
    return {name: (errors, times.to_list()) for name, (errors, times) in together.items()}


PARTS: Final[Mapping[str, Part]] = {
    "metrics": Part(lambda monitor: plain.written(families(monitor)), plain.merged, plain.without_gauges),
    "sample": Part(lambda monitor: samples.written(monitor.now()), samples.merged, samples.without_gauges),
    "requests": Part(lambda _: requests.written(), requests.merged),
    "statements": Part(
        lambda monitor: database_parts.statements(monitor.runtime.database), database_parts.merged
    ),
    "pools": Part(
        lambda monitor: database_parts.pools(monitor.runtime.database),
        database_parts.merged,
        database_parts.counts_of_pools,
    ),
    "caches": Part(cache_parts.written, cache_parts.merged, cache_parts.counts),
    "upstreams": Part(lambda _: upstreams.written(), upstreams.merged, upstreams.lasting),
    "optimizations": Part(optimizations.written, optimizations.merged),
    "operations": Part(lambda _: OPERATIONS.written(), _operations_merged),
    "slow_requests": Part(lambda _: slow_requests.written(), slow_requests.merged, lambda _: []),
}


def read_parts(monitor: "Monitor", names: Collection[str] | None = None) -> dict[str, Any]:
    """These parts of this process, or all."""
    return {name: part.read(monitor) for name, part in PARTS.items() if names is None or name in names}


def added_up(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each part that anybody told of, merged."""
    names = {name for told in several for name in told}
    return {name: PARTS[name].merge([told[name] for told in several if name in told]) for name in names}


def lasting(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a process that has ended: counts, not how it stood."""
    return {name: PARTS[name].lasting(told[name]) for name in told}
