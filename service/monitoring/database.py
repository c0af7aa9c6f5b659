"""`/health/database`: pool, timing, size, tables, locks, replication, settings, and advice about indexes."""

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Depends
from sqlalchemy import Row
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import Response

from service.core.auth import needs
from service.core.database import Database, PoolStatus, ReadConnection
from service.core.errors import Unavailable
from service.core.inbound import RuntimeDep
from service.core.settings import Settings
from service.monitoring import queries
from service.monitoring.advice import index_advice
from service.monitoring.database_example import EXAMPLE
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask, Wire
from service.schemas.monitoring.database import (
    ConnectionTiming,
    DatabaseHealth,
    DatabaseSize,
    LockWait,
    LongTransaction,
    Pool,
    PoolCleanup,
    PreparedStatements,
    Replica,
    ServerSetting,
    TableStatistics,
)

M = TypeVar("M", bound=Wire)

router = APIRouter(tags=["health"])

ANSWER_WITHIN: Final = 5.0
"""Seconds for everything; whoever asks wants to know what is wrong, not to wait for it."""
TABLES: Final = 200
SHOWN_TABLES: Final = 50
INDEXES: Final = 2000
_LISTED: Final = 100
_SETTINGS: Final = (
    "TimeZone", "application_name", "effective_cache_size", "fsync", "idle_in_transaction_session_timeout",
    "jit", "lock_timeout", "maintenance_work_mem", "max_connections", "random_page_cost", "server_version",
    "shared_buffers", "statement_timeout", "synchronous_commit", "track_io_timing", "wal_level", "work_mem",
)  # fmt: skip


@router.get(
    "/health/database",
    operation_id="health_database",
    summary="The database: pool, timing, size, tables, locks, replication, advice",
    description="503 when it does not answer within 5 s, saying how the pool stands. Pools and prepared "
    "statements are those of the process that answers.",
    response_model=DatabaseHealth,
    responses={
        **problem_responses(401, 403, 422, 503),
        200: {"content": {"application/json": {"example": EXAMPLE}}},
    },
    dependencies=[Depends(needs("health:detail")), Depends(strict_query(Ask))],
)
async def get_database(runtime: RuntimeDep) -> Response:
    health = await database_health(runtime.database, runtime.settings)
    return Response(
        health.model_dump_json(by_alias=True),
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )


async def database_health(database: Database, settings: Settings) -> DatabaseHealth:
    """Everything at once, over one connection. Raises `Unavailable` when that takes too long."""
    pools = database.pools()  # before this look takes a connection itself
    asked = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_WITHIN), database.snapshot(timeout=ANSWER_WITHIN) as conn:
            had = time.perf_counter()
            await queries.round_trip(conn)  # with BEGIN in it
            began = time.perf_counter()
            await queries.round_trip(conn)
            ms = (had - asked) * 1000, (time.perf_counter() - began) * 1000
            timing = ConnectionTiming(checkout_ms=round(ms[0], 3), round_trip_ms=round(ms[1], 3))
            return await _asked(conn, pools, timing, database, settings)
    except (TimeoutError, PoolTimeout):
        raise Unavailable(_silence(database.pools())) from None


def _silence(pools: Sequence[PoolStatus]) -> str:
    stand = "; ".join(
        f"{pool.name}: {pool.in_use} of {pool.size + pool.max_overflow} connections in use, "
        f"{pool.waiting} waiting, {pool.window.timeouts} timed out"
        for pool in pools
    )
    return f"the database does not answer within {ANSWER_WITHIN:.0f} s ({stand})"


async def _asked(
    conn: ReadConnection,
    pools: Sequence[PoolStatus],
    timing: ConnectionTiming,
    database: Database,
    settings: Settings,
) -> DatabaseHealth:
    about = await queries.select_database(conn)
    tables = await queries.select_tables(conn, TABLES)
    indexes = await queries.select_indexes(conn, INDEXES)
    longest = await queries.select_longest_transaction(conn)
    replicas = [] if about.in_recovery else await queries.select_replicas(conn, _LISTED)
    cleaned = database.cleaned
    return DatabaseHealth(
        as_of=datetime.now(UTC),
        process=os.getpid(),
        server_version=about.server_version,
        pools=[pool_figures(pool) for pool in pools],
        cleanup=None if cleaned is None else PoolCleanup.model_validate(cleaned, from_attributes=True),
        cleanup_every_seconds=int(settings.tasks.pool_cleanup),
        timing=timing,
        database=_size(about),
        tables=[_read(TableStatistics, row) for row in tables[:SHOWN_TABLES]],
        longest_transaction=None if longest is None else _read(LongTransaction, longest),
        locks=[_read(LockWait, row) for row in await queries.select_lock_waits(conn, _LISTED)],
        in_recovery=about.in_recovery,
        replicas=[_read(Replica, row) for row in replicas],
        prepared=_prepared(await queries.select_prepared(conn), database.settings.statement_cache),
        settings=[_read(ServerSetting, row) for row in await queries.select_settings(conn, _SETTINGS)],
        advice=index_advice(tables, indexes, about.stats_since),
    )


def pool_figures(pool: PoolStatus) -> Pool:
    """A pool as it travels."""
    window = pool.window
    return Pool(
        name="replica" if pool.name == "replica" else "primary",
        size=pool.size,
        max_overflow=pool.max_overflow,
        minimum=pool.minimum,
        in_use=pool.in_use,
        idle=pool.idle,
        overflow=pool.overflow,
        waiting=pool.waiting,
        utilization_percent=round(100 * pool.in_use / (pool.size + pool.max_overflow), 1),
        since=window.since,
        checkouts=window.waits.count,
        wait_p95_ms=_ms(window.waits.percentile(95)),
        wait_max_ms=_ms(window.waits.greatest),
        timeouts=window.timeouts,
        connect_p95_ms=_ms(window.connects.percentile(95)),
        created=window.created,
        closed=window.closed,
        renewed=window.renewed,
        lost=window.lost,
        refused=window.refused,
    )


def _read(model: type[M], row: Row[Any]) -> M:
    return model.model_validate(row, from_attributes=True)


def _size(row: Row[Any]) -> DatabaseSize:
    return DatabaseSize(
        name=row.name,
        bytes=row.bytes,
        connections=row.connections,
        max_connections=row.max_connections,
        commits=row.commits,
        rollbacks=row.rollbacks,
        deadlocks=row.deadlocks,
        temporary_bytes=row.temporary_bytes,
        stats_since=row.stats_since,
        table_hit_percent=_percent(row.table_hits, row.table_reads),
        index_hit_percent=_percent(row.index_hits, row.index_reads),
    )


def _prepared(row: Row[Any], capacity: int) -> PreparedStatements:
    new = min(row.prepared, row.executions)
    return PreparedStatements(
        capacity=capacity,
        prepared=row.prepared,
        executions=row.executions,
        reuse_percent=_percent(row.executions - new, new),
    )


def _percent(part: int | None, rest: int | None) -> float | None:
    whole = (part or 0) + (rest or 0)
    return round(100 * (part or 0) / whole, 1) if whole else None


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
