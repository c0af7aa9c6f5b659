"""Which runs are alive: each holds an advisory lock on its process's own connection.

A lock dies with its process, so a run whose lock is free is dead, at once and without guessing by clocks.
"""

import hashlib
from uuid import UUID

import asyncpg

_NAMESPACE = b"muster.run:"


def lock_key(run_id: UUID) -> int:
    """The advisory lock of a run, a signed 64-bit number."""
    digest = hashlib.blake2b(_NAMESPACE + run_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Guard:
    """Holds the locks of this process's runs on one connection past any pooler."""

    def __init__(self, direct_url: str) -> None:
        self._url = direct_url
        self._connection: asyncpg.Connection | None = None
        self._held: set[UUID] = set()

    async def hold(self, run_id: UUID) -> bool:
        """Take a run's lock; False when another process has it."""
        if run_id in self._held:
            return False
        connection = await self._connected()
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_key(run_id)):
            return False
        self._held.add(run_id)
        return True

    async def release(self, run_id: UUID) -> None:
        """Give a run's lock back; a lost connection has already done so."""
        self._held.discard(run_id)
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.execute("SELECT pg_advisory_unlock($1)", lock_key(run_id))

    async def is_dead(self, run_id: UUID) -> bool:
        """Whether nobody runs this run any more."""
        if run_id in self._held:
            return False
        connection = await self._connected()
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_key(run_id)):
            return False
        await connection.execute("SELECT pg_advisory_unlock($1)", lock_key(run_id))
        return True

    async def close(self) -> None:
        """Close the connection and with it every lock."""
        if self._connection is not None:
            await self._connection.close(timeout=5)
            self._connection = None
        self._held.clear()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._held.clear()
            self._connection = await asyncpg.connect(
                self._url, timeout=10, server_settings={"application_name": "muster-runs"}
            )
        return self._connection
