"""Percentiles out of bounded memory, against the sorted truth."""

import math
import random

from service.monitoring.loadtest.statistics import TIMEOUT, Answered, Histogram, Measurements


def test_percentiles_are_right_to_half_a_percent_in_bounded_memory() -> None:
    drawn = random.Random(7)
    values = [drawn.lognormvariate(-4, 1.5) for _ in range(20_000)]
    first, second = Histogram(), Histogram()
    for number, value in enumerate(values):
        (first if number % 2 else second).add(value)
    first.merge(second)
    values.sort()
    for share in (0.5, 0.9, 0.95, 0.99, 1.0):
        truth = values[math.ceil(share * len(values)) - 1]
        assert abs(first.percentile(share) - truth) <= 0.0051 * truth
    assert (first.count, first.least, first.greatest) == (20_000, values[0], values[-1])
    assert len(first.buckets) < 1900
    assert sum(count for _, _, count in first.columns(40)) == 20_000
    assert len(list(first.columns(40))) <= 40


def test_of_nothing_and_of_next_to_nothing() -> None:
    empty = Histogram()
    assert (empty.percentile(0.95), list(empty.columns())) == (0.0, [])
    empty.add(0.0)
    assert empty.percentile(0.5) == 0.0


def test_what_begins_in_the_warm_up_is_left_out_and_only_expected_answers_and_time_outs_are_timed() -> None:
    measured = Measurements(seconds=600, warm_up=10)
    measured.answered("a", 9.9, 9.9, 12.0, Answered(None, 5))
    measured.dropped("a", 1.0)
    measured.answered("a", 10.0, 10.5, 11.0, Answered(None, 5))
    measured.answered("a", 11.0, 11.0, 41.0, Answered(TIMEOUT))
    measured.answered("a", 12.0, 12.0, 12.001, Answered("status 503"))
    measured.dropped("a", 599.0)
    tally = measured.tallies["a"]
    assert (measured.warmed, tally.done, tally.dropped, tally.bytes) == (2, 3, 1, 5)
    assert tally.errors == {TIMEOUT: 1, "status 503": 1}
    assert (tally.response.count, tally.response.sum, tally.service.sum) == (2, 31.0, 30.5)
    assert len(measured.slots) <= 240
