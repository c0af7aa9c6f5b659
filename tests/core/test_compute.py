"""Work off the event loop: bounded, cancellable, under the caller's request id."""

import asyncio
import threading
import time

import pytest

from service.core.compute import Compute
from service.core.telemetry import request_id, work_id


async def test_work_runs_beside_the_event_loop_under_the_callers_id() -> None:
    compute = Compute(threads=1)
    with work_id("abc"):
        ran, seen = await compute.in_thread(lambda: (threading.current_thread(), request_id()))
    assert ran is not threading.main_thread()
    assert seen == "abc"
    compute.close()


async def test_arguments_results_and_errors_pass() -> None:
    compute = Compute(threads=1)
    assert await compute.in_thread(divmod, 7, 2) == (3, 1)
    assert await compute.in_thread(sorted, [1, 2], reverse=True) == [2, 1]
    with pytest.raises(ZeroDivisionError):
        await compute.in_thread(divmod, 7, 0)
    compute.close()


async def test_the_loop_turns_while_a_thread_works() -> None:
    compute = Compute(threads=1)
    go = threading.Event()
    working = asyncio.create_task(compute.in_thread(go.wait, 10))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not working.done()
    go.set()
    assert await working
    compute.close()


async def test_no_more_at_once_than_threads_and_a_bounded_queue() -> None:
    compute = Compute(threads=2)
    now, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        go.wait(10)
        with lock:
            now -= 1

    tasks = [asyncio.create_task(compute.in_thread(work)) for _ in range(50)]
    await asyncio.sleep(0.05)
    assert (
        compute._pool._work_queue.qsize() <= 8
    )  # the rest waits in the event loop, where it can be cancelled
    go.set()
    await asyncio.gather(*tasks)
    assert most <= 2
    compute.close()


async def test_a_cancelled_caller_stops_waiting_and_its_queued_work_never_begins() -> None:
    compute = Compute(threads=1)
    go, begun = threading.Event(), []
    first = asyncio.create_task(compute.in_thread(go.wait, 10))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(compute.in_thread(begun.append, "second"))
    await asyncio.sleep(0.02)
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert first.cancelled()
    assert second.cancelled()
    go.set()
    assert await compute.in_thread(time.monotonic) > 0
    assert begun == []
    compute.close()
