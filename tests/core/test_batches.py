"""Batches keep the order, the bound and every error, and end when they are told to."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.batches import collected, together
from service.core.errors import UpstreamRefused, UpstreamSilent


class Bench:
    """Work whose order of ending is given: item n ends after `turns[n]` turns of the loop."""

    def __init__(self, turns: list[int], failing: frozenset[int] = frozenset()) -> None:
        self.turns = turns
        self.failing = failing
        self.running = self.most = self.begun = self.cancelled = 0

    async def work(self, item: int) -> int:
        self.begun += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(self.turns[item]):
                await asyncio.sleep(0)
            if item in self.failing:
                raise UpstreamSilent(str(item))
            return item * 10
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1

    async def items(self) -> AsyncIterator[int]:
        for item in range(len(self.turns)):
            await asyncio.sleep(0)
            yield item


@given(
    turns=st.lists(st.integers(0, 5), max_size=12),
    failing=st.frozensets(st.integers(0, 11)),
    at_once=st.integers(1, 5),
    streamed=st.booleans(),
)
def test_every_item_is_in_its_place_and_never_too_many_are_under_way(
    turns: list[int], failing: frozenset[int], at_once: int, streamed: bool
) -> None:
    bench = Bench(turns, failing)
    items = bench.items() if streamed else range(len(turns))
    batch = asyncio.run(collected(items, bench.work, at_once=at_once))
    failed = sorted(failing & set(range(len(turns))))
    assert sorted((entry.index, entry.item, str(entry.error)) for entry in batch.errors) == [
        (item, item, str(item)) for item in failed
    ]
    assert batch.results == [item * 10 for item in range(len(turns)) if item not in failing]
    assert bench.most <= at_once
    assert bench.begun == len(turns)


async def test_the_first_error_calls_off_the_rest_and_takes_no_more_items() -> None:
    bench = Bench([1000, 2, 1000, 0], frozenset({1}))
    with pytest.raises(UpstreamSilent, match="1"):
        await together(range(4), bench.work, at_once=3)
    assert (bench.begun, bench.cancelled, bench.running) == (3, 2, 0)


async def test_of_errors_that_come_together_the_chosen_one_is_raised() -> None:
    def refuse(item: int) -> None:
        raise UpstreamRefused("no", upstream_status=403) if item else UpstreamSilent("down")

    async def fail(item: int) -> None:
        try:
            await asyncio.Event().wait() if item else refuse(item)
        finally:
            refuse(item)  # also while it is called off: two failures of one batch

    with pytest.raises(UpstreamRefused):
        await together([0, 1], fail, at_once=2, first=UpstreamRefused)


async def test_no_more_is_taken_from_a_source_than_is_worked_on() -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    async def work(item: int) -> None:
        if item == 100:
            raise ValueError("enough")
        assert taken - item < 4
        await asyncio.sleep(0)

    with pytest.raises(ValueError, match="enough"):
        await together(endless(), work, at_once=4)
    assert taken <= 104


@pytest.mark.parametrize("mode", [collected, together])
async def test_a_source_that_fails_ends_what_is_under_way(mode: object) -> None:
    bench = Bench([1000, 1000])

    async def broken() -> AsyncIterator[int]:
        yield 0
        yield 1
        await asyncio.sleep(0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await mode(broken(), bench.work, at_once=3)  # type: ignore[operator]  # one of two functions
    assert (bench.cancelled, bench.running) == (2, 0)


async def test_a_cancel_ends_what_is_under_way_and_closes_the_source() -> None:
    bench, closed, all_taken = Bench([10_000] * 3), asyncio.Event(), asyncio.Event()

    async def source() -> AsyncIterator[int]:
        try:
            for item in range(3):
                yield item
            all_taken.set()
            await asyncio.Event().wait()
        finally:
            closed.set()

    running = asyncio.create_task(collected(source(), bench.work, at_once=4))
    await all_taken.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (bench.cancelled, bench.running, closed.is_set()) == (3, 0, True)


async def test_results_come_in_the_order_of_the_items() -> None:
    bench = Bench([9, 0, 5, 1])
    assert await together(range(4), bench.work, at_once=4) == [0, 10, 20, 30]
    with pytest.raises(ValueError, match="at least 1"):
        await together(range(4), bench.work, at_once=0)
