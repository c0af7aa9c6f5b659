"""Commit in one place, COPY inside the transaction, snapshots that hold still, statements that are timed."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core.columns import copy_columns, copy_encoded, decode, encode
from service.core.database import Database, after_commit, copy_rows
from service.core.settings import DatabaseSettings
from service.core.telemetry import timings


async def versions(database: Database) -> list[str]:
    async with database.read() as conn:
        rows = await conn.execute(text("SELECT scope FROM muster.data_version ORDER BY scope"))
        return list(rows.scalars())


async def test_copied_rows_vanish_with_a_rollback_even_as_first_statement(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as conn:
            copied = await copy_rows(
                conn, "data_version", ["scope", "version"], [("a", 1), ("b", 2)], schema="muster"
            )
            assert copied == 2
            raise ZeroDivisionError
    assert await versions(database) == []


async def test_a_write_commits_when_its_block_ends_and_then_runs_its_hooks(database: Database) -> None:
    seen: list[str] = []
    async with database.write() as conn:
        await copy_rows(conn, "data_version", ["scope", "version"], [("a", 1)], schema="muster")
        after_commit(conn, lambda: seen.append("committed"))
        assert seen == []
    assert seen == ["committed"]
    assert await versions(database) == ["a"]
    with pytest.raises(ZeroDivisionError):
        async with database.write() as conn:
            after_commit(conn, lambda: seen.append("never"))
            raise ZeroDivisionError
    assert seen == ["committed"]


async def test_a_snapshot_holds_still_and_cannot_write(database: Database) -> None:
    async with database.snapshot() as conn:
        before = (await conn.execute(text("SELECT count(*) FROM muster.data_version"))).scalar_one()
        async with database.write() as writer:
            await copy_rows(writer, "data_version", ["scope", "version"], [("a", 1)], schema="muster")
        after = (await conn.execute(text("SELECT count(*) FROM muster.data_version"))).scalar_one()
        assert (before, after) == (0, 0)
        with pytest.raises(DBAPIError, match="read-only"):
            await conn.execute(text("DELETE FROM muster.data_version"))


async def test_t098_sessions_are_in_utc_with_the_limits_of_the_settings(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(statement_timeout=1.5, lock_timeout=2))
    await database.open()
    try:
        async with database.read() as conn:
            shown = [
                (await conn.exec_driver_sql(f"SHOW {name}")).scalar_one()
                for name in ("timezone", "jit", "statement_timeout", "lock_timeout", "application_name")
            ]
        assert shown == ["UTC", "off", "1500ms", "2s", "muster"]
        async with database.write(timeout=90) as conn:
            assert (await conn.exec_driver_sql("SHOW statement_timeout")).scalar_one() == "90s"
    finally:
        await database.close()
        await database.close()


async def test_a_connection_that_died_idle_is_replaced_unseen(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(idle_check=0))
    await database.open()
    try:
        async with database.read() as conn:
            victim = (await conn.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
        other = Database(database_url)
        await other.open()
        async with other.read() as conn:
            # With a time limit it waits until the process is gone.
            ended = await conn.exec_driver_sql(f"SELECT pg_terminate_backend({victim}, 20000)")
            assert ended.scalar_one()
        await other.close()
        async with database.read() as conn:
            assert (await conn.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one() != victim
    finally:
        await database.close()


async def test_a_cancelled_request_gives_its_connection_back(database: Database) -> None:
    async def slow() -> None:
        async with database.read() as conn:
            await conn.exec_driver_sql("SELECT pg_sleep(200)")

    tasks = [asyncio.create_task(slow()) for _ in range(10)]
    await asyncio.sleep(0.3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(60):
        while True:
            async with database.read() as conn:
                query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(200)' AND state = 'active'"
                if (await conn.exec_driver_sql(query)).scalar_one() <= 0:
                    break
            await asyncio.sleep(0.05)
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # of the queue pool


KINDS = {"a": "int2", "b": "int4", "c": "int8", "d": "bool", "e": "date", "f": "timestamp", "g": "char4"}


async def test_columns_come_out_of_copy_as_the_values_they_are(database: Database) -> None:
    query = """
        SELECT -3::int2, 70000::int4, $1::int8, true, date '1999-12-31',
               timestamp '2026-10-25 01:30:00', 'HD/P'::char(4)
        UNION ALL SELECT 0::int2, -1::int4, 0::int8, false, date '2024-02-29', timestamp '1969-07-20 20:17:40',
               'P'::char(4)
    """
    async with database.read() as conn:
        columns = await copy_columns(conn, query, KINDS, 2**40)
    assert {name: values.tolist() for name, values in columns.items() if name in "abcd"} == {
        "a": [-3, 0],
        "b": [70000, -1],
        "c": [2**40, 0],
        "d": [True, False],
    }
    assert columns["e"].astype(str).tolist() == ["1999-12-31", "2024-02-29"]
    assert columns["f"].astype(str).tolist() == ["2026-10-25T01:30:00", "1969-07-20T20:17:40"]
    assert columns["g"].tolist() == [b"HD/P", b"P   "]


async def test_a_null_is_an_error_and_never_a_shifted_value(database: Database) -> None:
    async with database.read() as conn:
        with pytest.raises(ValueError, match="null"):
            await copy_columns(conn, "SELECT 1::int4, NULL::int4", {"a": "int4", "b": "int4"})
    assert decode(encode({"a": __import__("numpy").arange(3)}, {"a": "int4"}), {"a": "int4"})[
        "a"
    ].tolist() == [
        0,
        1,
        2,
    ]


async def test_columns_and_arrays_go_in_as_binary_copy(database: Database) -> None:
    import numpy as np

    columns = {"id": np.array([1, 2, 3]), "ids": np.array([10, 20, 30])}
    data = encode(columns, {"id": "int4"}, "ids", np.array([0, 2, 2, 3]))
    async with database.write() as conn:
        await conn.exec_driver_sql("CREATE TEMP TABLE given (id int, ids bigint[]) ON COMMIT DROP")
        await copy_encoded(conn, "given", ["id", "ids"], data)
        rows = (await conn.exec_driver_sql("SELECT id, ids FROM given ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, [10, 20]), (2, []), (3, [30])]


async def test_statements_are_timed(database: Database) -> None:
    from service.core import telemetry

    token = telemetry._timings.set(telemetry.Timings())
    try:
        async with database.read() as conn:
            await conn.exec_driver_sql("SELECT pg_sleep(0.05)")
        measured = timings()
    finally:
        telemetry._timings.reset(token)
    assert measured.counts["db"] == 1
    assert measured.seconds["db"] >= 0.05
    assert "db;dur=" in measured.server_timing()
