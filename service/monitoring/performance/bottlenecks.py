"""Which endpoints break which rule: the categories of the performance report, as a pure function."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from service.schemas.monitoring.performance import (
    Bottleneck,
    CacheStatistics,
    Category,
    EndpointStatistics,
    Severity,
    StatementTimes,
)

SLOW_MS: Final = 500.0
MODERATE_MS: Final = 200.0
LEAST_SUCCESS: Final = 95.0
"""Percent."""
MOST_OF_MEAN: Final = 2.0
MIN_SAMPLE: Final = 20
"""Requests below which a largest value says nothing of how much the others vary."""
_ORDER: Final[Mapping[Severity, int]] = {"critical": 0, "warning": 1, "info": 2}
_SHARE: Final = 50.0
"""Percent of an endpoint's time from which one cause is named."""
_POOL_SHARE: Final = 20.0
_HIT_PERCENT: Final = 50.0


def bottlenecks(
    endpoints: Sequence[EndpointStatistics],
    statements: Mapping[str, StatementTimes],
    caches: Mapping[str, CacheStatistics],
) -> list[Bottleneck]:
    """Every rule that an endpoint breaks: the gravest first, spread ranked by p99 over p50.

    `statements` by fingerprint; `caches` are the kept answers by route template.
    """
    found = [
        (one, _bottleneck(one, category, severity, rule, statements, caches))
        for one in endpoints
        for category, severity, rule in _broken(one)
    ]
    return [told for _, told in sorted(found, key=lambda pair: _rank(*pair))]


def _broken(one: EndpointStatistics) -> Iterator[tuple[Category, Severity, str]]:
    if one.p95_ms is None or one.max_ms is None or one.mean_ms is None or one.success_rate is None:
        return
    if one.p95_ms > SLOW_MS:
        yield "SLOW_RESPONSE", "critical", f"p95 > {SLOW_MS:.0f} ms"
    elif one.p95_ms > MODERATE_MS:
        yield "MODERATE_RESPONSE", "warning", f"p95 > {MODERATE_MS:.0f} ms"
    if one.success_rate < LEAST_SUCCESS:
        yield "LOW_SUCCESS_RATE", "critical", f"success rate < {LEAST_SUCCESS:.0f} %"
    if one.count >= MIN_SAMPLE and one.max_ms > MOST_OF_MEAN * one.mean_ms:
        yield "HIGH_VARIANCE", "info", f"max > {MOST_OF_MEAN:.0f} x mean, of {MIN_SAMPLE} requests or more"


def _rank(one: EndpointStatistics, told: Bottleneck) -> tuple[int, str, float]:
    worst = spread(one) if told.category == "HIGH_VARIANCE" else (one.p95_ms or 0.0)
    return _ORDER[told.severity], told.category, -worst


def spread(one: EndpointStatistics) -> float:
    """How far the slow requests of an endpoint are from its usual ones: p99 over p50."""
    return (one.p99_ms or 0.0) / one.p50_ms if one.p50_ms else 0.0


def _bottleneck(
    one: EndpointStatistics,
    category: Category,
    severity: Severity,
    rule: str,
    statements: Mapping[str, StatementTimes],
    caches: Mapping[str, CacheStatistics],
) -> Bottleneck:
    if category == "LOW_SUCCESS_RATE":
        advice = (
            f"{one.failed} of {one.count} answers were 5xx: search the log for this route and status >= 500"
        )
    else:
        advice = _cause(one, statements, caches)
    return Bottleneck(
        category=category,
        severity=severity,
        operation=one.operation,
        method=one.method,
        route=one.route,
        rule=rule,
        figures=_figures(one, category),
        recommendation=advice,
    )


def _figures(one: EndpointStatistics, category: Category) -> dict[str, float]:
    if category == "LOW_SUCCESS_RATE":
        return {"count": one.count, "failed": one.failed, "success_rate": one.success_rate or 0.0}
    told = {"count": float(one.count), "mean_ms": one.mean_ms, "p95_ms": one.p95_ms, "max_ms": one.max_ms}
    if category == "HIGH_VARIANCE":
        told["p99_over_p50"] = round(spread(one), 2)
    return {name: value for name, value in told.items() if value is not None}


def _cause(
    one: EndpointStatistics,
    statements: Mapping[str, StatementTimes],
    caches: Mapping[str, CacheStatistics],
) -> str:
    """What takes the time, as far as it was measured: waits first, then statements, then misses."""
    if (one.pool_percent or 0.0) >= _POOL_SHARE:
        return (
            f"{one.pool_percent:.0f} % of its time is waiting for a connection: raise DATABASE__POOL_SIZE, "
            "or shorten the statements that hold the connections"
        )
    if (one.database_percent or 0.0) >= _SHARE:
        return f"{one.database_percent:.0f} % of its time is SQL; {_statement(one, statements)}"
    kept = caches.get(one.route)
    if kept is not None and kept.hit_percent is not None and kept.hit_percent < _HIT_PERCENT:
        return (
            f"only {kept.hit_percent:.0f} % of its answers are found in the cache ({kept.misses} were built, "
            f"{kept.evictions} dropped for want of room): see the advice on lifetimes and CACHE__MAX_BYTES"
        )
    return "little of its time is SQL or waiting: profile it at POST /v1/performance/profile"


def _statement(one: EndpointStatistics, statements: Mapping[str, StatementTimes]) -> str:
    found = statements.get(one.main_statement or "")
    if found is None:
        return "see /v1/performance/statements for the dearest"
    return (
        f"most of that is {found.fingerprint} ({found.statement[:120]}), {found.mean_ms:.1f} ms a call: "
        f"explain it at POST /v1/performance/statements/{found.fingerprint}/explain"
    )
