"""A report against a baseline: which endpoints became slower or faster."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from service.schemas.monitoring.performance import (
    Comparison,
    EndpointComparison,
    EndpointStatistics,
    Verdict,
)

APART: Final = 0.10
"""Share by which p95 must differ; it is known to a tenth."""
MIN_SAMPLE: Final = 20
"""Requests on both sides below which nothing is said."""


def compared(
    before: Sequence[EndpointStatistics],
    after: Sequence[EndpointStatistics],
    *,
    baseline: str,
    name: str,
    taken_at: datetime,
) -> Comparison:
    """Every endpoint that was called then or now; the one that became slowest first."""
    old, new = _called(before), _called(after)
    rows = [_row(old.get(key), new.get(key)) for key in {**old, **new}]
    rows.sort(key=lambda row: (row.verdict == "too_few", -(row.ratio or 0.0)))
    return Comparison(
        baseline=baseline,
        name=name,
        taken_at=taken_at,
        better=sum(row.verdict == "better" for row in rows),
        worse=sum(row.verdict == "worse" for row in rows),
        endpoints=rows,
    )


def _called(endpoints: Sequence[EndpointStatistics]) -> dict[tuple[str, str], EndpointStatistics]:
    return {(one.method, one.route): one for one in endpoints if one.count}


def _row(before: EndpointStatistics | None, after: EndpointStatistics | None) -> EndpointComparison:
    known = after or before
    assert known is not None
    then = None if before is None else before.p95_ms
    now = None if after is None else after.p95_ms
    counts = (0 if before is None else before.count, 0 if after is None else after.count)
    ratio = None if not then or now is None else now / then
    return EndpointComparison(
        operation=known.operation,
        method=known.method,
        route=known.route,
        before_count=counts[0],
        after_count=counts[1],
        before_p95_ms=then,
        after_p95_ms=now,
        ratio=None if ratio is None else round(ratio, 3),
        verdict=_verdict(ratio, min(counts)),
    )


def _verdict(ratio: float | None, sample: int) -> Verdict:
    if ratio is None or sample < MIN_SAMPLE:
        return "too_few"
    if ratio > 1 + APART:
        return "worse"
    return "better" if ratio < 1 - APART else "same"
