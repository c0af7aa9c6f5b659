"""Starts, runs, resumes and cancels runs; the job engine only carries run ids (payload = run id)."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

import asyncpg
from pgqueuer import AsyncpgDriver, PgQueuer, Queries
from pydantic import ValidationError
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from service.core import queries
from service.core.database import driver_in_transaction
from service.core.errors import Conflict, FieldError, Invalid, NotFound, ServiceError, problem, unknown_value
from service.core.tasks.guard import Guard
from service.core.tasks.job import Cancelled, Job, JobContext
from service.core.telemetry import get_logger, happened, work_id
from service.schemas.envelope import Ask

if TYPE_CHECKING:
    from service.core.runtime import Runtime

log = get_logger(__name__)

ENTRYPOINT = "muster.run"
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError, TimeoutError)
Watch = Callable[[dict[str, Any]], None]


class Tasks:
    """The jobs of this installation and their runs."""

    def __init__(self, runtime: "Runtime", jobs: Iterable[Job]) -> None:
        self.runtime = runtime
        self.jobs = {job.name: job for job in jobs}
        self._guard = Guard(runtime.database.direct_url)
        self._executing: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def close(self) -> None:
        """Stop executing; runs under way go back to the queue and resume elsewhere or later."""
        self._stopping = True
        for task in self._executing:
            task.cancel()
        await asyncio.gather(*self._executing, return_exceptions=True)
        await self._guard.close()

    async def start(self, name: str, params: Mapping[str, Any] | Ask, requested_by: str) -> Row[Any]:
        """Queue a run and return its row.

        Raises `Invalid` for an unknown job or bad parameters, `Conflict` when its scope is already active.
        """
        job = self._job(name)
        return await self._create(job, _parsed(job, params), requested_by, queued=True)

    async def run_now(
        self,
        name: str,
        params: Mapping[str, Any] | Ask,
        requested_by: str,
        watch: Watch | None = None,
    ) -> Row[Any]:
        """Run a job in this process, now, and return its ended row; `watch` is told each progress."""
        job = self._job(name)
        run = await self._create(job, _parsed(job, params), requested_by, queued=False)
        try:
            return await self._attend(run.id, watch)
        finally:
            await self._guard.release(run.id)

    async def cancel(self, run_id: UUID) -> Row[Any]:
        """Ask a run to stop; raises `NotFound`."""
        async with self.runtime.database.write() as conn:
            row = await queries.request_cancel(conn, run_id)
        if row is None:
            raise NotFound(f"there is no run {run_id}")
        return row

    async def serve(self) -> None:
        """Carry out queued runs and the schedule until cancelled; a lost database is waited for."""
        while not self._stopping:
            try:
                await self._serve_once()
            except (
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                RuntimeError,
                TimeoutError,
            ) as error:
                happened("tasks.engine", "failed")
                log.warning("the job engine lost the database and starts again", error=str(error))
            await asyncio.sleep(0.5)

    async def _serve_once(self) -> None:
        settings = self.runtime.settings.tasks
        connection = await asyncpg.connect(
            self.runtime.database.direct_url,
            timeout=10,
            server_settings={"application_name": "muster-jobs", "search_path": "public"},
        )
        try:
            engine = PgQueuer.from_asyncpg_connection(connection)
            self._register(engine)
            await engine.run(
                batch_size=settings.concurrency,
                max_concurrent_tasks=settings.concurrency * 2,
                dequeue_timeout=timedelta(seconds=10),
                heartbeat_timeout=timedelta(seconds=settings.heartbeat),
                shutdown_on_listener_failure=True,
            )
        finally:
            with suppress(*LOST):
                await connection.close(timeout=5)

    def _register(self, engine: PgQueuer) -> None:
        @engine.entrypoint(ENTRYPOINT)
        async def carry_out(job: Any) -> None:
            await self._take(UUID(bytes=job.payload))

        for scheduled in self.jobs.values():
            if scheduled.cron is not None:
                self._schedule(engine, scheduled)

    def _schedule(self, engine: PgQueuer, job: Job) -> None:
        @engine.schedule(job.name, job.cron or "", clean_old=True)
        async def tick(_: Any) -> None:
            with suppress(Conflict):  # the last one still runs: this tick is served by it
                await self.start(job.name, {}, "schedule")

    async def _take(self, run_id: UUID) -> None:
        task = asyncio.current_task()
        assert task is not None
        if not await self._guard.hold(run_id):
            return
        self._executing.add(task)
        try:
            await self._attend(run_id, None)
        finally:
            self._executing.discard(task)
            await self._guard.release(run_id)

    async def _attend(self, run_id: UUID, watch: Watch | None) -> Row[Any]:
        """Carry out one run whose lock we hold, and record how it ended."""
        database = self.runtime.database
        async with database.read() as conn:
            row = await queries.select_run(conn, run_id)
        if row is None or row.state not in queries.ACTIVE:
            raise NotFound(f"there is no active run {run_id}") if row is None else Cancelled
        job = self._job(row.job)
        async with database.write() as conn:
            await queries.start_run(conn, run_id, datetime.now(UTC) + job.deadline)
        context = JobContext(self.runtime, run_id, _parsed(job, row.params), watch)
        with work_id(str(run_id)):
            state, values = await self._outcome(job, context)
            async with database.write() as conn:
                if state == "queued":
                    await queries.requeue_run(conn, run_id)
                else:
                    await queries.finish_run(conn, run_id, state, values | {"counts": dict(context.counts)})
        happened(f"run.{job.name}", state)
        if state == "queued":
            raise asyncio.CancelledError
        async with database.read() as conn:
            return cast("Row[Any]", await queries.select_run(conn, run_id))

    async def _outcome(self, job: Job, context: JobContext) -> tuple[str, dict[str, Any]]:
        beat = asyncio.create_task(self._beat(context, asyncio.current_task()))
        try:
            async with asyncio.timeout(job.deadline.total_seconds()):
                result = await job.run(context)
            await context.store()
            return ("partial" if context.partial else "done"), {"result": result}
        except Cancelled:
            return "cancelled", {}
        except asyncio.CancelledError:
            # Asked by a person, or this process stops: then the run goes on elsewhere.
            return ("cancelled" if context.cancelled.is_set() else "queued"), {}
        except TimeoutError:
            detail = f"{job.name} did not finish within {job.deadline}"
            return "failed", _failure(ServiceError(detail, code="deadline_passed"))
        except ServiceError as error:
            return "failed", _failure(error)
        except Exception:
            log.exception("a run failed", job=job.name)
            return "failed", _failure(ServiceError("the run failed; the log holds the reason"))
        finally:
            beat.cancel()

    async def _beat(self, context: JobContext, running: asyncio.Task[Any] | None) -> None:
        """Keep the heartbeat, and carry out a cancel that the job itself does not look for."""
        while not context.cancelled.is_set():
            await asyncio.sleep(self.runtime.settings.tasks.heartbeat / 3)
            with suppress(OSError, SQLAlchemyError):
                await context.store()
        if running is not None:
            running.cancel()

    async def _create(self, job: Job, params: Ask, requested_by: str, *, queued: bool) -> Row[Any]:
        scope = job.scope_of(params)
        run_id = uuid4()
        for _ in range(2):
            try:
                return await self._insert(run_id, job, params, requested_by, queued=queued)
            except IntegrityError:
                await self._bury_or_refuse(scope)
        raise Conflict(f"another run of {scope} was started at the same moment; try again")

    async def _insert(
        self, run_id: UUID, job: Job, params: Ask, requested_by: str, *, queued: bool
    ) -> Row[Any]:
        if not queued:
            await self._guard.hold(run_id)
        try:
            async with self.runtime.database.write() as conn:
                row = await queries.insert_run(
                    conn,
                    {
                        "id": run_id,
                        "job": job.name,
                        "scope": job.scope_of(params),
                        "state": "queued" if queued else "running",
                        "params": params.model_dump(mode="json", by_alias=True),
                        "requested_by": requested_by,
                    },
                )
                if queued:
                    driver = await driver_in_transaction(conn)
                    await Queries(AsyncpgDriver(driver)).enqueue(ENTRYPOINT, run_id.bytes)
        except IntegrityError:
            if not queued:
                await self._guard.release(run_id)
            raise
        return row

    async def _bury_or_refuse(self, scope: str) -> None:
        """A run whose process died makes way; a living one is a conflict."""
        async with self.runtime.database.read() as conn:
            row = await queries.select_active_run(conn, scope)
        if row is None:
            return
        if row.state == "queued" or not await self._guard.is_dead(row.id):
            raise Conflict(
                f"run {row.id} of {scope} is {row.state}; wait for it or cancel it", code="run_active"
            )
        lost = ServiceError("its process ended before the run did", code="run_lost")
        async with self.runtime.database.write() as conn:
            await queries.finish_run(conn, row.id, "failed", _failure(lost))

    def _job(self, name: str) -> Job:
        job = self.jobs.get(name)
        if job is None:
            raise unknown_value("/job", "job", name, self.jobs)
        return job


def _failure(error: ServiceError) -> dict[str, Any]:
    return {"error": problem(error, request_id=None, instance=None).model_dump(mode="json", by_alias=True)}


def _parsed(job: Job, params: Mapping[str, Any] | Ask) -> Ask:
    if isinstance(params, job.params):
        return params
    try:
        return job.params.model_validate(params)
    except ValidationError as error:
        fields = [
            FieldError("/params/" + "/".join(map(str, entry["loc"])), entry["type"], entry["msg"])
            for entry in error.errors()
        ]
        raise Invalid(f"the parameters of {job.name} cannot be used", errors=fields) from None
