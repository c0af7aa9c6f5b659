"""The engine over asyncpg and the three ways to use it: `read()`, `snapshot()`, `write()`."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from service.core.database.connections import AFTER_COMMIT, ReadConnection, WriteConnection
from service.core.database.measuring import OPTION, watch_statements
from service.core.database.pool import MeasuredPool, PoolStatus, pool_of, watch_pool
from service.core.settings import DatabaseSettings
from service.core.telemetry import get_logger
from service.core.telemetry.statements import Statements

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PoolCleanup:
    """What a clean-up did: connections closed, and how many stayed open."""

    at: datetime
    closed: int
    kept: int


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
        self.statements = Statements(slow=self.settings.slow_statement, repeats=self.settings.repeats)
        self.cleaned: PoolCleanup | None = None
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
        for engine in self._engines().values():
            await engine.dispose()
        self._engine = self._reader = None

    def pools(self) -> list[PoolStatus]:
        """The pool as it stands now, and that of the replica where there is one."""
        minimum = self.settings.pool_min
        return [pool_of(engine).status(name, minimum) for name, engine in self._engines().items()]

    async def clean_pool(self) -> PoolCleanup:
        """Close connections that lay idle for `pool_idle` seconds, down to `pool_min`; count anew."""
        closed = kept = 0
        for engine in self._engines().values():
            pool = pool_of(engine)
            closed += await pool.close_idle(self.settings.pool_idle, self.settings.pool_min)
            pool.start_window()
            kept += pool.checkedin() + pool.checkedout()
        self.cleaned = PoolCleanup(datetime.now(UTC), closed, kept)
        log.info("pool_cleaned", closed=closed, kept=kept)
        return self.cleaned

    def _engines(self) -> dict[str, AsyncEngine]:
        named = {"primary": self._engine}
        if self._reader is not self._engine:
            named["replica"] = self._reader
        return {name: engine for name, engine in named.items() if engine is not None}

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
                conn.info[AFTER_COMMIT] = hooks
                if timeout is not None:
                    await conn.execute(text(f"SET LOCAL statement_timeout = {int(timeout * 1000)}"))
                yield cast(WriteConnection, conn)
                ended = time.perf_counter()
            self.statements.record("COMMIT", time.perf_counter() - ended, 0)
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
            execution_options={OPTION: self.statements},
        )
        watch_pool(engine, test_after=chosen.idle_check)
        watch_statements(engine, self.statements)
        return engine

    def _connect_args(self) -> dict[str, Any]:
        chosen = self.settings
        return {
            "timeout": chosen.connect_timeout,
            "command_timeout": chosen.command_timeout or None,
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
