"""The pure parts of outbound calls: waits, `Retry-After`, the breaker's states."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import UpstreamRefused, UpstreamSilent
from service.core.outbound import Breaker, RetryPolicy, Unusable
from service.core.outbound.retries import Backoff, retry_after_seconds


@given(attempt=st.integers(1, 30), share=st.floats(0, 1))
def test_jitter_is_full_and_capped(attempt: int, share: float) -> None:
    wait = RetryPolicy().wait(attempt, None, lambda low, high: low + share * (high - low))
    assert wait is not None
    assert 0 <= wait <= min(60.0, 2.0 ** (attempt - 1))


@given(asked=st.floats(0, 10_000), share=st.floats(0, 1))
def test_asked_wait_is_never_shortened_and_has_a_ceiling(asked: float, share: float) -> None:
    wait = RetryPolicy().wait(1, asked, lambda low, high: low + share * (high - low))
    assert (wait is None) == (asked > 120)
    assert wait is None or asked <= wait <= asked + 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        (" 57 ", 57.0),
        ("Sun, 22 Nov 2026 01:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 00:59:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 01:00:05 -0000", 5.0),
        ("soon", None),
        ("-3", None),
        ("1e9", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, datetime(2026, 11, 22, 1, 0, tzinfo=UTC)) == seconds


async def test_no_wait_beyond_the_deadline() -> None:
    failure = Unusable(UpstreamSilent("x"), retry=True, wait=5.0, kind="x")
    now = asyncio.get_running_loop().time()
    assert Backoff(RetryPolicy(), now + 4).decide(failure) is False
    assert Backoff(RetryPolicy(), now + 10).decide(failure) >= 5.0
    assert Backoff(RetryPolicy(), now + 10).decide(ValueError()) is False


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _fail(breaker: Breaker, kind: str = "timeout", *, down: bool = True) -> None:
    error = UpstreamRefused("no", upstream_status=401) if kind == "credential" else UpstreamSilent("down")
    with pytest.raises(Unusable), breaker.attempt():
        raise Unusable(error, retry=True, down=down, kind=kind)


def test_breaker_opens_after_failures_in_a_row_and_doubles() -> None:
    clock = Clock()
    breaker = Breaker(threshold=3, cool_down=10, ceiling=25, clock=clock)
    _fail(breaker)
    _fail(breaker)
    with breaker.attempt():
        pass
    for _ in range(3):
        assert breaker.state == "closed"
        _fail(breaker)
    assert (breaker.state, breaker.reason) == ("open", "down")
    for cool_down in (10, 20, 25, 25):
        with pytest.raises(Unusable) as refused, breaker.attempt():
            pass
        assert (refused.value.kind, refused.value.retry) == ("breaker_open", True)
        assert refused.value.wait is not None
        assert refused.value.wait >= cool_down - 0.001
        clock.now += cool_down
        assert breaker.state == "half-open"
        _fail(breaker)
    clock.now += 25
    with breaker.attempt():
        assert breaker.state == "open"  # for all others, while the probe is out
    assert breaker.state == "closed"


def test_breaker_survives_a_cancelled_probe() -> None:
    clock = Clock()
    breaker = Breaker(threshold=1, cool_down=1, clock=clock)
    _fail(breaker)
    clock.now += 1
    with pytest.raises(asyncio.CancelledError), breaker.attempt():
        raise asyncio.CancelledError
    assert breaker.state == "half-open"


def test_answers_that_are_failures_of_the_question_do_not_open_it() -> None:
    breaker = Breaker(threshold=1)
    for _ in range(10):
        _fail(breaker, "status_417", down=False)
    assert breaker.state == "closed"


def test_refused_credential_opens_at_once_and_is_repeated_as_it_was() -> None:
    breaker = Breaker(threshold=50)
    _fail(breaker, "credential", down=False)
    with pytest.raises(Unusable) as refused, breaker.attempt():
        pass
    assert isinstance(refused.value.error, UpstreamRefused)
    assert refused.value.retry is False
    breaker.reset()
    assert breaker.state == "closed"
