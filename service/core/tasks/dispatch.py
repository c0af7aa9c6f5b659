"""The job engine under supervision: it times and hands out run ids, and is started again when it fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.core.executors import ScheduleExecutor

from service.core.cron import STEADY, due_after
from service.core.retries import RECONNECT
from service.core.settings import Settings
from service.core.tasks.job import Job
from service.core.tasks.records import ENTRYPOINT, RETRY_ENTRYPOINT
from service.core.telemetry import get_logger, happened, told

log = get_logger(__name__)

LOOK_EVERY: Final = 30.0
"""Seconds between looks for runs that nobody carries out."""
EngineState = Literal["running", "starting", "off"]
RESTART: Final = replace(RECONNECT, base=0.5, cap=5.0)
_STEADY: Final = 30.0
"""Seconds after which a failure is a new one and not the last one's echo."""


@dataclass
class ZonedSchedule(ScheduleExecutor):
    """A schedule on the clock of a zone; the engine's own are in UTC."""

    zone: str = STEADY

    def get_next(self) -> datetime:
        """The next tick."""
        return due_after(self.parameters.expression, self.zone, datetime.now(UTC))


class Dispatch:
    """Carries ticks and queued runs from the database to this process.

    `take(run_id)` carries a run out, `again(run_id)` repeats a failed one, `tick(job)` starts a due one,
    `revive()` hands out what was left behind, `halt()` makes the runs under way go back to the queue.
    """

    def __init__(
        self,
        direct_url: str,
        settings: Settings,
        jobs: Iterable[Job],
        *,
        take: Callable[[UUID], Awaitable[None]],
        again: Callable[[UUID], Awaitable[None]],
        tick: Callable[[Job], Awaitable[None]],
        revive: Callable[[], Awaitable[None]],
        halt: Callable[[], None],
    ) -> None:
        self.direct_url = direct_url
        self.settings = settings
        self.jobs = tuple(jobs)
        self._take, self._again, self._tick = take, again, tick
        self._revive, self._halt = revive, halt
        self._engine: PgQueuer | None = None
        self._stopping = asyncio.Event()
        self._begun = False

    @property
    def state(self) -> EngineState:
        """How the engine stands in this process; `starting` also while it is started again."""
        if not self._begun or self._stopping.is_set():
            return "off"
        return "starting" if self._engine is None else "running"

    def stop(self) -> None:
        """Hand out nothing more; `run` returns once what is under way has ended."""
        self._stopping.set()
        if self._engine is not None:
            self._engine.shutdown.set()

    async def run(self) -> None:
        """Until stopped or cancelled, over any failure of the engine or the database."""
        failures, self._begun = 0, True
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await self._run_once()
            except Exception as error:  # whatever it is, the loop goes on
                happened("tasks.engine", "failed")
                log.warning("the job engine starts again", error=type(error).__name__, detail=told(error))
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - started > _STEADY else failures + 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), RESTART.pause(failures))

    async def _run_once(self) -> None:
        connection = await asyncpg.connect(
            self.direct_url,
            timeout=10,
            server_settings={"application_name": "muster-jobs", "search_path": "public"},
        )
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        looking = asyncio.create_task(self._look(), name="look for stranded runs")
        try:
            await self._run_engine(connection, gone)
        finally:
            looking.cancel()
            self._engine = None
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await connection.close(timeout=5)

    async def _run_engine(self, connection: asyncpg.Connection, gone: asyncio.Event) -> None:
        """Until it is shut down, fails, or its connection is gone (which it notices only by its next use)."""
        engine = self._engine = self._made(connection)
        if self._stopping.is_set():
            return
        # The engine insists on room for two batches; `take` keeps to the setting.
        most = max(2, self.settings.tasks.concurrency)
        running = asyncio.create_task(
            engine.run(
                batch_size=most // 2,
                max_concurrent_tasks=most,
                dequeue_timeout=timedelta(seconds=10),
                heartbeat_timeout=timedelta(seconds=self.settings.tasks.heartbeat),
                shutdown_on_listener_failure=True,
            ),
            name="job engine",
        )
        lost = asyncio.create_task(gone.wait())
        try:
            await asyncio.wait({running, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
            if not running.done() and not self._stopping.is_set():
                # It waits for the runs under way, however long they take: they start again with the next one.
                self._halt()
                running.cancel()
            await asyncio.wait({running})
        if gone.is_set() and not self._stopping.is_set():
            raise ConnectionError("the job engine's connection was closed")
        if not running.cancelled():
            running.result()

    async def _look(self) -> None:
        while True:
            with suppress(Exception):  # the next look is soon, and the log has said what is wrong
                await self._revive()
            await asyncio.sleep(LOOK_EVERY)

    def _made(self, connection: asyncpg.Connection) -> PgQueuer:
        engine = PgQueuer.from_asyncpg_connection(connection)

        @engine.entrypoint(ENTRYPOINT)
        async def carry_out(entry: Any) -> None:
            await self._take(UUID(bytes=entry.payload))

        @engine.entrypoint(RETRY_ENTRYPOINT)
        async def repeat(entry: Any) -> None:
            await self._again(UUID(bytes=entry.payload))

        for job in self.jobs:
            expression = job.schedule(self.settings)
            if expression is not None:
                self._schedule(engine, job, expression)
        return engine

    def _schedule(self, engine: PgQueuer, job: Job, expression: str) -> None:
        clock = partial(ZonedSchedule, zone=job.zone(self.settings))

        @engine.schedule(job.name, expression, clock, clean_old=True)
        async def tick(_: Any) -> None:
            await self._tick(job)
