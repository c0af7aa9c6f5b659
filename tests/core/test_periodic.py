"""What each process does from time to time: on record, guarded, never two at once, off when told so."""

import asyncio
from datetime import timedelta

from service.core.tasks import every, periodic_works
from service.core.tasks.periodic import AGAIN, Periodic

SOON = timedelta(milliseconds=1)


async def test_async_and_plain_work_is_done_again_and_again_and_never_twice_at_once() -> None:
    plain, running, most, times = 0, 0, 0, asyncio.Semaphore(0)

    def count() -> None:
        nonlocal plain
        plain += 1

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.003)
        running -= 1
        times.release()

    async with every(SOON, "count", count) as counting, every(SOON, "slow", slow) as slowly:
        assert any(work is counting for work in periodic_works())
        async with asyncio.timeout(60):
            for _ in range(3):
                await times.acquire()
    assert most == 1
    assert plain >= 1
    assert (slowly.outcome, slowly.failures) == ("ok", 0)
    assert slowly.seconds is not None
    assert slowly.seconds > 0
    assert not any(work is counting or work is slowly for work in periodic_works())


async def test_a_failure_is_on_record_and_tried_again_sooner_and_ever_more_seldom() -> None:
    work = Periodic("failing", timedelta(hours=2))

    async def fail() -> None:
        raise RuntimeError("the reason")

    for times in (1, 2, 3):
        await work.once(fail)
        assert (work.times, work.failures, work.in_a_row) == (times, times, times)
        assert (work.outcome, work.detail) == ("failed", "the reason")
        assert 0 <= work.pause() <= AGAIN.base * 2 ** (times - 1)
    await work.once(lambda: None)
    assert (work.outcome, work.detail, work.in_a_row, work.failures) == ("ok", None, 0, 3)
    assert timedelta(hours=1.7).total_seconds() < work.pause() < timedelta(hours=2.3).total_seconds()
    assert work.next_at is not None
    assert work.started_at is not None
    assert work.next_at > work.started_at


async def test_what_is_switched_off_is_listed_and_never_done() -> None:
    done = asyncio.Event()
    async with every(timedelta(0), "off", done.set) as off, every(None, "none", done.set):
        await asyncio.sleep(0.02)
        assert [work.name for work in periodic_works() if not work.period] == ["off", "none"]
        assert (off.next_at, off.times) == (None, 0)
    assert not done.is_set()


async def test_work_under_way_ends_with_the_block() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with every(SOON, "hang", hang), asyncio.timeout(60):
        await begun.wait()
    assert ended.is_set()
