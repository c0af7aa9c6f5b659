"""Carries one run out: heartbeat, deadline, cancel, and how it ended, on record."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from service.core import queries
from service.core.database import AWAY, WriteConnection
from service.core.errors import ServiceError
from service.core.problems import database_is_away, failure_of
from service.core.retries import RECONNECT
from service.core.tasks.guard import Guard
from service.core.tasks.job import Cancelled, Job, JobContext
from service.core.tasks.records import enqueue_retry, failure
from service.core.telemetry import OPERATIONS, get_logger, happened, told, work_id

log = get_logger(__name__)

ENDED: Final = ("done", "partial", "failed", "cancelled")
SCHEDULE: Final = "schedule"
"""Who requested a run that was due by itself."""
MOST_STARTS: Final = 10
"""A run that lost the database so often fails: then it is the run that takes the database down."""
_END_WITHIN: Final = 5.0
"""Seconds a job has to end once it is told to."""
_RECORD_WITHIN: Final = 30.0
"""Seconds an end is tried to be put on record while the database is away."""


class Carrier:
    """One run under way in this process, whose lock it holds.

    `stopped` is the state of the run when this process stops before it ends: `queued`, to go on elsewhere or
    later, or `cancelled`, when the person who waits for it pressed Ctrl-C.
    """

    def __init__(
        self, guard: Guard, job: Job, row: Row[Any], context: JobContext, *, beat: float, stopped: str
    ) -> None:
        self.database = context.runtime.database
        self.guard = guard
        self.job = job
        self.row = row
        self.context = context
        self.beat = beat
        self.stopped = stopped
        self._again_at: float | None = None
        """The loop's time at which a failed run is repeated: a wait is nobody's wall clock (Q6)."""

    async def carry_out(self) -> str:
        """Run the job and record how that ended; the state reached, `lost` when the run is another's."""
        with work_id(str(self.row.id), self.row.correlation_id):
            async with self.database.write() as conn:
                row = await queries.start_run(conn, self.row.id, datetime.now(UTC) + self.job.deadline)
            if row is None:  # it ended between our look and our lock
                return "lost"
            started = time.perf_counter()
            log.debug("run_started", job=self.job.name, starts=row.starts, attempt=row.attempt)
            state, values = await self._outcome(row.starts)
            if state != "lost":
                await self._record(state, values)
            self._tell(state, time.perf_counter() - started)
        return state

    def _tell(self, state: str, seconds: float) -> None:
        happened(f"run.{self.job.name}", state)
        if state in ENDED:
            OPERATIONS.record(f"job.{self.job.name}", seconds, failed=state == "failed")
        quiet = state == "done" and self.row.requested_by == SCHEDULE  # a poll every ten seconds
        level = logging.DEBUG if quiet else logging.INFO
        log.log(level, "run_ended", job=self.job.name, state=state, ms=round(seconds * 1000, 3))

    async def _outcome(self, starts: int) -> tuple[str, Mapping[str, Any]]:
        work = asyncio.create_task(self.job.run(self.context), name=f"run {self.job.name}")
        beat = asyncio.create_task(self._beat(work), name=f"heartbeat {self.job.name}")
        late = False
        try:
            ended, _ = await asyncio.wait({work}, timeout=self.job.deadline.total_seconds())
            late = not ended
        except asyncio.CancelledError:
            await _end(work)
            return ("cancelled" if self.context.cancelled.is_set() else self.stopped), {}
        finally:
            beat.cancel()
        if late:
            await _end(work)
            detail = f"{self.job.name} did not finish within {self.job.deadline}"
            return self._on_record(ServiceError(detail, code="deadline_passed"))
        return self._judged(work, starts)

    def _judged(self, work: "asyncio.Task[dict[str, Any] | None]", starts: int) -> tuple[str, dict[str, Any]]:
        """What the ended task says."""
        if self.context.lost:
            return "lost", {}
        if self.context.cancelled.is_set() and (work.cancelled() or work.exception() is not None):
            return "cancelled", {}
        error = asyncio.CancelledError() if work.cancelled() else work.exception()
        if error is None:
            return ("partial" if self.context.partial else "done"), {"result": work.result()}
        if isinstance(error, Cancelled):
            return "cancelled", {}
        return self._failed(error, starts)

    def _failed(self, error: BaseException, starts: int) -> tuple[str, dict[str, Any]]:
        if database_is_away(error) and self.stopped == "queued" and starts < MOST_STARTS:
            log.warning("a run lost the database and goes on when it is back", job=self.job.name)
            return "queued", {}
        ours = failure_of(error)
        if ours is error:
            log.warning("a run failed", job=self.job.name, code=ours.code, detail=told(ours))
            return self._on_record(ours)
        log.error("a run failed", job=self.job.name, exc_info=error)
        if ours.status == 500:
            ours = ServiceError("the run failed; the log holds the reason under the run's id")
        return self._on_record(ours)

    def _on_record(self, error: ServiceError) -> tuple[str, dict[str, Any]]:
        """A failed run's values, with the instant it is tried again where it is."""
        wait = self._wait_after(error)
        if wait is None:
            return "failed", failure(error)
        self._again_at = asyncio.get_running_loop().time() + wait
        retry_at = datetime.now(UTC) + timedelta(seconds=wait)
        log.warning("a run is tried again", job=self.job.name, attempt=self.row.attempt, retry_at=retry_at)
        return "failed", {**failure(error), "retry_at": retry_at}

    def _wait_after(self, error: ServiceError) -> float | None:
        """Seconds until a scheduled run is repeated; None where its next tick comes first, or nobody does."""
        now = datetime.now(UTC)
        due = self.job.next_due(self.context.runtime.settings, now)
        if self.row.requested_by != SCHEDULE or due is None:
            return None
        return self.job.retry.after(self.row.attempt, error, left=(due - now).total_seconds())

    async def _beat(self, work: "asyncio.Task[Any]") -> None:
        """Keep heartbeat and lock; carry out a cancel that the job itself does not look for."""
        while True:
            await asyncio.sleep(self.beat)
            with suppress(*AWAY):
                self.context.lost = not await self.guard.keeps(self.row.id)
                if not self.context.lost:
                    await self.context.store()
            if self.context.lost or self.context.cancelled.is_set():
                work.cancel()
                return

    async def _record(self, state: str, values: Mapping[str, Any]) -> None:
        """Write the end, also over a restart of the database; a run not recorded is started again."""
        together = {**values, **self.context.reached}
        end, failures = asyncio.get_running_loop().time() + _RECORD_WITHIN, 0
        while True:
            try:
                async with self.database.write() as conn:
                    await self._put_end(conn, state, together)
                return
            except AWAY as error:
                if not database_is_away(error) or asyncio.get_running_loop().time() > end:
                    raise
            failures += 1
            await asyncio.sleep(RECONNECT.pause(failures))

    async def _put_end(self, conn: WriteConnection, state: str, values: Mapping[str, Any]) -> None:
        if state == "queued":
            await queries.requeue_run(conn, self.row.id, self.context.reached)
            return
        ended = await queries.finish_run(conn, self.row.id, state, values)
        if ended and self._again_at is not None:
            wait = self._again_at - asyncio.get_running_loop().time()
            await enqueue_retry(conn, self.row.id, max(0.0, wait))


async def _end(work: "asyncio.Task[Any]") -> None:
    """Cancel a job's task and wait for it; what it raises on the way out no longer matters."""
    work.cancel()
    await asyncio.wait({work}, timeout=_END_WITHIN)
    if work.done() and not work.cancelled():
        work.exception()
