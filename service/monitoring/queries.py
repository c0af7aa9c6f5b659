"""Every SQL statement that monitoring asks of the server's catalogue, of runs and of the job engine.

Connection first, never commits.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_ROUND_TRIP: Final = text("SELECT 1")
_DATABASE: Final = text("""
    SELECT d.datname AS name, pg_database_size(d.datid) AS bytes, d.numbackends AS connections,
           current_setting('max_connections')::int AS max_connections, d.xact_commit AS commits,
           d.xact_rollback AS rollbacks, d.deadlocks, d.temp_bytes AS temporary_bytes,
           d.stats_reset AS stats_since, current_setting('server_version') AS server_version,
           pg_is_in_recovery() AS in_recovery, io.*
    FROM pg_stat_database AS d,
         (SELECT sum(heap_blks_hit)::bigint AS table_hits, sum(heap_blks_read)::bigint AS table_reads,
                 sum(idx_blks_hit)::bigint AS index_hits, sum(idx_blks_read)::bigint AS index_reads
          FROM pg_statio_user_tables) AS io
    WHERE d.datname = current_database()
""")
_TABLES: Final = text("""
    SELECT schemaname || '.' || relname AS "table", n_live_tup AS rows, n_dead_tup AS dead_rows,
           pg_total_relation_size(relid) AS bytes, pg_indexes_size(relid) AS index_bytes,
           seq_scan AS sequential_scans, seq_tup_read AS sequential_rows,
           coalesce(idx_scan, 0) AS index_scans, greatest(last_analyze, last_autoanalyze) AS analyzed_at,
           greatest(last_vacuum, last_autovacuum) AS vacuumed_at
    FROM pg_stat_user_tables ORDER BY pg_relation_size(relid) DESC, 1 LIMIT :most
""")
# A column of an index is its number with operator class, collation and order: all must agree to be the same.
_INDEXES: Final = text("""
    SELECT s.schemaname || '.' || s.relname AS "table", s.indexrelname AS index,
           pg_relation_size(s.indexrelid) AS bytes, s.idx_scan AS scans,
           i.indisunique OR EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = s.indexrelid)
               AS is_constraint,
           am.amname AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate,
           i.indexprs IS NOT NULL OR i.indnkeyatts <> i.indnatts AS is_special,
           (SELECT array_agg(concat_ws(' ', number, kind, sorted, way) ORDER BY place)
            FROM unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
                 WITH ORDINALITY AS parts(number, kind, sorted, way, place)) AS columns
    FROM pg_stat_user_indexes AS s
    JOIN pg_index AS i ON i.indexrelid = s.indexrelid
    JOIN pg_class AS c ON c.oid = s.indexrelid
    JOIN pg_am AS am ON am.oid = c.relam
    WHERE i.indisvalid ORDER BY pg_relation_size(s.indexrelid) DESC, 1, 2 LIMIT :most
""")
_LONGEST: Final = text("""
    SELECT pid, application_name AS application, state,
           extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds,
           wait_event_type || ': ' || wait_event AS waits_for
    FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
          AND backend_type = 'client backend'
    ORDER BY xact_start LIMIT 1
""")
_LOCKS: Final = text("""
    SELECT l.pid, a.application_name AS application, l.mode AS lock, l.relation::regclass::text AS "table",
           extract(epoch FROM clock_timestamp() - l.waitstart)::float AS seconds,
           pg_blocking_pids(l.pid) AS blocked_by
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE NOT l.granted AND a.datname = current_database()
    ORDER BY l.waitstart NULLS LAST, l.pid LIMIT :most
""")
_REPLICAS: Final = text("""
    SELECT application_name AS name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint
           AS lag_bytes, extract(epoch FROM replay_lag)::float AS lag_seconds
    FROM pg_stat_replication ORDER BY application_name, pid LIMIT :most
""")
_PREPARED: Final = text("""
    SELECT count(*) AS prepared, coalesce(sum(generic_plans + custom_plans), 0)::bigint AS executions
    FROM pg_prepared_statements WHERE NOT from_sql
""")
_SETTINGS: Final = text("""
    SELECT name, current_setting(name) AS value, source FROM pg_settings WHERE name = ANY(:names)
    ORDER BY name
