"""`/health/tasks`: every job with its last and next run, the queue, and what this process does by itself."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Final

from fastapi import APIRouter, Depends
from sqlalchemy import Row
from starlette.responses import Response

from service.core.auth import needs
from service.core.database import AWAY
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.tasks import Job, Periodic, Tasks, periodic_works
from service.monitoring import queries
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.tasks import JobHealth, JobRun, PeriodicHealth, Queue, TasksHealth

router = APIRouter(tags=["health"])

ANSWER_WITHIN: Final = 2.0
"""Seconds for the database; without it the rest is still known."""
LOOKED_AT: Final = 50
SHOWN: Final = 10
_SUCCEEDED: Final = ("done", "partial")
_RUN: Final[dict[str, Any]] = {
    "id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "state": "done",
    "attempt": 1,
    "requested_by": "schedule",
    "created_at": "2026-11-01T06:17:00Z",
    "started_at": "2026-11-01T06:17:00Z",
    "finished_at": "2026-11-01T06:17:01Z",
    "duration_seconds": 0.84,
    "counts": {"runs_deleted": 360},
    "error_code": None,
    "error_detail": None,
}
EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "process": 4711,
    "database": "ok",
    "engine": "running",
    "queue": {
        "queued": 0,
        "running": 1,
        "retries": 0,
        "oldest_seconds": None,
        "ticked_at": "2026-11-01T06:29:50Z",
    },
    "jobs": [
        {
            "name": "platform.housekeeping",
            "title": "Forget what is past its time",
            "schedule": "17 * * * *",
            "time_zone": "UTC",
            "deadline_seconds": 1800,
            "attempts": 4,
            "next_at": "2026-11-01T07:17:00Z",
            "retry_at": None,
            "failures_in_a_row": 0,
            "succeeded_at": "2026-11-01T06:17:01Z",
            "last": _RUN,
            "recent": [_RUN],
        }
    ],
    "periodic": [
        {
            "name": "pool_cleanup",
            "period_seconds": 1800.0,
            "times": 3,
            "failures": 0,
            "failures_in_a_row": 0,
            "started_at": "2026-11-01T06:12:40Z",
            "duration_seconds": 0.002,
            "outcome": "ok",
            "detail": None,
            "next_at": "2026-11-01T06:41:10Z",
        }
    ],
}


@router.get(
    "/health/tasks",
    operation_id="health_tasks",
    summary="Jobs, the job engine, and what this process does by itself",
    description="Answers while the database is away as well, and says then what is not known.",
    response_model=TasksHealth,
    responses={
        **problem_responses(401, 403, 422, 503),
        200: {"content": {"application/json": {"example": EXAMPLE}}},
    },
    dependencies=[Depends(needs("health:detail")), Depends(strict_query(Ask))],
)
async def get_tasks(runtime: RuntimeDep) -> Response:
    health = await tasks_health(runtime)
    return Response(
        health.model_dump_json(by_alias=True),
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )


async def tasks_health(runtime: Runtime) -> TasksHealth:
    """What is known of the background work now; never an error."""
    tasks = runtime.tasks
    found = await _found(runtime, sorted(tasks.jobs))
    now = datetime.now(UTC)
    return TasksHealth(
        as_of=now,
        process=os.getpid(),
        database="away" if found is None else "ok",
        engine=tasks.engine,
        queue=None if found is None else found[1],
        jobs=[
            _job(tasks, tasks.jobs[name], now, None if found is None else found[0].get(name, []))
            for name in sorted(tasks.jobs)
        ],
        periodic=[_periodic(work) for work in periodic_works()],
    )


async def _found(
    runtime: Runtime, jobs: Sequence[str]
) -> tuple[Mapping[str, Sequence[Row[Any]]], Queue] | None:
    """The last runs by job, and the queue; None while the database is away."""
    runs: dict[str, list[Row[Any]]] = {}
    try:
        async with asyncio.timeout(ANSWER_WITHIN), runtime.database.snapshot() as conn:
            for row in await queries.select_last_runs(conn, jobs, LOOKED_AT):
                runs.setdefault(row.job, []).append(row)
            queue = await queries.select_queue(conn)
    except AWAY:
        return None
    return runs, Queue.model_validate(queue._asdict())


def _job(tasks: Tasks, job: Job, now: datetime, rows: Sequence[Row[Any]] | None) -> JobHealth:
    settings = tasks.runtime.settings
    return JobHealth(
        name=job.name,
        title=job.title,
        schedule=job.schedule(settings),
        time_zone=job.zone(settings),
        deadline_seconds=int(job.deadline.total_seconds()),
        attempts=job.retry.attempts,
        next_at=job.next_due(settings, now),
        **({} if rows is None else _history(rows, now)),
    )


def _history(rows: Sequence[Row[Any]], now: datetime) -> dict[str, Any]:
    """What the newest runs of a job say, newest first."""
    ended = [row for row in rows if row.finished_at is not None]
    shown = [_run(row) for row in rows[:SHOWN]]
    return {
        "retry_at": next((row.retry_at for row in rows[:1] if row.retry_at and row.retry_at > now), None),
        "failures_in_a_row": sum(1 for _ in takewhile(lambda row: row.state == "failed", ended)),
        "succeeded_at": next((row.finished_at for row in ended if row.state in _SUCCEEDED), None),
        "last": shown[0] if shown else None,
        "recent": shown,
    }


def _run(row: Row[Any]) -> JobRun:
    seconds = None
    if row.finished_at is not None and row.started_at is not None:
        seconds = (row.finished_at - row.started_at).total_seconds()
    return JobRun.model_validate({**row._asdict(), "id": str(row.id), "duration_seconds": seconds})


def _periodic(work: Periodic) -> PeriodicHealth:
    return PeriodicHealth.model_validate(
        {
            "name": work.name,
            "period_seconds": work.period.total_seconds(),
            "times": work.times,
            "failures": work.failures,
            "failures_in_a_row": work.in_a_row,
            "started_at": work.started_at,
            "duration_seconds": work.seconds,
            "outcome": work.outcome,
            "detail": work.detail,
            "next_at": work.next_at,
        }
    )
