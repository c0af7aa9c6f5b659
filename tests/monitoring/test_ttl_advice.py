"""Advice about lifetimes: from what was observed, or none."""

import random
from dataclasses import replace

import pytest

from service.monitoring.ttl_advice import LONGEST, SHORTEST, Evidence, ttl_advice

KNOWN = Evidence(
    namespace="/v1/a", ttl=300, requests=10_000, watched=36_000, changes=10, expired=100, unchanged=90
)


def test_longer_where_answers_end_before_their_data() -> None:
    advice = ttl_advice(KNOWN)  # a change an hour: exp(-T / 3600) = 0.1 at T = 8289 s
    assert (advice.verdict, advice.advised_seconds) == ("longer", 8280)
    assert advice.changes_per_hour == 1.0
    assert "90 of 100 expired answers were built again unchanged" in advice.reason


def test_shorter_where_they_outlast_their_data() -> None:
    advice = ttl_advice(replace(KNOWN, changes=1200, unchanged=0))  # a change in 30 s
    assert (advice.verdict, advice.advised_seconds) == ("shorter", 60)


def test_kept_where_it_is_right_within_a_factor_of_two() -> None:
    advice = ttl_advice(replace(KNOWN, changes=200))  # a change in 180 s: 414 s
    assert (advice.verdict, advice.advised_seconds) == ("keep", 300)


def test_nothing_expired_unchanged_needs_no_longer_life() -> None:
    assert ttl_advice(replace(KNOWN, unchanged=0)).verdict == "keep"


@pytest.mark.parametrize("little", [{"requests": 49}, {"watched": 599.0}])
def test_too_little_known_gives_none(little: dict[str, float]) -> None:
    advice = ttl_advice(replace(KNOWN, **little))
    assert (advice.verdict, advice.advised_seconds) == ("unknown", None)


def test_no_change_seen_is_not_taken_for_never() -> None:
    advice = ttl_advice(replace(KNOWN, changes=0, watched=3600))  # at most 3 in an hour, as far as is known
    assert (advice.verdict, advice.advised_seconds) == ("longer", 2760)


def test_the_advice_ends_nine_of_ten_lives_by_a_change() -> None:
    """Checked against drawn changes rather than against the formula."""
    chance, mean = random.Random(5), 700.0
    advised = ttl_advice(replace(KNOWN, watched=700_000, changes=1000)).advised_seconds
    assert advised is not None
    expired = sum(chance.expovariate(1 / mean) > advised for _ in range(100_000)) / 100_000
    assert expired == pytest.approx(0.1, abs=0.01)


def test_advice_stays_within_a_minute_and_a_day() -> None:
    for changes, watched in ((100_000, 600.0), (1, 1e9)):
        advised = ttl_advice(replace(KNOWN, changes=changes, watched=watched, ttl=1)).advised_seconds
        assert advised is None or 1 <= advised <= LONGEST
    assert ttl_advice(replace(KNOWN, changes=100_000, watched=600.0)).advised_seconds == SHORTEST
