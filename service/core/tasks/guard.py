"""Which runs are alive: each holds an advisory lock on its process's own connection.

A lock dies with its process, so a run whose lock is free is dead, at once and without guessing by clocks.
"""

import asyncio
import hashlib
from contextlib import suppress
from uuid import UUID

import asyncpg

_NAMESPACE = b"muster.run:"
_WITHIN = 5.0
"""Seconds a question on the connection may take."""


def lock_key(run_id: UUID) -> int:
    """The advisory lock of a run, a signed 64-bit number."""
    digest = hashlib.blake2b(_NAMESPACE + run_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Guard:
    """Holds the locks of this process's runs on one connection past any pooler.

    Every question raises what asyncpg raises while the database is away.
    """

    def __init__(self, direct_url: str) -> None:
        self._url = direct_url
        self._connection: asyncpg.Connection | None = None
        self._held: set[UUID] = set()
        self._turn = asyncio.Lock()  # the connection answers one question at a time

    async def hold(self, run_id: UUID) -> bool:
        """Take a run's lock; False when this or another process has it."""
        async with self._turn:
            if run_id in self._held or not await self._try(await self._connected(), run_id):
                return False
            self._held.add(run_id)
            return True

    async def release(self, run_id: UUID) -> None:
        """Give a run's lock back; a lost connection has already done so."""
        async with self._turn:
            self._held.discard(run_id)
            if self._connection is not None and not self._connection.is_closed():
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self._unlock(self._connection, run_id)

    async def keeps(self, run_id: UUID) -> bool:
        """Whether the lock is still ours: proved by asking, and taken anew where the connection was lost.

        False: another process carries the run out by now, or will.
        """
        async with self._turn:
            connection = await self._connected()
            await connection.fetchval("SELECT 1", timeout=_WITHIN)
            return run_id in self._held

    async def is_free(self, run_id: UUID) -> bool:
        """Whether nobody carries this run out."""
        async with self._turn:
            if run_id in self._held:
                return False
            connection = await self._connected()
            if not await self._try(connection, run_id):
                return False
            await self._unlock(connection, run_id)
            return True

    async def close(self) -> None:
        """Close the connection and with it every lock."""
        async with self._turn:
            connection, self._connection = self._connection, None
            self._held.clear()
            if connection is not None:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.close(timeout=_WITHIN)

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            connection = await asyncpg.connect(
                self._url, timeout=10, server_settings={"application_name": "muster-runs"}
            )
            # The server gave the old connection's locks back: what another process took meanwhile is lost.
            self._held = {run_id for run_id in self._held if await self._try(connection, run_id)}
            self._connection = connection
        return self._connection

    async def _try(self, connection: asyncpg.Connection, run_id: UUID) -> bool:
        key = lock_key(run_id)
        return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", key, timeout=_WITHIN))

    async def _unlock(self, connection: asyncpg.Connection, run_id: UUID) -> None:
        await connection.execute("SELECT pg_advisory_unlock($1)", lock_key(run_id), timeout=_WITHIN)
