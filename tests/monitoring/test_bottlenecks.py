"""Rules at their exact thresholds, causes that are named, lines through points, reports compared."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from service.core.telemetry.metrics import Series
from service.monitoring.performance.bottlenecks import bottlenecks
from service.monitoring.performance.comparison import compared
from service.monitoring.performance.endpoints import called, coverage, endpoints
from service.monitoring.performance.recommendations import _of_caches, _of_pools, _of_trends
from service.monitoring.performance.trends import line
from service.schemas.monitoring.performance import (
    CacheStatistics,
    ConnectionPool,
    EndpointStatistics,
    StatementTimes,
    Trend,
)


def endpoint(**more: Any) -> EndpointStatistics:
    """One that breaks no rule."""
    figures: dict[str, Any] = {
        "operation": "op", "method": "GET", "route": "/v1/x", "count": 100, "refused": 0, "failed": 0,
        "success_rate": 100.0, "min_ms": 90.0, "mean_ms": 100.0, "p50_ms": 100.0, "p95_ms": 120.0,
        "p99_ms": 150.0, "max_ms": 200.0, "variance_ms2": 1.0, "database_percent": 10.0,
        "pool_percent": 0.0, "main_statement": None,
    }  # fmt: skip
    return EndpointStatistics(**{**figures, **more})


def categories(**more: Any) -> list[tuple[str, str]]:
    return [(one.category, one.severity) for one in bottlenecks([endpoint(**more)], {}, {})]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, []),
        ({"p95_ms": 200.0}, []),
        ({"p95_ms": 200.001}, [("MODERATE_RESPONSE", "warning")]),
        ({"p95_ms": 500.0}, [("MODERATE_RESPONSE", "warning")]),
        ({"p95_ms": 500.001}, [("SLOW_RESPONSE", "critical")]),
        ({"success_rate": 95.0}, []),
        ({"success_rate": 94.999}, [("LOW_SUCCESS_RATE", "critical")]),
        ({"max_ms": 200.0}, []),
        ({"max_ms": 200.001}, [("HIGH_VARIANCE", "info")]),
        ({"max_ms": 200.001, "count": 20}, [("HIGH_VARIANCE", "info")]),
        ({"max_ms": 200.001, "count": 19}, []),
    ],
)
def test_rules_at_their_exact_thresholds(more: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert categories(**more) == found


def test_what_was_never_called_breaks_no_rule() -> None:
    never = EndpointStatistics(operation="op", method="GET", route="/v1/x", count=0, refused=0, failed=0)
    assert bottlenecks([never], {}, {}) == []


def test_the_gravest_come_first_and_spread_is_ranked_by_p99_over_p50() -> None:
    found = bottlenecks(
        [
            endpoint(route="/even", max_ms=300.0),
            endpoint(route="/uneven", max_ms=300.0, p99_ms=290.0, p50_ms=10.0),
            endpoint(route="/slow", p95_ms=501.0, mean_ms=400.0, max_ms=700.0),
            endpoint(route="/moderate", p95_ms=201.0, mean_ms=150.0),
        ],
        {},
        {},
    )
    assert [one.route for one in found] == ["/slow", "/moderate", "/uneven", "/even"]
    assert found[2].figures["p99_over_p50"] == 29.0


def test_the_recommendation_names_what_takes_the_time() -> None:
    statement = StatementTimes(
        fingerprint="9f1c", statement="SELECT ?", calls=9, rows=9, errors=0, slow=0, mean_ms=70.0,
        p50_ms=1.0, p95_ms=1.0, p99_ms=1.0, max_ms=1.0, total_ms=630.0,
    )  # fmt: skip
    cache = CacheStatistics(
        level="response", namespace="/v1/x", hits=10, misses=90, joins=0, evictions=7, expired=0,
        entries=1, bytes=1, hit_percent=10.0,
    )  # fmt: skip

    def advice(**more: Any) -> str:
        slow = endpoint(p95_ms=600.0, **more)
        return bottlenecks([slow], {"9f1c": statement}, {"/v1/x": cache})[0].recommendation

    assert "waiting for a connection" in advice(pool_percent=20.0, database_percent=90.0)
    assert "9f1c (SELECT ?), 70.0 ms a call" in advice(database_percent=50.0, main_statement="9f1c")
    assert "only 10 % of its answers are found in the cache" in advice(database_percent=49.9)
    assert "profile it" in bottlenecks([endpoint(p95_ms=600.0)], {}, {})[0].recommendation


def test_status_classes_of_one_operation_are_one_endpoint() -> None:
    fast, slow = Series(), Series()
    for _ in range(9):
        fast.add(0.1)
    slow.add(1.0)
    slow.spend({"db": 0.95}, {"9f1c": 2, "77aa": 1})
    lines = [
        ["/v1/x/{word:path}", "GET", 2, fast.to_list(), {}, {}],
        ["/v1/x/{word:path}", "GET", 5, slow.to_list(), slow.spent, slow.statements],
        ["unmatched", "GET", 4, fast.to_list(), {}, {}],
    ]
    operations = {("GET", "/v1/x/{word}"): "x", ("POST", "/v1/x"): "make_x"}
    found = endpoints(operations, called(lines), {"9f1c": 0.1, "77aa": 0.5})
    one = next(each for each in found if each.operation == "x")
    assert (one.count, one.failed, one.success_rate, one.max_ms) == (10, 1, 90.0, 1000.0)
    assert (one.mean_ms, one.database_percent, one.main_statement) == (190.0, 50.0, "77aa")
    assert one.variance_ms2 == pytest.approx(72_900)  # of nine times 100 ms and once 1,000
    assert {each.route for each in found if each.operation is None} == {"unmatched"}
    stated = coverage(operations, found)
    assert (stated.operations, stated.listed, stated.percent, stated.called) == (2, 2, 100.0, 1)


def test_a_line_tells_its_slope_and_when_it_meets_the_limit() -> None:
    minutes = [(60.0 * minute, 10.0 + minute) for minute in range(10)]
    found = line(minutes, limit=39.0)
    assert found is not None
    assert (found.slope * 60, found.current) == (pytest.approx(1.0), pytest.approx(19.0))
    assert found.to_limit == pytest.approx(20 * 60)
    assert line(minutes, limit=5.0).to_limit == 0.0  # type: ignore[union-attr]  # it is there already
    assert line(minutes).to_limit is None  # type: ignore[union-attr]


def test_no_limit_is_told_from_noise_a_fall_or_too_few_samples() -> None:
    draw = random.Random(7)
    noise = [(60.0 * minute, draw.gauss(50, 10)) for minute in range(60)]
    falls = [(60.0 * minute, 50.0 - minute) for minute in range(10)]
    flat = [(60.0 * minute, 50.0) for minute in range(10)]
    for points in (noise, falls, flat):
        found = line(points, limit=100.0)
        assert found is not None
        assert found.to_limit is None
    rises = [(60.0 * minute, float(minute)) for minute in range(10)]
    assert line(rises[:7], limit=100.0) is None
    assert line([(at / 60, value) for at, value in rises], limit=100.0) is None  # ten seconds tell nothing


def test_a_tenth_apart_is_better_or_worse_with_enough_requests_on_both_sides() -> None:
    routes = {
        "/worse": (100.0, 110.1),
        "/same-high": (100.0, 110.0),
        "/same-low": (100.0, 90.0),
        "/better": (100.0, 89.9),
    }
    before = [endpoint(route=route, p95_ms=then) for route, (then, _) in routes.items()]
    after = [endpoint(route=route, p95_ms=now) for route, (_, now) in routes.items()]
    before += [endpoint(route="/few", count=19), endpoint(route="/gone")]
    after += [endpoint(route="/few", p95_ms=900.0), endpoint(route="/new")]
    found = compared(before, after, baseline="id", name="then", taken_at=datetime.now(UTC))
    verdicts = {one.route: one.verdict for one in found.endpoints}
    assert verdicts == {
        "/worse": "worse",
        "/same-high": "same",
        "/same-low": "same",
        "/better": "better",
        "/few": "too_few",
        "/gone": "too_few",
        "/new": "too_few",
    }
    assert (found.worse, found.better, found.endpoints[0].route) == (1, 1, "/worse")
    gone = next(one for one in found.endpoints if one.route == "/gone")
    assert (gone.before_count, gone.after_count, gone.ratio) == (100, 0, None)


def test_recommendations_stand_on_their_evidence() -> None:
    pool = ConnectionPool(
        name="primary", capacity=50, size=20, in_use=50, idle=0, waiting=9, utilization_percent=100.0,
        checkouts=1000, waited=10, wait_mean_ms=1.0, wait_p95_ms=5.0, wait_max_ms=90.0, timeouts=0,
    )  # fmt: skip
    assert "10 of 1,000 checkouts waited (1.0 %)" in next(_of_pools([pool])).evidence
    calm = pool.model_copy(update={"waited": 9})
    assert list(_of_pools([calm])) == []
    assert [one.area for one in _of_pools([calm.model_copy(update={"timeouts": 1})])] == ["pool"]
    cache = CacheStatistics(
        level="shared", namespace="days", hits=50, misses=50, joins=0, evictions=10, expired=0,
        entries=5, bytes=900, hit_percent=50.0,
    )  # fmt: skip
    assert [one.area for one in _of_caches([cache])] == ["cache"]
    assert list(_of_caches([cache.model_copy(update={"evictions": 9})])) == []
    trend = Trend(
        name="disk",
        unit="MiB",
        samples=60,
        current=90.0,
        slope_per_hour=1.0,
        limit=100.0,
        seconds_to_limit=36e3,
    )
    assert "10.0 h" in next(_of_trends([trend])).advice
    assert list(_of_trends([trend.model_copy(update={"seconds_to_limit": None})])) == []
