"""The database's health, its statements and their plans; advice about indexes from the catalogue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from service.core.database import Database, copy_out
from service.core.errors import Unavailable
from service.core.settings import DatabaseSettings, Settings
from service.core.telemetry.statements import Statement
from service.monitoring import queries
from service.monitoring.advice import index_advice
from service.monitoring.database import database_health, pool_figures
from service.monitoring.statements import planned_source
from service.schemas.monitoring.database import DatabaseHealth, StatementListing, StatementPlan
from tests.core.refused import checked, take_away
from tests.core.whole import Whole, whole
from tests.support.ground import Ground

STATEMENTS = "/v1/performance/statements"
WANTED_BY_NAME = {"idx_bom_style", "idx_order_status", "idx_yarn_planning"}
"""Of the mill's fifteen of predecessor report 002 those that another stands for: advice says so, they stay."""


@pytest.fixture(scope="module")
async def house(ground: Ground) -> AsyncIterator[Whole]:
    """An application that these tests share."""
    url = await ground.clone()
    async with whole(url) as opened:
        yield opened
    await ground.drop(url)


async def health_of(house: Whole) -> DatabaseHealth:
    async with house.client() as client:
        answer = await client.get("/health/database")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return DatabaseHealth.model_validate_json(answer.content)


async def test_the_database_is_told_in_every_part(house: Whole) -> None:
    async with house.runtime.database.read() as held:
        await held.execute(text("SELECT 1"))
        health = await health_of(house)
    (pool,) = health.pools
    assert (pool.name, pool.size, pool.max_overflow, pool.minimum) == ("primary", 20, 30, 2)
    assert pool.in_use == 1
    assert pool.created >= 1
    assert health.timing.round_trip_ms > 0
    assert health.database.bytes > 1_000_000
    assert health.database.connections >= 2
    assert "attendance.checkin" in {table.table for table in health.tables}
    assert len(health.tables) > 1
    assert health.prepared.capacity == 100
    assert health.prepared.executions >= health.prepared.prepared
    shown = {setting.name: (setting.value, setting.source) for setting in health.settings}
    assert shown["statement_timeout"] == ("5s", "session")  # that of this look
    assert shown["application_name"] == ("muster", "client")
    assert shown["jit"][0] == "off"
    assert (health.in_recovery, health.replicas, health.cleanup) == (False, [], None)
    await house.runtime.database.clean_pool()
    cleaned = (await health_of(house)).cleanup
    assert cleaned is not None
    assert cleaned.kept >= 1


async def test_the_longest_transaction_and_lock_waits_are_told(house: Whole) -> None:
    database = house.runtime.database
    async with database.write() as holder:
        await holder.execute(text("LOCK TABLE muster.flag IN ACCESS EXCLUSIVE MODE"))
        pid = (await holder.execute(text("SELECT pg_backend_pid()"))).scalar_one()

        async def wait() -> None:
            async with database.write() as conn:
                await conn.execute(text("LOCK TABLE muster.flag IN SHARE MODE"))

        waiting = asyncio.create_task(wait())
        async with asyncio.timeout(60):
            while True:
                async with database.read() as conn:
                    locks = await queries.select_lock_waits(conn, 10)
                    longest = await queries.select_longest_transaction(conn)
                if locks:
                    break
    await waiting
    assert [(lock.table, lock.lock, lock.blocked_by) for lock in locks] == [
        ("muster.flag", "ShareLock", [pid])
    ]
    assert longest is not None
    assert (longest.pid, longest.application) == (pid, "muster")


async def test_reuse_of_prepared_statements_is_what_the_server_counted(database_url: str) -> None:
    reused = {}
    for capacity in (0, 100):
        database = Database(database_url, DatabaseSettings(statement_cache=capacity))
        await database.open()
        async with database.snapshot() as conn:
            for number in range(10):
                await conn.execute(text("SELECT CAST(:number AS int)"), {"number": number})
            row = await queries.select_prepared(conn)
        reused[capacity] = row.executions - row.prepared
        await database.close()
    assert reused[100] >= 9
    assert reused[0] <= 0


