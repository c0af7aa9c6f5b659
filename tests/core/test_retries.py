"""The retry policy: waits, ceilings, deadlines, and what is never tried again."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    RateLimited,
    ServiceError,
    Unavailable,
    UpstreamRefused,
    UpstreamSilent,
)
from service.core.outbound import Unusable
from service.core.retries import Backoff, RetryPolicy, may_pass, retried

AT_ONCE = RetryPolicy(base=0.0)


@given(attempt=st.integers(1, 3_000), share=st.floats(0, 1))
def test_jitter_is_full_and_capped(attempt: int, share: float) -> None:
    wait = RetryPolicy().wait(attempt, None, lambda low, high: low + share * (high - low))
    assert wait is not None
    assert 0 <= wait <= min(60.0, 2.0 ** min(attempt - 1, 10))


@given(asked=st.floats(0, 10_000), share=st.floats(0, 1))
def test_asked_wait_is_never_shortened_and_has_a_ceiling(asked: float, share: float) -> None:
    wait = RetryPolicy().wait(1, asked, lambda low, high: low + share * (high - low))
    assert (wait is None) == (asked > 120)
    assert wait is None or asked <= wait <= asked + 1


@given(attempt=st.integers(1, 20), attempts=st.integers(1, 20), left=st.floats(0, 100))
def test_after_the_last_attempt_or_past_the_deadline_nothing_is_tried(
    attempt: int, attempts: int, left: float
) -> None:
    policy = RetryPolicy(attempts=attempts)
    wait = policy.after(attempt, UpstreamSilent("x"), left=left, draw=lambda _, high: high)
    longest = min(60.0, 2.0 ** (attempt - 1))
    assert (wait is None) == (attempt >= attempts or longest >= left)
    assert wait is None or wait == longest


@pytest.mark.parametrize(
    ("error", "hope"),
    [
        (Unusable(UpstreamSilent("x"), retry=False, kind="x"), False),
        (Unusable(UpstreamSilent("x"), retry=True, kind="x"), True),
        (UpstreamSilent("x"), True),
        (UpstreamRefused("x", upstream_status=401), False),
        (Invalid("x"), False),
        (NotAllowed("x"), False),
        (Conflict("x"), False),
        (RateLimited("x", retry_after=7), True),
        (Unavailable("x"), True),
        (ServiceError("x"), True),
        (TimeoutError(), True),
        (asyncio.CancelledError(), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_what_cannot_succeed_is_not_tried_again(error: BaseException, hope: bool) -> None:
    assert may_pass(error) is hope
    assert (AT_ONCE.after(1, error) is not None) is hope


def test_a_wait_that_was_asked_for_is_kept_whoever_asks() -> None:
    asked = [
        Unusable(UpstreamSilent("x"), retry=True, wait=7, kind="x"),
        RateLimited("slowly", retry_after=7),
        Unavailable("later", retry_after=7),
    ]
    assert [AT_ONCE.after(1, error) for error in asked] == [7, 7, 7]


async def test_no_wait_beyond_the_deadline() -> None:
    failure = Unusable(UpstreamSilent("x"), retry=True, wait=5.0, kind="x")
    now = asyncio.get_running_loop().time()
    assert Backoff(RetryPolicy(), now + 4).decide(failure) is False
    assert Backoff(RetryPolicy(), now + 60).decide(failure) >= 5.0
    assert Backoff(RetryPolicy(), now + 60).decide(Invalid("x")) is False


async def test_work_is_tried_until_it_succeeds_and_the_last_error_is_raised() -> None:
    seen: list[int] = []

    async def third(attempt: int) -> str:
        seen.append(attempt)
        if attempt < 3:
            raise UpstreamSilent(f"attempt {attempt}")
        return "done"

    assert await retried(third, AT_ONCE) == "done"
    with pytest.raises(UpstreamSilent, match="attempt 2"):
        await retried(third, RetryPolicy(base=0.0, attempts=2))
    with pytest.raises(UpstreamSilent, match="attempt 1"):
        await retried(third, RetryPolicy(base=0.0, deadline=0.0))
    assert seen == [1, 2, 3, 1, 2, 1]


async def test_a_cancel_ends_the_attempts() -> None:
    begun = asyncio.Event()

    async def wait(_: int) -> None:
        begun.set()
        await asyncio.Event().wait()

    work = asyncio.create_task(retried(wait, AT_ONCE))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
