"""When requests are due and which they are."""

from collections import Counter
from itertools import pairwise

import pytest

from service.monitoring.loadtest.schedule import Mix, arrivals, users
from tests.monitoring.loadtest.plans import plan


def test_constant_arrivals_are_evenly_spaced() -> None:
    assert list(arrivals(plan(stage=[{"seconds": 2, "rate": 2}]))) == pytest.approx([0.5, 1.0, 1.5, 2.0])


def test_a_ramp_brings_as_many_as_the_area_below_it_and_ever_closer() -> None:
    due = list(arrivals(plan(stage=[{"seconds": 10, "rate": 0, "to": 20}, {"seconds": 1, "rate": 20}])))
    assert len(due) == 100 + 20
    gaps = [after - before for before, after in pairwise(due[:100])]
    assert gaps == sorted(gaps, reverse=True)
    assert due[24] == pytest.approx(5.0)  # a quarter of the area lies below half of the time
    falling = list(arrivals(plan(stage=[{"seconds": 10, "rate": 20, "to": 0}])))
    assert [10 - moment for moment in reversed(falling[:-1])] == pytest.approx(due[:99], abs=1e-6)


def test_a_poisson_process_has_its_rate_its_spread_and_its_seed() -> None:
    asked = plan(arrivals="poisson", stage=[{"seconds": 100, "rate": 50, "to": 150}])
    due = list(arrivals(asked))
    assert due == list(arrivals(asked)) == sorted(due)
    assert due != list(arrivals(asked.model_copy(update={"seed": 2})))
    assert abs(len(due) - 10_000) < 4 * 100  # four standard deviations, and the seed is fixed
    by_second = Counter(int(moment) for moment in due)
    dispersion = sum((by_second[s] - (50.5 + s)) ** 2 / (50.5 + s) for s in range(100)) / 100
    assert 0.6 < dispersion < 1.5  # of a Poisson process 1, of an even one 0


def test_users_come_and_go_with_the_stages() -> None:
    stages = [{"seconds": 4, "users": 1, "to": 3}, {"seconds": 2, "users": 3}, {"seconds": 2, "users": 1}]
    assert list(users(plan(model="closed", stage=stages))) == [(0, 1), (2, 2), (4, 3), (6, 1), (8, 0)]


def test_a_mix_follows_weights_lists_and_its_seed() -> None:
    asked = plan(
        request=[
            {"name": "often", "path": "/people/{who}", "weight": 3, "values": {"who": ["a/b", "c"]}},
            {"name": "seldom", "path": "/list", "query": {"site": ["x", "y"], "deep": True}, "expect": [404]},
        ]
    )
    mix = Mix(asked)
    drawn = [mix.next() for _ in range(4000)]
    assert 0.72 < sum(call.label == "often" for call in drawn) / 4000 < 0.78
    assert {call.path for call in drawn if call.label == "often"} == {"/people/a%2Fb", "/people/c"}
    queries = {call.query for call in drawn if call.label == "seldom"}
    assert queries == {(("deep", "true"), ("site", "x")), (("deep", "true"), ("site", "y"))}
    seldom = next(call for call in drawn if call.label == "seldom")
    assert (seldom.is_expected(404), seldom.is_expected(200)) == (True, False)
    again = Mix(asked)
    assert [again.next() for _ in range(100)] == drawn[:100]
    other = Mix(asked, 1)
    assert [other.next() for _ in range(100)] != drawn[:100]
