"""The background work of the service: its jobs, its job engine, and what each process does by itself."""

from typing import Literal

from pydantic import Field

from service.schemas.envelope import Instant, RunState, Wire
from service.schemas.monitoring.process import ProcessId


class JobRun(Wire):
    """One run of a job; `/v1/runs/{id}` shows all of it."""

    id: str
    state: RunState
    attempt: int = 1
    requested_by: str
    created_at: Instant
    started_at: Instant | None = None
    finished_at: Instant | None = None
    duration_seconds: float | None = Field(None, description="Of an ended run.")
    counts: dict[str, int] = {}
    error_code: str | None = None
    error_detail: str | None = None


class JobHealth(Wire):
    """A job and how its last runs went; `runs` are of the last 50, so more failures in a row are 50."""

    name: str
    title: str
    schedule: str | None = Field(description="Cron expression; a sixth field are seconds.")
    time_zone: str = Field(description="IANA zone of the clock that `schedule` is read on.")
    deadline_seconds: int
    attempts: int = Field(description="How often a scheduled run is tried in all.")
    next_at: Instant | None = Field(description="The next tick; null: only when somebody starts it.")
    retry_at: Instant | None = Field(None, description="When the run that failed last is repeated.")
    failures_in_a_row: int | None = Field(None, description="Null while the database is away.")
    succeeded_at: Instant | None = Field(None, description="End of the last run that was done or partial.")
    last: JobRun | None = None
    recent: list[JobRun] = Field([], description="The newest ten, newest first.")


class PeriodicHealth(Wire):
    """What the process that answers does for itself; each process has its own."""

    name: str
    period_seconds: float = Field(description="0: switched off.")
    times: int
    failures: int
    failures_in_a_row: int
    started_at: Instant | None = None
    duration_seconds: float | None = None
    outcome: Literal["ok", "failed"] | None = Field(None, description="Of the last time; null: not yet.")
    detail: str | None = Field(None, description="Why the last time failed.")
    next_at: Instant | None = Field(None, description="Null while it is being done, or switched off.")


class Queue(Wire):
    """What the job engine holds for all processes together."""

    queued: int = Field(description="Runs that nobody has taken yet.")
    running: int
    retries: int = Field(description="Repetitions planned.")
    oldest_seconds: float | None = Field(None, description="How long the oldest queued run has waited.")
    ticked_at: Instant | None = Field(None, description="When the schedule last started a job, anywhere.")


class TasksHealth(Wire):
    """The background work as the process that answers sees it."""

    as_of: Instant
    process: ProcessId
    database: Literal["ok", "away"] = Field(description="`away`: what runs say is not known now.")
    engine: Literal["running", "starting", "off"] = Field(
        description="In this process; `off`: jobs run elsewhere, or nowhere (`queue.ticked_at`)."
    )
    queue: Queue | None = Field(description="Null while the database is away.")
    jobs: list[JobHealth]
    periodic: list[PeriodicHealth]
