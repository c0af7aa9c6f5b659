"""Percentiles out of fixed buckets, against NumPy's over the durations themselves."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.telemetry.distribution import BOUNDS, LARGEST, MARKS, SMALLEST, Distribution

DURATIONS = st.lists(st.floats(-6, np.log10(LARGEST)).map(lambda power: 10.0**power), min_size=1, max_size=80)


def of(durations: list[float]) -> Distribution:
    made = Distribution()
    for seconds in durations:
        made.add(seconds)
    return made


def plain(made: Distribution) -> list[float]:
    return [made.count, made.total, made.squares, made.least, made.greatest, *made.buckets]


@settings(deadline=None)
@given(durations=DURATIONS, percent=st.floats(0, 100))
def test_percentiles_are_numpys_within_a_tenth(durations: list[float], percent: float) -> None:
    made = of(durations)
    for asked in (percent, 50, 95, 99):
        true = float(np.percentile(durations, asked))
        assert made.percentile(asked) == pytest.approx(true, rel=0.1, abs=SMALLEST)
    assert made.percentile(0) == min(durations)
    assert made.percentile(100) == max(durations)
    assert made.mean == pytest.approx(float(np.mean(durations)))
    assert made.variance == pytest.approx(float(np.var(durations)), rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(one=DURATIONS, other=DURATIONS)
def test_two_merged_are_one_that_counted_all_and_so_is_what_json_gives_back(
    one: list[float], other: list[float]
) -> None:
    merged, whole = of(one), of(one + other)
    merged.merge(of(other))
    assert plain(merged) == pytest.approx(plain(whole))
    assert plain(Distribution.from_list(json.loads(json.dumps(whole.to_list())))) == plain(whole)


def test_nothing_counted_is_zero_everywhere() -> None:
    made = Distribution()
    assert (made.mean, made.variance, made.percentile(95)) == (0.0, 0.0, 0.0)
    assert plain(Distribution.from_list(made.to_list())) == plain(made)
    made.merge(Distribution())
    assert made.count == 0


def test_what_is_longer_than_the_last_bound_is_known_to_its_longest() -> None:
    made = of([70.0, 500.0, 900.0])
    assert (made.percentile(0), made.percentile(100), made.buckets[-1]) == (70.0, 900.0, 3)
    assert 70.0 <= made.percentile(50) <= 900.0


def test_the_size_does_not_grow_and_bounds_are_a_tenth_apart() -> None:
    assert (BOUNDS[0], BOUNDS[-1], len(BOUNDS)) == (SMALLEST, LARGEST, 153)
    assert max(after / before for before, after in pairwise(BOUNDS)) <= 1.1000001
    assert [within for _, within in of([0.001] * 1000).cumulative()][-1] == 1000


def test_at_the_marks_of_rules_the_count_is_exact() -> None:
    made = of([0.199999, 0.2, 0.2000001, 0.5, 0.51, 61.0])
    within = dict(made.within_marks())
    assert list(within) == [*MARKS, np.inf]
    assert (within[0.1], within[0.2], within[0.5], within[30.0], within[np.inf]) == (0, 2, 4, 5, 6)


def test_a_list_of_something_else_is_refused() -> None:
    for numbers in ([1.0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 10_000, 1], [0, 0, 0, 0, 1, -1]):
        with pytest.raises(ValueError, match="a distribution"):
            Distribution.from_list(numbers)
