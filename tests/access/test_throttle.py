"""Guessing is limited, by the monotonic clock, in bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.throttle import Throttle, network


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_for_each_refill() -> None:
    clock = Clock()
    throttle = Throttle(burst=3, refill=10, clock=clock)
    assert [throttle.failed("a") for _ in range(5)] == [0, 0, 0, 10, 10]
    assert throttle.wait("b") == 0
    clock.now += 9.5
    assert throttle.wait("a") == 1
    clock.now += 0.5
    assert throttle.failed("a") == 0
    assert throttle.wait("a") == 10
    clock.now += 30
    assert [throttle.failed("a") for _ in range(4)] == [0, 0, 0, 10]


def test_those_refused_do_not_lengthen_the_wait() -> None:
    throttle = Throttle(burst=1, refill=10, clock=Clock())
    throttle.failed("a")
    assert {throttle.failed("a") for _ in range(100)} == {10}


def test_a_million_names_do_not_fill_the_memory() -> None:
    throttle = Throttle(burst=2, refill=10, most_names=50, clock=Clock())
    for number in range(10_000):
        throttle.failed(f"name {number}")
    assert len(throttle) == 50


@given(
    burst=st.integers(1, 30),
    refill=st.integers(1, 60),
    pauses=st.lists(st.integers(0, 100), min_size=1, max_size=200),
)
def test_never_more_failures_pass_than_burst_plus_refills(burst: int, refill: int, pauses: list[int]) -> None:
    clock = Clock()
    throttle = Throttle(burst=burst, refill=float(refill), clock=clock)
    passed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if throttle.failed("a") == 0:
            passed.append(clock.now)
    for first, begun in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + (passed[last] - begun) / refill


@given(waits=st.integers(1, 40))
def test_who_waits_as_told_may_try_again(waits: int) -> None:
    clock = Clock()
    throttle = Throttle(burst=2, refill=7, clock=clock)
    for _ in range(waits):
        if told := throttle.failed("a"):
            clock.now += told
            assert throttle.failed("a") == 0


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::ffff", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_ipv6_customer_counts_as_one(address: str, counted: str) -> None:
    assert network(address) == counted
