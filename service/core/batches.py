"""Many pieces of the same work at once: bounded, in order, with results and errors."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Sized,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failed(Generic[A]):
    """One piece that failed: its place among the items (from 0), the item, and why."""

    index: int
    item: A
    error: Exception


@dataclass(slots=True)
class Batch(Generic[A, T]):
    """What came of the items, by their place; every item is in one of the two."""

    done: dict[int, T] = field(default_factory=dict)
    errors: list[Failed[A]] = field(default_factory=list)
    """In the order they failed."""

    @property
    def results(self) -> list[T]:
        """What succeeded, in the order of the items."""
        return [self.done[index] for index in sorted(self.done)]


def pieces(items: Iterable[A], size: int) -> Iterator[list[A]]:
    """The items in lists of `size`, the last one maybe shorter; they are taken when a list is asked for."""
    if size < 1:
        raise ValueError(f"size must be at least 1, not {size}")
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some


async def collected(
    items: Iterable[A] | AsyncIterable[A], work: Callable[[A], Awaitable[T]], *, at_once: int
) -> Batch[A, T]:
    """Do `work` for each item, at most `at_once` at a time; what fails stands among the errors.

    Items are taken one by one, when there is somebody free to work on them, so a source may be endless or
    larger than memory. What the source itself raises, and a cancel, ends everything under way and is raised.
    """
    batch: Batch[A, T] = Batch()

    async def do(index: int, item: A) -> None:
        try:
            batch.done[index] = await work(item)
        except Exception as error:
            batch.errors.append(Failed(index, item, error))

    await _share(items, do, at_once)
    return batch


async def together(
    items: Iterable[A] | AsyncIterable[A],
    work: Callable[[A], Awaitable[T]],
    *,
    at_once: int,
    first: type[Exception] | tuple[type[Exception], ...] = (),
) -> list[T]:
    """The results in the order of the items, or the first error: that calls off what is under way.

    Of errors that come together one of the classes `first` is raised before others. Otherwise as `collected`.
    """
    done: dict[int, T] = {}

    async def do(index: int, item: A) -> None:
        done[index] = await work(item)

    await _share(items, do, at_once, first)
    return [done[index] for index in sorted(done)]


async def _share(
    items: Iterable[A] | AsyncIterable[A],
    do: Callable[[int, A], Awaitable[None]],
    at_once: int,
    first: type[Exception] | tuple[type[Exception], ...] = (),
) -> None:
    """`at_once` workers that take the next item as soon as they have done one; raises one error of all."""
    if at_once < 1:
        raise ValueError(f"at_once must be at least 1, not {at_once}")
    turn = asyncio.Lock()  # an async iterator answers one question at a time

    async def worker(numbered: AsyncIterator[tuple[int, A]]) -> None:
        while True:
            async with turn:
                taken = await anext(numbered, None)
            if taken is None:
                return
            await do(*taken)

    workers = min(at_once, len(items)) if isinstance(items, Sized) else at_once
    try:
        async with aclosing(_numbered(items)) as numbered, asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(worker(numbered))
    except BaseExceptionGroup as several:
        errors = list(_leaves(several))
        ends = (error for error in errors if not isinstance(error, Exception))
        chosen = (error for error in errors if isinstance(error, first))
        raise next(ends, next(chosen, errors[0])) from None


async def _numbered(items: Iterable[A] | AsyncIterable[A]) -> AsyncGenerator[tuple[int, A]]:
    index = 0
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield index, item
            index += 1
        return
    for item in items:
        yield index, item
        index += 1


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterable[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
