"""The test ground itself: databases are apart, query tests leave nothing behind."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.core.database import Database
from tests.support.ground import Ground
from tests.support.statements import counted_statements


async def test_each_test_has_a_database_of_its_own(ground: Ground, database: Database) -> None:
    other = await ground.clone()
    async with database.write() as conn:
        await conn.execute(text("CREATE TABLE only_here (n int)"))
    second = Database(other)
    await second.open()
    async with second.read() as conn:
        assert await conn.scalar(text("SELECT to_regclass('only_here')")) is None
    await ground.drop(other)
    await second.close()


async def test_query_tests_may_write(connection: AsyncConnection) -> None:
    await connection.execute(text("CREATE TABLE rolled_back (n int)"))
    assert await connection.scalar(text("SELECT count(*) FROM rolled_back")) == 0


async def test_and_leave_nothing_behind(connection: AsyncConnection) -> None:
    assert await connection.scalar(text("SELECT to_regclass('rolled_back')")) is None


async def test_statements_are_counted(connection: AsyncConnection) -> None:
    with counted_statements(connection) as seen:
        for number in range(3):
            await connection.execute(text(f"SELECT {number}"))
    await connection.execute(text("SELECT 'not counted'"))
    assert len(seen) == 3


async def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    empty = Database(empty_database_url)
    await empty.open()
    async with empty.read() as conn:
        tables = await conn.scalar(text("SELECT count(*) FROM pg_stat_user_tables"))
    await empty.close()
    assert tables == 0
