"""One worker among the others: asks them, answers them, and knows whether it leads."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Final

import orjson

from service.core.tasks import every
from service.monitoring.workers import counted

KEPT_EVERY: Final = timedelta(seconds=5)
"""So much of what was counted and never asked for may be lost when a worker is killed."""
ANSWERS_WITHIN: Final = 2.0
"""Seconds; of one that is too busy for that counts what it left last."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place among the workers: the folder they share and the number of this one."""

    folder: Path
    number: int


class Workers:
    """This process and the others of its service; alone without a seat.

    `read` gives what this process has counted, by part: of those named, or (None) of all.
    """

    def __init__(self, seat: Seat | None, read: Callable[[Collection[str] | None], dict[str, Any]]) -> None:
        self._seat = seat
        self._read = read
        self._lock: IO[bytes] | None = None
        self.name = "" if seat is None else f"worker-{seat.number}-{os.getpid()}"

    @property
    def is_leader(self) -> bool:
        """Whether this one does what only one of them shall: who asked first, for as long as it lives."""
        if self._seat is None:
            return True
        if self._lock is None:
            self._lock = _taken(self._seat.folder / "leader.lock")
        return self._lock is not None

    async def counted(self, parts: Collection[str], *, told: bool) -> list[dict[str, Any]]:
        """What each worker has counted until now, this one first, and together those that are gone.

        With `told` the figures leave the house: each worker leaves on file what it answers, so no sum that
        was ever told falls when one is killed.
        """
        if self._seat is None:
            return [self._read(parts)]
        own = self._leave() if told else self._read(parts)
        names = [name for name in counted.worker_names(self._seat.folder) if name != self.name]
        answers = await asyncio.gather(*(self._ask(name, parts, told) for name in names))
        gone = counted.gone(self._seat.folder)
        found = [own, gone.counted]
        for name, answer in zip(names, answers, strict=True):
            if name not in gone.names:
                found.append(answer or counted.left(self._seat.folder, name) or {})
        return [_chosen(each, parts) for each in found]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer the others while the block runs."""
        if self._seat is None:
            yield
            return
        self._leave()
        path = self._seat.folder / f"{self.name}.sock"
        server = await asyncio.start_unix_server(self._answer, path)
        async with every(KEPT_EVERY, "workers.leave", self._leave):
            try:
                yield
            finally:
                server.close()
                self._leave()

    def _leave(self) -> dict[str, Any]:
        assert self._seat is not None
        own = self._read(None)
        counted.leave(self._seat.folder, self.name, own)
        return own

    async def _ask(self, name: str, parts: Collection[str], told: bool) -> dict[str, Any] | None:
        assert self._seat is not None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                reader, writer = await asyncio.open_unix_connection(self._seat.folder / f"{name}.sock")
                try:
                    writer.write(orjson.dumps({"parts": list(parts), "told": told}) + b"\n")
                    answer: dict[str, Any] = orjson.loads(await reader.read())
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):  # it has ended, is busy or was cut off
            return None
        return answer

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError):
            asked = orjson.loads(await reader.readline())
            own = self._leave() if asked["told"] else self._read(asked["parts"])
            writer.write(orjson.dumps(_chosen(own, asked["parts"])))
            await writer.drain()
        writer.close()


def _chosen(counts: dict[str, Any], parts: Collection[str]) -> dict[str, Any]:
    return {name: counts[name] for name in parts if name in counts}


def _taken(path: Path) -> IO[bytes] | None:
    """The lock's file while it is ours; the kernel gives it back when its holder dies."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
