"""The figures of each operation: those of the OpenAPI document, called or not, and what else was called."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.core.telemetry.metrics import Series
from service.monitoring import requests
from service.schemas.monitoring.performance import Coverage, EndpointStatistics

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_CONVERTER: Final = re.compile(r":\w+\}")
Key = tuple[str, str]
"""Method and route template."""


@dataclass(slots=True)
class Called:
    """What became of the calls of one operation: all of them, and how many ended in 4xx and 5xx."""

    whole: Series
    refused: int = 0
    failed: int = 0


def operations_of(document: Mapping[str, Any]) -> dict[Key, str]:
    """The operation ids of an OpenAPI document by method and route template."""
    return {
        (method.upper(), path): operation["operationId"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    }


def called(lines: requests.Written) -> dict[Key, Called]:
    """The calls by method and route template, all status classes together."""
    found: dict[Key, Called] = {}
    for (route, method, kind), series in requests.read(lines):
        # Paths of routes name converters (`{word:path}`), those of the document do not.
        one = found.setdefault((method, _CONVERTER.sub("}", route)), Called(Series()))
        one.whole.merge(series)
        one.whole.spend(series.spent, series.statements)
        one.refused += series.count if kind == 4 else 0
        one.failed += series.count if kind == 5 else 0
    return found


def endpoints(
    operations: Mapping[Key, str], calls: Mapping[Key, Called], means: Mapping[str, float]
) -> list[EndpointStatistics]:
    """Every operation, those that took most time in all first; then what the document does not name.

    `means`: seconds a call of a statement takes, by fingerprint.
    """
    known = [_statistics(key, name, calls.get(key), means) for key, name in operations.items()]
    others = [_statistics(key, None, calls[key], means) for key in calls.keys() - operations.keys()]
    return sorted([*known, *others], key=lambda one: (-(one.mean_ms or 0.0) * one.count, one.route))


def coverage(operations: Iterable[Key], listed: Sequence[EndpointStatistics]) -> Coverage:
    """How many operations of the document the report lists, and how many were called."""
    wanted = set(operations)
    ours = [one for one in listed if (one.method, one.route) in wanted]
    percent = len({(one.method, one.route) for one in ours}) / len(wanted) * 100 if wanted else 100.0
    return Coverage(
        operations=len(wanted),
        listed=len(ours),
        percent=round(percent, 2),
        called=sum(one.count > 0 for one in ours),
    )


def _statistics(
    key: Key, operation: str | None, found: Called | None, means: Mapping[str, float]
) -> EndpointStatistics:
    method, route = key
    if found is None or not found.whole.count:
        return EndpointStatistics(
            operation=operation, method=method, route=route, count=0, refused=0, failed=0
        )
    return EndpointStatistics(
        operation=operation,
        method=method,
        route=route,
        count=found.whole.count,
        refused=found.refused,
        failed=found.failed,
        success_rate=round((1 - found.failed / found.whole.count) * 100, 3),
        database_percent=_share(found.whole, "db"),
        pool_percent=_share(found.whole, "pool"),
        main_statement=_main_statement(found.whole.statements, means),
        variance_ms2=round(found.whole.variance * 1e6, 3),
        **dict(_times(found.whole)),
    )


def _times(whole: Series) -> Iterator[tuple[str, float]]:
    yield "min_ms", milliseconds(whole.least)
    yield "mean_ms", milliseconds(whole.mean)
    for percent in (50, 95, 99):
        yield f"p{percent}_ms", milliseconds(whole.percentile(percent))
    yield "max_ms", milliseconds(whole.greatest)


def milliseconds(seconds: float) -> float:
    """Milliseconds to the microsecond."""
    return round(seconds * 1000, 3)


def _share(whole: Series, name: str) -> float:
    # Work of one request that runs side by side can be longer than the request.
    return round(min(1.0, whole.spent.get(name, 0.0) / whole.total) * 100, 1) if whole.total else 0.0


def _main_statement(times: Mapping[str, int], means: Mapping[str, float]) -> str | None:
    """The fingerprint whose calls took most, by what a call of it takes on average anywhere."""
    return max(times, key=lambda name: times[name] * means.get(name, 0.0), default=None)
