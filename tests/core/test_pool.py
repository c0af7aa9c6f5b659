"""The pool says what it does, gives idle connections up, and its server settings hold on the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.core.database import Database, PoolStatus
from service.core.problems.failures import failure_of
from service.core.settings import DatabaseSettings
from service.core.tasks import every


@asynccontextmanager
async def opened(url: str, **settings: Any) -> AsyncIterator[Database]:
    database = Database(url, DatabaseSettings(**settings))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def use(database: Database, connections: int) -> None:
    """Hold so many connections at once, and give them back."""
    async with AsyncExitStack() as stack:
        for _ in range(connections):
            conn = await stack.enter_async_context(database.read())
            await conn.execute(text("SELECT 1"))


def pool(database: Database) -> PoolStatus:
    (status,) = database.pools()
    return status


async def at_the_server(database: Database) -> int:
    """Connections of this database, but for the one that asks."""
    query = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    async with database.read() as conn:
        return int((await conn.execute(text(query))).scalar_one())


async def ended(database: Database) -> None:
    """Return once only two connections are left at the server, where a process takes a moment to end."""
    async with asyncio.timeout(60):
        while True:
            if await at_the_server(database) == 1:
                return
            await asyncio.sleep(0.02)


async def test_the_pool_says_how_it_stands(database_url: str) -> None:
    async with opened(database_url, pool_size=2, max_overflow=1, timeout=0.05) as database:
        async with AsyncExitStack() as stack:
            for _ in range(3):
                await stack.enter_async_context(database.read())
            with pytest.raises(PoolTimeout):
                async with database.read():
                    raise AssertionError("there were only three")
            busy = pool(database)
        idle = pool(database)
    assert (busy.size, busy.max_overflow, busy.in_use, busy.idle, busy.overflow) == (2, 1, 3, 0, 1)
    assert (busy.window.created, busy.window.timeouts, busy.window.connects.count) == (3, 1, 3)
    assert busy.window.waits.count == 4
    assert busy.window.waits.greatest >= 0.05
    assert (idle.in_use, idle.idle, idle.overflow, idle.window.closed, idle.waiting) == (0, 2, 0, 1, 0)


async def test_a_clean_up_closes_idle_connections_down_to_the_minimum(database_url: str) -> None:
    async with opened(database_url, pool_size=6, pool_min=2, pool_idle=0) as database:
        await use(database, 5)
        assert pool(database).idle == 5
        cleaned = await database.clean_pool()
        after = pool(database)
        assert (cleaned.closed, cleaned.kept) == (3, 2)
        assert (after.idle, after.in_use, after.overflow) == (2, 0, 0)
        await ended(database)
        assert (after.window.created, after.window.waits.count) == (0, 0)
        assert (after.total.created, after.total.closed) == (5, 3)
        await use(database, 6)
        assert pool(database).window.created == 4
        assert database.cleaned == cleaned


async def test_a_clean_up_leaves_what_is_in_use_or_was_used_lately(database_url: str) -> None:
    async with opened(database_url, pool_min=0, pool_idle=3600) as database:
        await use(database, 3)
        assert (await database.clean_pool()).closed == 0
    async with opened(database_url, pool_min=0, pool_idle=0) as database:
        await use(database, 3)
        async with database.read() as conn:
            assert (await database.clean_pool()).closed == 2
            assert (await conn.execute(text("SELECT 1"))).scalar_one() == 1
            assert pool(database).in_use == 1
        assert (await database.clean_pool()).closed == 1
        await use(database, 1)


async def test_clean_ups_come_by_themselves_unless_switched_off(database_url: str) -> None:
    async with opened(database_url, pool_min=0, pool_idle=0) as database:
        await use(database, 2)
        async with every(timedelta(), "pool_cleanup", database.clean_pool):
            await asyncio.sleep(0.05)
        assert database.cleaned is None
        async with (
            every(timedelta(milliseconds=10), "pool_cleanup", database.clean_pool),
            asyncio.timeout(60),
        ):
            # A clean-up takes connections out of the pool, closes them, and is noted when all are closed.
            while True:
                if database.cleaned is not None and pool(database).idle == 0:
                    break
                await asyncio.sleep(0.01)


async def test_old_connections_are_renewed_and_broken_ones_counted(database_url: str) -> None:
    async with opened(database_url, recycle=1) as database:
        await use(database, 1)
        await asyncio.sleep(1.2)
        await use(database, 1)
        window = pool(database).window
        assert window.renewed >= 1  # more of them where a second passes between two statements
        assert window.lost == 0
        async with database.read() as conn:
            await conn.invalidate()
        await use(database, 1)
        window = pool(database).window
        assert (window.lost, window.created - window.closed) == (1, 1)


async def test_every_setting_of_a_session_is_read_back_from_the_server(database_url: str) -> None:
    chosen = {"statement_timeout": 7, "lock_timeout": 3, "idle_in_transaction": 11}
    shown = {
        "TimeZone": "UTC",
        "jit": "off",
        "statement_timeout": "7s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "11s",
        "application_name": "muster",
        "search_path": "public",
    }
    async with opened(database_url, **chosen) as database:
        for take in (database.read, database.snapshot, database.write):
            async with take() as conn:
                query = text(
                    "SELECT name, current_setting(name), source FROM pg_settings WHERE name = ANY(:names)"
                )
                rows = (await conn.execute(query, {"names": list(shown)})).all()
            assert {name: value for name, value, _ in rows} == shown
            assert {source for _, _, source in rows} == {"client"}


async def test_a_server_that_says_nothing_more_is_given_up(database_url: str) -> None:
    async with opened(database_url, command_timeout=0.1) as database:
        with pytest.raises(TimeoutError) as silent:
            async with database.read() as conn:
                await conn.execute(text("SELECT pg_sleep(20)"))
        assert failure_of(silent.value).status == 503
        await use(database, 1)


async def test_connecting_takes_no_longer_than_it_may() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with opened(f"postgresql+asyncpg://a:b@127.0.0.1:{port}/c", connect_timeout=0.1) as database:
        with pytest.raises(TimeoutError) as late:
            await use(database, 1)
        assert failure_of(late.value).status == 503
        assert pool(database).window.refused == 1
        assert (pool(database).in_use, pool(database).idle) == (0, 0)
    server.close()


async def test_t098_a_row_that_somebody_else_holds_is_503_after_the_lock_timeout(database_url: str) -> None:
    """By the form of the API a time that ran out is 503, whichever of the two it was."""
    async with opened(database_url, lock_timeout=0.2) as database:
        lock = "SELECT pg_advisory_xact_lock(98)"
        async with database.write() as holder:
            await holder.execute(text(lock))
            with pytest.raises(DBAPIError) as late:
                async with database.write() as waiting:
                    await waiting.execute(text(lock))
        with pytest.raises(DBAPIError) as slow:
            async with database.write(timeout=0.2) as sleeping:
                await sleeping.execute(text("SELECT pg_sleep(30)"))
    for error in (late.value, slow.value):
        told = failure_of(error)
        assert (told.status, told.code, told.retry_after) == (503, "unavailable", 2)