async def test_without_its_database_it_is_a_problem_that_says_how_the_pool_stands(ground: Ground) -> None:
    url = await ground.clone()
    name = url.rpartition("@/")[2].partition("?")[0]
    async with whole(url) as own, own.client() as client:
        assert (await client.get("/health/database")).status_code == 200
        await take_away(ground, name)
        checked(await client.get("/health/database"), 503, "unavailable")
        assert (await client.get("/livez")).status_code == 200
        await ground._run(f"ALTER DATABASE {name}_away RENAME TO {name}")
        assert (await client.get("/health/database")).status_code == 200
    await ground.drop(url)


async def test_an_exhausted_pool_is_told_as_one(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(pool_size=2, max_overflow=1, timeout=0.1))
    await database.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        for _ in range(3):
            await stack.enter_async_context(database.read())
        with pytest.raises(Unavailable, match=r"primary: 3 of 3 connections in use, 0 waiting, 1 timed out"):
            await database_health(database, Settings())


async def test_statements_are_listed_by_what_they_cost(house: Whole) -> None:
    async with house.client() as client:
        async with house.runtime.database.read() as conn:
            for _ in range(3):
                await conn.execute(text("SELECT pg_sleep(0.02), 'Ada Lovelace'"))
        by = {
            sort: StatementListing.model_validate_json(
                (await client.get(STATEMENTS, params={"sort": sort})).content
            )
            for sort in ("total", "calls", "mean", "p95", "p99", "max", "rows", "errors")
        }
        top = StatementListing.model_validate_json((await client.get(STATEMENTS, params={"top": 1})).content)
        checked(await client.get(STATEMENTS, params={"sort": "name"}), 422, "invalid")
        checked(await client.get(STATEMENTS, params={"order": "total"}), 422, "invalid")
    (slept,) = [one for one in by["total"].items if "pg_sleep" in one.statement]
    assert (slept.statement, slept.calls, slept.rows) == ("SELECT pg_sleep(?), ?", 3, 3)
    assert 20 <= slept.p50_ms <= slept.p95_ms <= slept.p99_ms <= slept.max_ms
    for sort, listing in by.items():
        key = sort if sort in ("calls", "rows", "errors") else f"{sort}_ms"
        values = [getattr(one, key) for one in listing.items]
        assert values == sorted(values, reverse=True)
    assert len(top.items) == 1
    assert top.known > 1


async def test_only_admins_see_statements_and_the_database(house: Whole) -> None:
    async with house.client(token=None) as client:
        for path in (STATEMENTS, "/health/database"):
            checked(await client.get(path), 401, "not_authenticated")
        checked(await client.post(f"{STATEMENTS}/c148796e1220075a/explain"), 401, "not_authenticated")


EXPLAINED = {
    "SELECT scope FROM muster.data_version WHERE scope = :scope AND version > 7": {"scope": "secret"},
    "SELECT interval '1 day', ARRAY['a'], version FROM muster.data_version LIMIT 3": {},
    "INSERT INTO muster.data_version (scope, version) VALUES (:scope, 1) ON CONFLICT DO NOTHING": {
        "scope": "a"
    },
}


@pytest.mark.parametrize("statement", EXPLAINED)
async def test_a_statement_that_was_seen_is_explained_and_not_run(house: Whole, statement: str) -> None:
    async with house.runtime.database.write() as conn:
        await conn.execute(text(statement), EXPLAINED[statement])
        await conn.execute(text("DELETE FROM muster.data_version"))
    async with house.client() as client:
        listing = StatementListing.model_validate_json((await client.get(STATEMENTS)).content)
        start = statement.partition(":")[0][:30].replace("'1 day'", "?")
        (seen,) = [one for one in listing.items if one.statement.startswith(start)]
        assert seen.explainable
        answer = await client.post(f"{STATEMENTS}/{seen.fingerprint}/explain")
        again = await client.post(f"{STATEMENTS}/{seen.fingerprint}/explain")
    plan = StatementPlan.model_validate_json(answer.content)
    assert again.json() == answer.json()
    assert plan.plan["Node Type"] in {"Index Scan", "Bitmap Heap Scan", "Seq Scan", "Limit", "ModifyTable"}
    assert "secret" not in answer.text
    if ":scope AND" in statement:
        assert plan.indexes == ["pk_data_version"]
        assert plan.plan["Filter"] == "(version > ?)"
    async with house.runtime.database.read() as conn:
        left = await conn.execute(text("SELECT count(*) FROM muster.data_version WHERE scope = 'a'"))
        assert left.scalar_one() == 0


