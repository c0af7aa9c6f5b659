"""One login at a time for an account, over all processes: who waited sees what came of it (spec D.4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from service.core.database import Database
from service.core.errors import Unavailable

WITHIN: Final = 60.0
"""Seconds for which somebody else's login is waited for; with every wait and retry it takes less."""


def lock_name(fingerprint: bytes) -> str:
    """What the lock of an account is called."""
    return f"crew.login {fingerprint.hex()}"


@asynccontextmanager
async def account_held(database: Database, fingerprint: bytes) -> AsyncIterator[None]:
    """Hold the account on a connection of its own: however we die, it is free again.

    Raises `Unavailable` (`login_busy`) where somebody else's login does not end, or the database is away.
    """
    try:
        connection = await asyncpg.connect(
            database.direct_url, timeout=10, server_settings={"application_name": "muster-crew-login"}
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise Unavailable("the database is away: nobody signs in", code="login_busy", retry_after=5) from None
    try:
        await _taken(connection, lock_name(fingerprint))
        yield
    finally:
        await asyncio.shield(connection.close(timeout=5))


async def _taken(connection: asyncpg.Connection, name: str) -> None:
    lock = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
    try:
        await connection.execute(lock, name, timeout=WITHIN)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        detail = "another process has been signing in for too long"
        raise Unavailable(detail, code="login_busy", retry_after=15) from None