""")
_LAST_RUNS: Final = text("""
    SELECT run.* FROM unnest(CAST(:jobs AS text[])) AS wanted (job) CROSS JOIN LATERAL (
        SELECT id, job, state, attempt, requested_by, created_at, started_at, finished_at, retry_at, counts,
               error ->> 'code' AS error_code, error ->> 'detail' AS error_detail
        FROM muster.run WHERE run.job = wanted.job ORDER BY created_at DESC LIMIT :most
    ) AS run ORDER BY run.job, run.created_at DESC
""")
_QUEUE: Final = text("""
    SELECT count(*) FILTER (WHERE waits) AS queued, count(*) FILTER (WHERE status = 'picked') AS running,
           count(*) FILTER (WHERE entrypoint = 'muster.retry') AS retries,
           CAST(extract(epoch FROM now() - min(created) FILTER (WHERE waits)) AS float) AS oldest_seconds,
           (SELECT max(last_run) FROM pgqueuer_schedules) AS ticked_at
    FROM (SELECT *, entrypoint = 'muster.run' AND status = 'queued' AS waits FROM pgqueuer) AS entry
""")


async def round_trip(conn: ReadConnection) -> None:
    """The shortest statement there is."""
    await conn.execute(_ROUND_TRIP)


async def select_database(conn: ReadConnection) -> Row[Any]:
    """This database: size, counters, pages found in memory."""
    return (await conn.execute(_DATABASE)).one()


async def select_tables(conn: ReadConnection, most: int) -> Sequence[Row[Any]]:
    """The largest tables of this database."""
    return (await conn.execute(_TABLES, {"most": most})).all()


async def select_indexes(conn: ReadConnection, most: int) -> Sequence[Row[Any]]:
    """The largest indexes of this database, with what tells two of a kind apart."""
    return (await conn.execute(_INDEXES, {"most": most})).all()


async def select_longest_transaction(conn: ReadConnection) -> Row[Any] | None:
    """The transaction of this database that has been open longest, but for the one that asks."""
    return (await conn.execute(_LONGEST)).one_or_none()


async def select_lock_waits(conn: ReadConnection, most: int) -> Sequence[Row[Any]]:
    """Sessions of this database that wait for a lock, the longest waiting first."""
    return (await conn.execute(_LOCKS, {"most": most})).all()


async def select_replicas(conn: ReadConnection, most: int) -> Sequence[Row[Any]]:
    """Who streams from this server; only a primary may be asked."""
    return (await conn.execute(_REPLICAS, {"most": most})).all()


async def select_prepared(conn: ReadConnection) -> Row[Any]:
    """Statements prepared by the driver on this connection, and how often they were executed."""
    return (await conn.execute(_PREPARED)).one()


async def select_settings(conn: ReadConnection, names: Sequence[str]) -> Sequence[Row[Any]]:
    """Settings of this session as the server reports them."""
    return (await conn.execute(_SETTINGS, {"names": list(names)})).all()


async def explain_generic(conn: ReadConnection, statement: str) -> Any:
    """The generic plan of a statement (a list of one plan), within the transaction of `conn`.

    PREPARE and EXECUTE with NULLs instead of EXPLAIN's GENERIC_PLAN, which PostgreSQL 15 does not know. The
    text goes through the extended protocol, which takes one command and refuses a second.
    """
    async with conn.begin_nested():
        await conn.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        await conn.exec_driver_sql(f"PREPARE muster_explained AS {statement}")
        try:
            async with conn.begin_nested():
                count = await conn.exec_driver_sql(
                    "SELECT coalesce(cardinality(parameter_types), 0) FROM pg_prepared_statements "
                    "WHERE name = 'muster_explained'"
                )
                nulls = ", ".join(["NULL"] * count.scalar_one())
                execute = f"EXECUTE muster_explained({nulls})" if nulls else "EXECUTE muster_explained"
                return (await conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {execute}")).scalar_one()
        finally:
            await conn.exec_driver_sql("DEALLOCATE muster_explained")


async def select_last_runs(conn: ReadConnection, jobs: Sequence[str], most: int) -> Sequence[Row[Any]]:
    """The newest runs of each job, at most `most` each; by job, newest first."""
    rows: Sequence[Row[Any]] = (await conn.execute(_LAST_RUNS, {"jobs": list(jobs), "most": most})).all()
    return rows


async def select_queue(conn: ReadConnection) -> Row[Any]:
    """What the job engine holds, and when its schedule last started something."""
    return (await conn.execute(_QUEUE)).one()