async def test_a_plan_shows_no_constant_of_any_expression(house: Whole) -> None:
    """PostgreSQL puts the bound on a window's rows under `Run Condition`."""
    numbered = "SELECT row_number() OVER (ORDER BY version) AS n FROM muster.data_version"
    async with house.runtime.database.read() as conn:
        await conn.execute(text(f"SELECT n FROM ({numbered}) AS numbered WHERE n <= 8765"))
    async with house.client() as client:
        listing = StatementListing.model_validate_json((await client.get(STATEMENTS)).content)
        (seen,) = [one for one in listing.items if "row_number() OVER" in one.statement]
        answer = await client.post(f"{STATEMENTS}/{seen.fingerprint}/explain")
    assert "Run Condition" in answer.text
    assert "8765" not in answer.text


async def test_a_copied_query_is_explained_and_what_has_no_plan_is_refused(house: Whole) -> None:
    async with house.runtime.database.read() as conn:
        await copy_out(conn, "SELECT version FROM muster.data_version WHERE scope = $1", "a")
    async with house.runtime.database.write() as conn:
        await conn.execute(text("SET LOCAL work_mem = '8MB'"))
    statements = {one.text: one for one in house.runtime.database.statements}
    (copied,) = [one for shape, one in statements.items() if shape.startswith("COPY (SELECT version")]
    async with house.client() as client:
        answer = await client.post(f"{STATEMENTS}/{copied.fingerprint}/explain")
        assert answer.json()["indexes"] == ["pk_data_version"]
        refused = await client.post(f"{STATEMENTS}/{statements['SET LOCAL'].fingerprint}/explain")
        checked(refused, 409, "no_plan")
        checked(await client.post(f"{STATEMENTS}/0123456789abcdef/explain"), 404, "not_found")


async def test_a_statement_that_cannot_be_planned_alone_is_refused_with_the_reason(house: Whole) -> None:
    async with house.runtime.database.write() as conn:
        await conn.execute(text("CREATE TEMPORARY TABLE of_one_transaction (a int) ON COMMIT DROP"))
        await conn.execute(text("SELECT a FROM of_one_transaction"))
        await conn.execute(text(f"SELECT version AS long FROM muster.data_version{' ' * 20_000} LIMIT 1"))
    seen = list(house.runtime.database.statements)
    (gone,) = [one for one in seen if one.text == "SELECT a FROM of_one_transaction"]
    (long,) = [one for one in seen if one.text.startswith("SELECT version AS long")]
    async with house.client() as client:
        refused = await client.post(f"{STATEMENTS}/{gone.fingerprint}/explain")
        assert "temporary table" in checked(refused, 409, "no_plan")["detail"]
        refused = await client.post(f"{STATEMENTS}/{long.fingerprint}/explain")
        assert "too long" in checked(refused, 409, "no_plan")["detail"]
    assert planned_source(gone) is not None
    assert planned_source(long) is None


@pytest.mark.parametrize(
    "source", ["COMMIT", "COPY t (a) FROM STDIN", "EXPLAIN SELECT 1", "PREPARE a AS SELECT 1"]
)
def test_what_has_no_plan(source: str) -> None:
    assert planned_source(Statement("0", source, source)) is None


async def test_two_commands_in_one_text_are_refused_by_the_server(house: Whole) -> None:
    async with house.runtime.database.snapshot() as conn:
        with pytest.raises(Exception, match="multiple commands"):
            await queries.explain_generic(conn, "SELECT 1; DROP TABLE muster.data_version")


SINCE = datetime(2026, 10, 1, tzinfo=UTC)


def table(name: str = "a.t", **more: Any) -> Any:
    counted = {"rows": 100_000, "sequential_scans": 0, "sequential_rows": 0, "index_scans": 0}
    return SimpleNamespace(table=name, **{**counted, **more})


