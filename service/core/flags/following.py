"""The flags of this process follow the table: a change holds on every replica as soon as its notice arrives.

The change is a data version like any other, so the notice, the poll that covers a lost one and the restored
database are those of `core/versions.py`. While versions cannot be followed, the last shares stay in force.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from service.core.database import Database
from service.core.flags.queries import select_flags
from service.core.flags.view import Flags
from service.core.telemetry import get_logger, happened
from service.core.versions import Versions

SCOPE: Final = "platform/flags"
"""The data version that a change of a flag raises."""
_AGAIN: Final = 1.0
"""Seconds until the table is read again that could not be read, or that was behind its notice."""

log = get_logger(__name__)


async def refresh(flags: Flags, database: Database, versions: Versions) -> bool:
    """Read the table and take it; False when it is behind what is known of it (a change is being read)."""
    async with database.read() as conn:
        rows, version = await select_flags(conn, SCOPE)
    if version < versions.known((SCOPE,))[SCOPE]:
        return False
    flags.take(rows, version)
    versions.apply({SCOPE: version})  # it was read: the notice may still be under way
    return True


@asynccontextmanager
async def following(flags: Flags, database: Database, versions: Versions) -> AsyncIterator[None]:
    """Keep `flags` as the table says while the block runs; they are read before it begins."""
    await _look(flags, database, versions)
    task = asyncio.create_task(_follow(flags, database, versions), name="flags")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _follow(flags: Flags, database: Database, versions: Versions) -> None:
    while True:
        if versions.known((SCOPE,))[SCOPE] == flags.version:
            await versions.change()
        elif not await _look(flags, database, versions):
            await asyncio.sleep(_AGAIN)


async def _look(flags: Flags, database: Database, versions: Versions) -> bool:
    try:
        return await refresh(flags, database, versions)
    except Exception as error:  # whatever it is: the shares known last stay in force, and it is tried again
        happened("flags", "not_read")
        log.warning("the flags could not be read", error=type(error).__name__)
        return False
