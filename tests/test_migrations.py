"""Q35: empty to head, head to base and back, nothing left to generate, and two starters at once."""

import asyncio
from typing import Any

from alembic import command
from sqlalchemy import Connection, text

from service.core.database import Database
from service.core.migrations import configuration, downgrade, is_current, migrate


async def opened(url: str) -> Database:
    database = Database(url)
    await database.open()
    return database


async def tables(database: Database) -> set[str]:
    query = """
        SELECT schemaname || '.' || tablename FROM pg_tables
        WHERE schemaname IN ('muster', 'attendance', 'children', 'public')
    """
    async with database.read() as conn:
        return set((await conn.execute(text(query))).scalars())


async def test_q35_up_down_up_leaves_the_models_schema_and_nothing_to_generate(
    empty_database_url: str,
) -> None:
    database = await opened(empty_database_url)
    try:
        await migrate(database)
        assert await is_current(database)
        there = await tables(database)
        assert {"muster.run", "attendance.day", "children.consents", "public.pgqueuer"} <= there

        def check(connection: Connection) -> Any:
            config = configuration()
            config.attributes["connection"] = connection
            return command.check(config)

        async with database.engine.connect() as conn:
            await conn.run_sync(check)
        await downgrade(database, "base")
        assert await tables(database) == {"muster.alembic_version"}
        assert not await is_current(database)
        await migrate(database)
        assert await tables(database) == there
    finally:
        await database.close()


async def test_t111_the_childrens_tables_go_and_come_back(empty_database_url: str) -> None:
    """Spec F11: up, down below them, up again (to base and back, and the empty difference: Q35 above)."""
    database = await opened(empty_database_url)
    try:
        await migrate(database)
        there = await tables(database)
        await downgrade(database, "0011_built_in_alerts")
        assert not [name for name in await tables(database) if name.startswith("children.")]
        await migrate(database)
        assert await tables(database) == there
    finally:
        await database.close()


async def test_q35_applied_under_load_no_reader_is_wrong(empty_database_url: str) -> None:
    database = await opened(empty_database_url)
    try:
        await migrate(database, "0002_job_engine")
        async with database.write() as conn:
            await conn.exec_driver_sql(
                "INSERT INTO attendance.source (kind, base_url, time_zone) VALUES ('frappe', 'http://x', 'UTC')"
            )
            await conn.exec_driver_sql(
                """INSERT INTO attendance.checkin (source_id, upstream_name, local_time, day, at)
                   SELECT 1, 'C' || n, now()::timestamp, now()::date, now() FROM generate_series(1, 5000) n"""
            )
        answers: list[int] = []
        done = asyncio.Event()

        async def read() -> None:
            while not done.is_set():
                async with database.read() as conn:
                    counted = await conn.exec_driver_sql("SELECT count(*) FROM attendance.checkin")
                    answers.append(counted.scalar_one())

        readers = [asyncio.create_task(read()) for _ in range(4)]
        await migrate(database)
        await downgrade(database, "0002_job_engine")
        await migrate(database)
        done.set()
        await asyncio.gather(*readers)
        assert await is_current(database)
        assert len(answers) > 10
        assert set(answers) == {5000}
    finally:
        await database.close()


async def test_q35_two_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    databases = [await opened(empty_database_url) for _ in range(2)]
    try:
        await asyncio.gather(*(migrate(database) for database in databases))
        assert await is_current(databases[0])
    finally:
        for database in databases:
            await database.close()
