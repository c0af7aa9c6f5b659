"""The file of a copy as it lies in the database: in sealed pieces, each bound to its place in the file."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func

from service.children.rights.files import Sink
from service.core import queries
from service.core.database import Database
from service.core.sealing import Sealer
from service.core.telemetry import expect_repeats

PIECE: Final = 1024 * 1024
"""Bytes of a piece, in memory once when it is sealed and once when it is sent."""


class Keeper:
    """Seals what has come together in a sink and stores it; a file begun before is written anew."""

    def __init__(self, database: Database, sealer: Sealer, run_id: UUID, sink: Sink) -> None:
        self.database = database
        self.sealer = sealer
        self.run_id = run_id
        self.sink = sink
        self._number = 0

    async def begin(self, name: str, media_type: str, kept: timedelta) -> None:
        """Make room for the file; it is nobody's before it is finished."""
        values = {"name": name, "media_type": media_type, "size_bytes": 0, "sha256": ""}
        async with self.database.write() as conn:
            await queries.replace_file(conn, self.run_id, {**values, "expires_at": func.now() + kept})

    async def store(self) -> None:
        """Store what makes whole pieces."""
        for piece in self.sink.take(PIECE):
            await self._put(piece)

    async def finish(self) -> None:
        """Store the rest."""
        await self.store()
        if rest := self.sink.rest():
            await self._put(rest)

    async def _put(self, piece: bytes) -> None:
        sealed = self.sealer.seal_bytes(piece, _place(self.run_id, self._number))
        async with self.database.write() as conn:
            await queries.insert_file_part(conn, self.run_id, self._number, sealed)
        self._number += 1


async def opened(database: Database, sealer: Sealer, run_id: UUID) -> AsyncIterator[bytes]:
    """The file piece by piece; no connection is held between two. Raises `NotOpened`."""
    expect_repeats("a file is read piece by piece, so that it takes no more memory than one")
    number = 0
    while True:
        async with database.read() as conn:
            sealed = await queries.select_file_part(conn, run_id, number)
        if sealed is None:
            return
        yield sealer.open_bytes(sealed, _place(run_id, number))
        number += 1


def _place(run_id: UUID, number: int) -> str:
    return f"run:{run_id}/file/{number}"
