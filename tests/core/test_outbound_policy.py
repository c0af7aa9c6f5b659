"""The pure parts of outbound calls: `Retry-After`, the breaker's states."""

import asyncio
from datetime import UTC, datetime

import pytest

from service.core.errors import UpstreamRefused, UpstreamSilent
from service.core.outbound import Breaker, Unusable
from service.core.outbound.http_dates import retry_after_seconds


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