def index(name: str, columns: str, **more: Any) -> Any:
    kind = {
        "bytes": 1 << 24, "scans": 5, "is_constraint": False, "method": "btree", "predicate": None,
        "is_special": False,
    }  # fmt: skip
    return SimpleNamespace(table="a.t", index=name, columns=columns.split(), **{**kind, **more})


def advised(tables: list[Any], indexes: list[Any]) -> list[tuple[str, str | None]]:
    given = index_advice(tables, indexes, SINCE)
    assert all(one.since == SINCE and one.evidence for one in given)
    return [(one.kind, one.index) for one in given]


def test_a_large_table_that_is_read_from_end_to_end_misses_an_index() -> None:
    scanned = {"sequential_scans": 60, "sequential_rows": 6_000_000}
    assert advised([table(**scanned)], []) == [("missing", None)]
    assert (
        "60 sequential scans read 6,000,000 rows, 100,000 each"
        in index_advice([table(**scanned)], [], SINCE)[0].evidence
    )
    for less in ({"rows": 500}, {"sequential_scans": 40}, {"sequential_rows": 600}, {"index_scans": 61}):
        assert advised([table(**{**scanned, **less})], []) == []


def test_an_index_that_nobody_uses_is_told_where_its_table_is_asked() -> None:
    asked, idle = table(index_scans=1000), index("ix", "1", scans=0)
    assert advised([asked], [idle]) == [("unused", "ix")]
    assert advised([table()], [idle]) == []
    for kept in ({"scans": 1}, {"is_constraint": True}, {"bytes": 8192}):
        assert advised([asked], [index("ix", "1", **{"scans": 0, **kept})]) == []


def test_an_index_whose_columns_begin_another_is_a_duplicate() -> None:
    assert advised([], [index("one", "1"), index("wide", "1 2")]) == [("duplicate", "one")]
    assert advised([], [index("a", "1 2"), index("b", "1 2")]) == [("duplicate", "b")]
    assert advised([], [index("a", "1"), index("pk", "1", is_constraint=True)]) == [("duplicate", "a")]
    for other in (
        index("x", "2 1"),
        index("x", "1 2", predicate="(a > 0)"),
        index("x", "1 2", method="gin"),
        index("x", "1 2", is_special=True),
    ):
        assert advised([], [index("one", "1"), other]) == []


async def test_advice_follows_from_the_catalogue_itself(database: Database) -> None:
    async with database.write() as conn:
        await conn.exec_driver_sql("CREATE TABLE tried (a int, b int, c text UNIQUE)")
        await conn.exec_driver_sql("CREATE INDEX ix_narrow ON tried (a)")
        await conn.exec_driver_sql("CREATE INDEX ix_wide ON tried (a, b)")
        await conn.exec_driver_sql("CREATE INDEX ix_down ON tried (a DESC, b)")
        await conn.exec_driver_sql("CREATE INDEX ix_some ON tried (a, b) WHERE b > 0")
        await conn.exec_driver_sql("CREATE INDEX ix_lower ON tried (lower(c))")
    async with database.snapshot() as conn:
        tables = await queries.select_tables(conn, 500)
        indexes = await queries.select_indexes(conn, 500)
        about = await queries.select_database(conn)
    found = index_advice(tables, indexes, about.stats_since)
    tried = [one for one in found if one.table == "public.tried"]
    assert [(one.kind, one.index) for one in tried] == [("duplicate", "ix_narrow")]
    ours = {one.index for one in found if one.kind == "duplicate" and one.table != "public.tried"}
    assert ours == WANTED_BY_NAME


async def test_t096_a_pool_in_use_is_a_share_of_all_it_may_open(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(pool_size=10, max_overflow=40))
    await database.open()
    try:
        [idle] = map(pool_figures, database.pools())
        async with AsyncExitStack() as stack:
            for _ in range(12):
                await stack.enter_async_context(database.read())
            [busy] = map(pool_figures, database.pools())
    finally:
        await database.close()
    assert (idle.utilization_percent, idle.overflow) == (0.0, 0)
    assert (busy.utilization_percent, busy.overflow) == (24.0, 2)
