"""Rows on their way from the database into a file that a thread writes: counted, and stopped when told to."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from service.reporting.answer import wire_of

Rows = Sequence[Mapping[str, Any]]
ROWS_IN_A_BLOCK: Final = 500


class Stopped(Exception):
    """Nobody waits for the file any more."""


class Feed:
    """The rows of blocks one after the other, once.

    `count` says how many were taken; after `stop()` the next row, or `check()`, raises `Stopped`.
    """

    def __init__(self, blocks: Iterable[Rows]) -> None:
        self._blocks = blocks
        self._stopped = threading.Event()
        self.count = 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Each row."""
        for block in self._blocks:
            self.check()
            for row in block:
                self.count += 1
                yield row

    def stop(self) -> None:
        """Called from the event loop."""
        self._stopped.set()

    def check(self) -> None:
        """Called from the thread."""
        if self._stopped.is_set():
            raise Stopped


def held(rows: Rows) -> Iterator[Rows]:
    """Rows that are all there, in blocks."""
    waiting = iter(rows)
    while block := list(islice(waiting, ROWS_IN_A_BLOCK)):
        yield block


def pulled(blocks: AsyncIterator[Rows], loop: asyncio.AbstractEventLoop) -> Iterator[Rows]:
    """Blocks that `loop` reads one at a time, when the thread asks for the next; as values of JSON."""

    async def following() -> Rows | None:
        return await anext(blocks, None)

    while (block := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
        yield wire_of(block)
