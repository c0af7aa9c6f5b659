"""One pool over asyncpg, and the only place that commits.

`read()` is one statement in autocommit, `snapshot()` one consistent view for a report, `write()` commits.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NewType, cast

import asyncpg
from sqlalchemy import MetaData, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection

from service.core.settings import DatabaseSettings
from service.core.telemetry import timings

ReadConnection = NewType("ReadConnection", AsyncConnection)
WriteConnection = NewType("WriteConnection", ReadConnection)

_AFTER_COMMIT = "muster_after_commit"


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class MeasuredPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's pool that also says how many wait, for how long, and who timed out."""

    waiting = 0
    waited_seconds = 0.0
    timeouts = 0

    def _do_get(self) -> ConnectionPoolEntry:
        self.waiting += 1
        started = time.perf_counter()
        try:
            return super()._do_get()
        except Exception:
            self.timeouts += 1
            raise
        finally:
            self.waiting -= 1
            seconds = time.perf_counter() - started
            self.waited_seconds += seconds
            timings().add("pool", seconds)


class Database:
    """The pool and the three ways to use it.

    `url` is `postgresql+asyncpg://…`; `direct_url` the same for asyncpg itself (LISTEN, jobs).
    """

    def __init__(
        self, url: str, settings: DatabaseSettings | None = None, *, application_name: str = "muster"
    ) -> None:
        self.settings = settings or DatabaseSettings()
        self.application_name = application_name
        self.url = url
        direct = self.settings.direct_url.get_secret_value() if self.settings.direct_url else url
        self.direct_url = direct.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._engine: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine, once `open()` has run."""
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    @property
    def has_replica(self) -> bool:
        """Whether reports can be read elsewhere than on the primary."""
        return self._reader is not self._engine

    async def open(self) -> None:
        """Make the pool; the first connection is made on first use."""
        self._engine = self._reader = self._make_engine(self.url)
        if self.settings.read_url is not None:
            self._reader = self._make_engine(self.settings.read_url.get_secret_value())

    async def close(self) -> None:
        """Close every connection; closing twice is fine."""
        for engine in {self._engine, self._reader} - {None}:
            assert engine is not None
            await engine.dispose()
        self._engine = self._reader = None

    def read(self) -> AbstractAsyncContextManager[ReadConnection]:
        """A connection in autocommit, for one statement."""
        return self._reading(self.engine, isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def snapshot(
        self, *, replica: bool = False, timeout: float | None = None
    ) -> AsyncIterator[ReadConnection]:
        """One consistent, read-only view: rows, meta and versions of one answer agree.

        With `replica` it may be a streaming replica's, which can be behind: only for who looks at the data
        versions in it. Jobs and sync always see the primary. `timeout` in seconds replaces the request's
        limits on a statement and on lying idle between two (exports read rows as they write them).
        """
        engine = self._reader if replica and self._reader is not None else self.engine
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._reading(engine, **options) as conn:
            if timeout is not None:
                for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    await conn.execute(text(f"SET LOCAL {limit} = {int(timeout * 1000)}"))
            yield conn

    @asynccontextmanager
    async def write(self, *, timeout: float | None = None) -> AsyncIterator[WriteConnection]:
        """A transaction that commits when the block ends and rolls back when it fails.

        `timeout` in seconds replaces the request's statement timeout (exports, merges, migrations).
        """
        async with self.engine.connect() as conn:
            hooks: list[Callable[[], None]] = []
            async with conn.begin():
                conn.info[_AFTER_COMMIT] = hooks
                if timeout is not None:
                    await conn.execute(text(f"SET LOCAL statement_timeout = {int(timeout * 1000)}"))
                yield cast(WriteConnection, conn)
        for hook in hooks:
            hook()

    @asynccontextmanager
    async def _reading(self, engine: AsyncEngine, **options: Any) -> AsyncIterator[ReadConnection]:
        async with engine.execution_options(**options).connect() as conn:
            yield cast(ReadConnection, conn)

    def _make_engine(self, url: str) -> AsyncEngine:
        chosen = self.settings
        engine = create_async_engine(
            url,
            poolclass=MeasuredPool,
            hide_parameters=True,  # names and times of people do not belong into tracebacks
            pool_size=chosen.pool_size,
            max_overflow=chosen.max_overflow,
            pool_timeout=chosen.timeout,
            pool_recycle=int(chosen.recycle),
            pool_use_lifo=True,  # the idle ones age at the other end and can be closed
            connect_args=self._connect_args(),
        )
        event.listen(engine.sync_engine, "before_cursor_execute", _statement_starts)
        event.listen(engine.sync_engine, "after_cursor_execute", _statement_ends)
        event.listen(engine.sync_engine, "checkin", _note_idle)
        event.listen(engine.sync_engine, "checkout", _IdleCheck(engine, chosen.idle_check))
        return engine

    def _connect_args(self) -> dict[str, Any]:
        chosen = self.settings
        return {
            "timeout": chosen.connect_timeout,
            "statement_cache_size": chosen.statement_cache,
            "prepared_statement_cache_size": chosen.statement_cache,
            "server_settings": {
                "application_name": self.application_name,
                # A role called muster would otherwise find the schema muster before public.
                "search_path": "public",
                "timezone": "UTC",
                "jit": "off",
                "statement_timeout": str(int(chosen.statement_timeout * 1000)),
                "lock_timeout": str(int(chosen.lock_timeout * 1000)),
                "idle_in_transaction_session_timeout": str(int(chosen.idle_in_transaction * 1000)),
            },
        }


def orm(conn: ReadConnection) -> AsyncSession:
    """An ORM session over a connection, for browsing entities with explicit eager loading."""
    return AsyncSession(bind=conn, expire_on_commit=False, autoflush=False)


def after_commit(conn: WriteConnection, hook: Callable[[], None]) -> None:
    """Run `hook` once this `write()` has committed; never when it rolled back."""
    conn.info[_AFTER_COMMIT].append(hook)


async def driver_in_transaction(conn: WriteConnection) -> asyncpg.Connection:
    """The asyncpg connection, inside SQLAlchemy's transaction.

    SQLAlchemy sends BEGIN with its first statement; COPY or an enqueue before that would commit by itself.
    """
    raw = await conn.get_raw_connection()
    driver = cast(asyncpg.Connection, raw.driver_connection)
    if not driver.is_in_transaction():
        await conn.execute(text("SELECT 1"))
    return driver


async def copy_rows(
    conn: WriteConnection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    schema: str | None = None,
) -> int:
    """COPY rows into a table within the transaction of `conn`; returns how many."""
    driver = await driver_in_transaction(conn)
    started = time.perf_counter()
    answer = await driver.copy_records_to_table(
        table, records=rows, columns=list(columns), schema_name=schema
    )
    timings().add("db", time.perf_counter() - started)
    return int(answer.split()[-1])


async def copy_out(conn: ReadConnection, query: str, *arguments: Any) -> bytes:
    """Binary COPY of a query's rows, for decoding in NumPy (month matrix: 1.15 x `psql COPY`)."""
    raw = await conn.get_raw_connection()
    driver = cast(asyncpg.Connection, raw.driver_connection)
    if not driver.is_in_transaction():
        await conn.execute(text("SELECT 1"))
    parts: list[bytes] = []

    async def collect(part: bytes) -> None:
        parts.append(part)

    started = time.perf_counter()
    await driver.copy_from_query(query, *arguments, output=collect, format="binary")
    timings().add("db", time.perf_counter() - started)
    return b"".join(parts)


def _statement_starts(conn: Any, *_: Any) -> None:
    conn.info["muster_statement_started"] = time.perf_counter()


def _statement_ends(conn: Any, *_: Any) -> None:
    timings().add("db", time.perf_counter() - conn.info.pop("muster_statement_started"))


def _note_idle(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info["muster_idle_since"] = time.monotonic()


class _IdleCheck:
    """Tests a connection only after it lay idle: pre-ping on each checkout costs 29 % of tiny queries."""

    def __init__(self, engine: AsyncEngine, after: float) -> None:
        self.dialect = engine.sync_engine.dialect
        self.after = after

    def __call__(
        self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        idle_since = record.info.get("muster_idle_since")
        if idle_since is None or time.monotonic() - idle_since < self.after:
            return
        try:
            alive = self.dialect.do_ping(connection)
        except self.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError("the connection died while it lay idle")
