"""Starts, runs, resumes and cancels runs; the job engine only carries run ids (payload = run id)."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID, uuid4

from pgqueuer.errors import RetryRequested
from sqlalchemy import Row

from service.core import queries
from service.core.database import AWAY, ReadConnection, WriteConnection
from service.core.errors import Conflict, NotFound, ServiceError, unknown_value
from service.core.problems import database_is_away
from service.core.tasks.carrying import SCHEDULE, Carrier
from service.core.tasks.dispatch import Dispatch, EngineState
from service.core.tasks.guard import Guard
from service.core.tasks.job import Job, JobContext
from service.core.tasks.records import enqueue, failure, insert_run, parsed
from service.core.telemetry import afterwards, get_logger, told
from service.schemas.envelope import Ask

if TYPE_CHECKING:
    from service.core.runtime import Runtime

log = get_logger(__name__)

PATIENCE: Final = 600
"""Seconds a patient job waits for its scope."""
_AGAIN: Final = timedelta(seconds=2)
"""After which the engine offers a run again that could not be carried out now."""
PASSED_ON: Final = timedelta(hours=1)
"""How long replicas that do not know a job pass its repetition on to each other."""
Watch = Callable[[dict[str, Any]], None]


class Tasks:
    """The jobs of this installation and their runs."""

    def __init__(self, runtime: "Runtime", jobs: Iterable[Job]) -> None:
        self.runtime = runtime
        self.jobs = {job.name: job for job in jobs}
        self._guard = Guard(runtime.database.direct_url)
        self._places = asyncio.Semaphore(runtime.settings.tasks.concurrency)
        self._executing: set[asyncio.Task[Any]] = set()
        self._soon: dict[str, asyncio.Task[None]] = {}
        self._serving: asyncio.Task[Any] | None = None
        self._stopping = False
        self._dispatch = Dispatch(
            runtime.database.direct_url,
            runtime.settings,
            self.jobs.values(),
            take=self._take,
            again=self._again,
            tick=self._tick,
            revive=self._revive,
            halt=self._halt,
        )

    @property
    def engine(self) -> EngineState:
        """Whether this process carries out queued runs and the schedule."""
        return self._dispatch.state

    async def close(self) -> None:
        """Stop executing; runs under way go back to the queue and resume elsewhere or later."""
        self._stopping = True
        self._dispatch.stop()
        self._halt()
        for soon in tuple(self._soon.values()):
            soon.cancel()
        await asyncio.gather(*self._soon.values(), return_exceptions=True)
        waited = {*self._executing} | ({self._serving} if self._serving is not None else set())
        if waited:
            await asyncio.wait(waited, timeout=10)
        await self._guard.close()

    async def start(
        self,
        name: str,
        params: Mapping[str, Any] | Ask,
        requested_by: str,
        conn: WriteConnection | None = None,
    ) -> Row[Any]:
        """Queue a run and return its row; with `conn` it becomes one when that transaction commits.

        Raises `Invalid` for an unknown job or bad parameters, `Conflict` when its scope is already active.
        """
        job = self._job(name)
        asked = parsed(job, params)
        for _ in range(2):
            row = await self._queued(job, asked, requested_by, conn)
            if row is not None:
                return row
            await self._make_way(job.scope_of(asked))
        raise _beaten(job.scope_of(asked))

    async def run_now(
        self,
        name: str,
        params: Mapping[str, Any] | Ask,
        requested_by: str,
        watch: Watch | None = None,
    ) -> Row[Any]:
        """Run a job in this process, now, and return its ended row; `watch` is told each progress.

        A queued run of the same scope that nobody carries out is carried out first, so that it is not lost;
        where it is the very same work, it stands for this one. When this process stops, the run is cancelled.
        """
        job = self._job(name)
        asked = parsed(job, params)
        wanted = asked.model_dump(mode="json", by_alias=True)
        for _ in range(3):
            row = await self._begun(job, asked, requested_by)
            if row is not None:
                return await self._attended(row, watch, stopped="cancelled")
            before = await self._make_way(job.scope_of(asked), take_queued=True)
            if before is not None:
                ended = await self._attended(before, watch, stopped="queued")
                if (before.job, before.params) == (job.name, wanted):
                    return ended
        raise _beaten(job.scope_of(asked))

    async def cancel(self, run_id: UUID) -> Row[Any]:
        """Ask a run to stop; raises `NotFound`."""
        async with self.runtime.database.write() as conn:
            row = await queries.request_cancel(conn, run_id)
        if row is None:
            raise NotFound(f"there is no run {run_id}")
        return row

    def start_soon(self, name: str, params: Mapping[str, Any], requested_by: str) -> None:
        """Start a run once its scope is free, for who learnt of something that the active run may not see.

        Several asks become one run. It is a hint: if this process ends first, the schedule serves it.
        """
        if self._stopping or name in self._soon:
            return
        asked = self._start_soon(name, params, requested_by)
        self._soon[name] = asyncio.create_task(asked, context=afterwards())

    async def _start_soon(self, name: str, params: Mapping[str, Any], requested_by: str) -> None:
        try:
            for _try in range(PATIENCE * 5):
                await asyncio.sleep(0.2)
                try:
                    await self.start(name, params, requested_by)
                    return
                except Conflict:
                    continue
        except (ServiceError, *AWAY) as error:
            log.warning("a job could not be started", job=name, detail=told(error))
        finally:
            self._soon.pop(name, None)

    async def serve(self) -> None:
        """Carry out queued runs and the schedule until `close` or a cancel; a lost database is waited for."""
        self._serving = asyncio.current_task()
        await self._dispatch.run()

    async def _queued(
        self, job: Job, asked: Ask, requested_by: str, conn: WriteConnection | None
    ) -> Row[Any] | None:
        if conn is not None:
            return await insert_run(conn, uuid4(), job, asked, requested_by, "queued")
        async with self.runtime.database.write() as own:
            return await insert_run(own, uuid4(), job, asked, requested_by, "queued")

    async def _begun(self, job: Job, asked: Ask, requested_by: str) -> Row[Any] | None:
        """A run of ours that is running, with its lock held; None when its scope is active."""
        run_id = uuid4()
        await self._guard.hold(run_id)  # before others can see it: a running run without a lock is dead
        row = None
        try:
            async with self.runtime.database.write() as conn:
                row = await insert_run(conn, run_id, job, asked, requested_by, "running")
        finally:
            if row is None:
                await self._guard.release(run_id)
        return row

    async def _make_way(self, scope: str, *, take_queued: bool = False) -> Row[Any] | None:
        """A run whose process died makes way; a living one is a `Conflict`.

        With `take_queued` a queued one that nobody carries out is returned, with its lock held.
        """
        async with self.runtime.database.read() as conn:
            row = await queries.select_active_run(conn, scope)
        if row is None:
            return None
        if row.state == "queued" and take_queued and row.job in self.jobs:
            if await self._guard.hold(row.id):
                return row
        elif row.state == "running" and await self._guard.is_free(row.id):
            lost = ServiceError("its process ended before the run did", code="run_lost")
            async with self.runtime.database.write() as conn:
                await queries.finish_run(conn, row.id, "failed", failure(lost))
            return None
        detail = f"run {row.id} of {scope} is {row.state}; wait for it or cancel it"
        raise Conflict(detail, code="run_active")

    async def _attended(self, row: Row[Any], watch: Watch | None, *, stopped: str) -> Row[Any]:
        """Carry out a run whose lock we hold, in the task of who waits for it; its ended row."""
        task = asyncio.current_task()
        assert task is not None
        self._executing.add(task)
        try:
            await self._carrier(row, watch, stopped).carry_out()
        finally:
            self._executing.discard(task)
            await self._guard.release(row.id)
        if task.cancelling():  # on record as cancelled or queued; who waits here is to stop as well
            raise asyncio.CancelledError
        async with self.runtime.database.read() as conn:
            return cast("Row[Any]", await queries.select_run(conn, row.id))

    async def _take(self, run_id: UUID) -> None:
        """What the engine calls: carry out a queued run, unless somebody does or it has ended.

        Raises `RetryRequested` where the engine shall offer it again: we stop, the database went away, or
        another process has the run's lock (it may be about to die).
        """
        task = asyncio.current_task()
        assert task is not None
        async with self._places:
            if self._stopping or not await self._guard.hold(run_id):
                raise RetryRequested(_AGAIN, "carried out elsewhere, or about to stop")
            self._executing.add(task)
            try:
                state = await self._carried(run_id)
            except AWAY as error:
                if not database_is_away(error):
                    raise
                state = "queued"
            finally:
                self._executing.discard(task)
                await self._guard.release(run_id)
        if state == "queued":
            raise RetryRequested(_AGAIN, "stopped before its end")

    async def _again(self, run_id: UUID) -> None:
        """What the engine calls when a failed run is due again: its repetition is a run of its own.

        It is left out where the job's next tick has come or another run of the job was started meanwhile.
        Raises `RetryRequested` while the scope is busy, or where another replica may know the job.
        """
        try:
            async with self.runtime.database.write() as conn:
                failed = await queries.select_run(conn, run_id)
                if failed is None or not await self._is_repeated(conn, failed):
                    return
                row = await self._repetition(conn, failed)
        except AWAY as error:
            if not database_is_away(error):
                raise
            row = None
        if row is None:
            raise RetryRequested(_AGAIN, "its scope is busy, or another replica knows it")

    async def _repetition(self, conn: WriteConnection, failed: Row[Any]) -> Row[Any] | None:
        job = self.jobs.get(failed.job)
        if job is None or self._stopping:
            return None
        return await insert_run(
            conn,
            uuid4(),
            job,
            parsed(job, failed.params),
            failed.requested_by,
            "queued",
            attempt=failed.attempt + 1,
            correlation_id=failed.correlation_id or str(failed.id),
        )

    async def _is_repeated(self, conn: ReadConnection, failed: Row[Any]) -> bool:
        """Whether a failed run is still the newest of its job and of its tick."""
        newest = await queries.select_last_run(conn, failed.job)
        job = self.jobs.get(failed.job)
        due = failed.finished_at + PASSED_ON
        if job is not None:
            due = job.next_due(self.runtime.settings, failed.finished_at) or failed.finished_at
        return newest is not None and newest.id == failed.id and datetime.now(UTC) < due

    async def _carried(self, run_id: UUID) -> str:
        async with self.runtime.database.read() as conn:
            row = await queries.select_run(conn, run_id)
        if row is None or row.state not in queries.ACTIVE or row.job not in self.jobs:
            return "gone"
        return await self._carrier(row, None, "queued").carry_out()

    def _carrier(self, row: Row[Any], watch: Watch | None, stopped: str) -> Carrier:
        job = self._job(row.job)
        context = JobContext(self.runtime, row.id, parsed(job, row.params), watch)
        beat = self.runtime.settings.tasks.heartbeat / 3
        return Carrier(self._guard, job, row, context, beat=beat, stopped=stopped)

    def _halt(self) -> None:
        for task in tuple(self._executing):
            task.cancel()

    async def _tick(self, job: Job) -> None:
        """What the schedule calls: start a due job. What becomes of its run is on record."""
        for _second in range(PATIENCE if job.patient else 1):
            if self._stopping:
                return
            try:
                await self.start(job.name, job.scheduled, SCHEDULE)
                return
            except Conflict:
                await asyncio.sleep(1 if job.patient else 0)
            except (ServiceError, *AWAY) as error:
                log.warning("a due job could not be started", job=job.name, detail=told(error))
                return

    async def _revive(self) -> None:
        """Hand out runs that are active on record and that neither a process nor the engine knows of."""
        database = self.runtime.database
        async with database.read() as conn:
            stranded = await queries.select_stranded_runs(conn)
        for row in stranded:
            if row.job in self.jobs and await self._guard.is_free(row.id):
                async with database.write() as conn:
                    await queries.requeue_run(conn, row.id, {})
                    await enqueue(conn, row.id)
                log.info("a run that was left behind goes on", job=row.job, run=str(row.id))

    def _job(self, name: str) -> Job:
        job = self.jobs.get(name)
        if job is None:
            raise unknown_value("/job", "job", name, self.jobs)
        return job


def _beaten(scope: str) -> Conflict:
    return Conflict(f"another run of {scope} was started at the same moment; try again", code="run_active")
