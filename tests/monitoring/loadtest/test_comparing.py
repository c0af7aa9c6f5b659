"""What is a regression, and what is noise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.monitoring.loadtest.comparing import judge, read_baseline
from service.monitoring.loadtest.page import page_of
from service.monitoring.loadtest.plan import Bounds
from service.monitoring.loadtest.reading import BadPlan
from service.monitoring.loadtest.result import Generator, Result, result_of
from service.monitoring.loadtest.statistics import Answered, Measurements
from tests.monitoring.loadtest.plans import plan


def result(milliseconds: float, count: int = 200, error: str | None = None, dropped: int = 0) -> Result:
    """A run in which every answer took so long."""
    measured = Measurements(seconds=10)
    for number in range(count):
        begun = number / count * 10
        measured.answered("GET /one", begun, begun, begun + milliseconds / 1000, Answered(error))
    for _ in range(dropped):
        measured.dropped("GET /one", 1.0)
    generator = Generator(cpu_share=0.2, lag_p99_ms=1, late_p99_ms=1)
    started_at = datetime(2026, 11, 22, tzinfo=UTC)
    told = {"url": "http://a.test", "started_at": started_at, "seconds": 10.0, "interrupted": False}
    return result_of(plan(), measured, generator, **told)


@pytest.mark.parametrize(
    ("before", "after", "samples", "code"),
    [
        (100, 109, 200, 0),  # within ten percent
        (100, 115, 200, 1),
        (3, 4, 200, 0),  # a third more, and only a millisecond
        (3, 9, 200, 1),
        (100, 50, 200, 0),  # faster
        (100, 300, 50, 1),  # not to be compared, which is no pass
    ],
)
def test_slower_by_more_than_the_share_and_the_floor_is_a_regression(
    before: float, after: float, samples: int, code: int
) -> None:
    assert judge(result(after, samples), Bounds(), result(before)).exit_code == code


def test_a_regression_names_the_request_before_and_after() -> None:
    verdict = judge(result(130), Bounds(), result(100))
    assert verdict.failures[0] == (
        "slower than the baseline: GET /one: p95 100.0 ms before, 130.0 ms now (+30%)"
    )
    assert judge(result(130), Bounds(tolerance=0.5), result(100)).exit_code == 0


def test_errors_and_dropped_requests_count_against_the_bound() -> None:
    assert judge(result(1, 99, dropped=1), Bounds(errors=0.01)).exit_code == 0
    verdict = judge(result(1, 98, dropped=2), Bounds(errors=0.01))
    assert verdict.failures == ("2.00% of the requests failed, 1.00% may: 2 × dropped",)
    assert judge(result(1, error="status 503"), Bounds()).exit_code == 1
    assert judge(result(1, 0), Bounds()).failures == ("no request was measured",)


def test_a_kept_result_is_read_back_and_anything_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(result(5).model_dump_json())
    assert read_baseline(path) == result(5)
    path.write_text('{"name": "x"}')
    with pytest.raises(BadPlan, match="is no result of a load test"):
        read_baseline(path)


def test_the_page_stands_alone_and_shows_everything() -> None:
    slow = result(130, error=None, dropped=3)
    page = page_of(slow, judge(slow, Bounds(), result(100)))
    for word in ("<script", "http-equiv", "src=", "@import", "url("):
        assert word not in page
    assert page.count("<svg") == 3
    assert "prefers-color-scheme: dark" in page
    for said in ("Not passed", "GET /one", "p95 100.0 ms before, 130.0 ms now", "3 × dropped", "+30%"):
        assert said in page


def test_the_generator_says_when_it_was_the_limit() -> None:
    for figures, said in (
        ((0.95, 1, 1), "it used 95% of a core"),
        ((0.2, 60, 1), "its loop came 60 ms late (p99)"),
        ((0.2, 1, 60), "its starts came 60 ms late (p99)"),
        ((0.2, 1, 1), None),
    ):
        generator = Generator(cpu_share=figures[0], lag_p99_ms=figures[1], late_p99_ms=figures[2])
        assert result(100).model_copy(update={"generator": generator}).limited == said
