"""The database as the service sees it: pool, server, tables, statements, plans, advice about indexes."""

from typing import Any, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire
from service.schemas.monitoring.process import ProcessId

StatementSort = Literal["total", "calls", "mean", "p95", "p99", "max", "rows", "errors"]


class PoolCleanup(Wire):
    """The last clean-up of the pools of this process."""

    at: Instant
    closed: int = Field(description="Connections closed because they lay idle.")
    kept: int = Field(description="Connections that stayed open.")


class Pool(Wire):
    """A pool of connections now, and what happened in it since `since` (the last clean-up)."""

    name: Literal["primary", "replica"]
    size: int = Field(description="Connections kept (`DATABASE__POOL_SIZE`).")
    max_overflow: int
    minimum: int = Field(description="Connections that a clean-up leaves open.")
    in_use: int
    idle: int
    overflow: int = Field(description="Connections open beyond `size`.")
    waiting: int = Field(description="Who waits for a connection now.")
    utilization_percent: float = Field(description="In use, of `size` and `max_overflow` together.")
    since: Instant
    checkouts: int
    wait_p95_ms: float = Field(
        description="95 % of those who asked had a connection within this; 0: at once."
    )
    wait_max_ms: float
    timeouts: int = Field(description="How often nobody gave one back in time (`DATABASE__TIMEOUT`).")
    connect_p95_ms: float = Field(description="95 % of new connections were open within this.")
    created: int
    closed: int
    renewed: int = Field(description="Past their age (`DATABASE__RECYCLE`).")
    lost: int = Field(description="Broken, or left in the middle of a statement.")
    refused: int = Field(description="How often no connection could be opened.")


class ConnectionTiming(Wire):
    """How long this very answer waited: for a connection, and for `SELECT 1` over it."""

    checkout_ms: float
    round_trip_ms: float


class DatabaseSize(Wire):
    """The database as its server counts it; counters since `stats_since`."""

    name: str
    bytes: int
    connections: int = Field(description="Of all clients, this service among them.")
    max_connections: int
    commits: int
    rollbacks: int
    deadlocks: int
    temporary_bytes: int = Field(description="Sorted or joined on disk, for want of `work_mem`.")
    stats_since: Instant | None = Field(description="When the server's counters began; null: with it.")
    table_hit_percent: float | None = Field(description="Table pages found in memory; null: none was read.")
    index_hit_percent: float | None = Field(description="Index pages found in memory; null: none was read.")


class TableStatistics(Wire):
    """One of the largest tables; partitions stand for themselves."""

    table: str
    rows: int = Field(description="As the server estimates them.")
    dead_rows: int
    bytes: int = Field(description="With indexes and what is stored beside.")
    index_bytes: int
    sequential_scans: int
    sequential_rows: int = Field(description="Rows that those scans read.")
    index_scans: int
    analyzed_at: Instant | None
    vacuumed_at: Instant | None


class LongTransaction(Wire):
    """The transaction that has been open longest."""

    pid: int
    application: str
    state: str | None
    seconds: float
    waits_for: str | None = Field(description="What the server says it waits for, such as `Lock: tuple`.")


class LockWait(Wire):
    """A session that waits for a lock, and who holds it."""

    pid: int
    application: str
    lock: str
    table: str | None
    seconds: float | None
    blocked_by: list[int]


class Replica(Wire):
    """A streaming replica; `lag` is null where the role may not see it."""

    name: str
    state: str | None
    lag_bytes: int | None
    lag_seconds: float | None


class PreparedStatements(Wire):
    """What is prepared on the connection that was asked, and how often that was of use."""

    capacity: int = Field(description="`DATABASE__STATEMENT_CACHE`; 0 behind PgBouncer.")
    prepared: int
    executions: int
    reuse_percent: float | None = Field(description="Executions that found their statement prepared.")


class ServerSetting(Wire):
    """A setting of the session as the server reports it."""

    name: str
    value: str
    source: str = Field(description="`client`: by this service; `configuration file`, `default`, …")


class IndexAdvice(Wire):
    """Something about an index that the catalogue suggests, with its evidence. Nothing is changed."""

    kind: Literal["missing", "unused", "duplicate"]
    table: str
    index: str | None = Field(None, description="Null for a missing one.")
    bytes: int | None = Field(None, description="What the index takes.")
    evidence: str
    advice: str
    since: Instant | None = Field(description="The figures count from here; null: since the server began.")


class DatabaseHealth(Wire):
    """Pool, connection timing, database, tables, locks, replication, settings and advice."""

    as_of: Instant
    process: ProcessId
    server_version: str
    pools: list[Pool]
    cleanup: PoolCleanup | None = Field(description="Null: none has run yet, or they are switched off.")
    cleanup_every_seconds: int
    timing: ConnectionTiming
    database: DatabaseSize
    tables: list[TableStatistics]
    longest_transaction: LongTransaction | None
    locks: list[LockWait]
    in_recovery: bool = Field(description="Whether this server is itself a replica.")
    replicas: list[Replica]
    prepared: PreparedStatements
    settings: list[ServerSetting]
    advice: list[IndexAdvice]


class StatementsAsk(Ask):
    """Which order."""

    sort: StatementSort = Field("total", description="The largest first.")
    top: int = Field(501, ge=1, le=501, description="Only the first so many.")


class StatementStatistics(Wire):
    """What one kind of statement did in this process, without the time spent waiting for a connection."""

    fingerprint: str
    statement: str = Field(description="With `?` for every literal and parameter.")
    calls: int
    rows: int
    errors: int
    slow: int = Field(description="Calls beyond `DATABASE__SLOW_STATEMENT`.")
    total_ms: float
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    last_at: Instant | None
    explainable: bool


class StatementListing(Wire):
    """The statements that this process has sent since `since`; beyond 500 kinds they are one, `other`."""

    process: ProcessId
    since: Instant
    known: int
    calls: int
    total_ms: float
    items: list[StatementStatistics]


class StatementPlan(Wire):
    """The generic plan of a statement: what the server does whatever the parameters are. Nothing was run."""

    fingerprint: str
    statement: str
    total_cost: float = Field(description="In the planner's units: one sequential page read is 1.")
    rows: int = Field(description="As the planner estimates them.")
    sequential_scans: list[str] = Field(description="Tables read from end to end.")
    indexes: list[str] = Field(description="Indexes that are used.")
    plan: dict[str, Any] = Field(description="The server's own plan (EXPLAIN, FORMAT JSON).")
