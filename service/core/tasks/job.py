"""What a job is, and what it is given when it runs."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from service.core import queries
from service.core.cron import STEADY, due_after
from service.core.retries import RetryPolicy
from service.core.settings import Settings
from service.core.telemetry import get_logger
from service.schemas.envelope import Ask

if TYPE_CHECKING:
    from service.core.runtime import Runtime

log = get_logger(__name__)

# Progress is stored at most this often: a page takes 20-50 ms, a row per page would double the writes.
_STORE_EVERY = 0.5
RETRY: Final = RetryPolicy(attempts=4, base=10.0, cap=600.0)
"""Of jobs that say nothing else: three more attempts within about a minute."""


def cron_every(seconds: float) -> str:
    """A cron expression (seconds last) that is due about every so many seconds."""
    if seconds < 60:
        return f"* * * * * */{max(1, round(seconds))}"
    minutes = max(1, round(seconds / 60))
    return f"*/{minutes} * * * * 0" if minutes < 60 else f"0 */{min(23, round(minutes / 60))} * * * 0"


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class NoParams(Ask):
    """The parameters of a job that takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Long or periodic work with a name.

    Jobs are idempotent: after a crash a run is started again. `cron(settings)` has five fields, or six with
    seconds last, on the clock of `zone(settings)`, an IANA zone, UTC by default; None: it is not due by
    itself. `scheduled` are the parameters of runs that are. A `patient` job waits for its scope when it is
    due, others leave the tick to the run that is active. A scheduled run that failed is repeated by `retry`,
    as long as that is before the next tick: past it, the tick is the next attempt. What a person started is
    theirs to repeat.
    `scope(params)` names what two runs must not do at once. `needs` is the scope a caller must hold. Not
    `hands_out`: the file of its runs lies sealed and has a route of its own.
    """

    name: str
    title: str
    run: Callable[["JobContext"], Coroutine[Any, Any, dict[str, Any] | None]]
    deadline: timedelta
    needs: str = "admin"
    params: type[Ask] = NoParams
    cron: Callable[[Settings], str | None] | None = None
    zone: Callable[[Settings], str] = lambda _: STEADY
    scheduled: Mapping[str, Any] = field(default_factory=dict)
    patient: bool = False
    retry: RetryPolicy = RETRY
    scope: Callable[[Ask], str] | None = None
    hands_out: bool = True

    def schedule(self, settings: Settings) -> str | None:
        """When it is due by itself, as a cron expression on the clock of its zone; None: never."""
        return None if self.cron is None else self.cron(settings)

    def next_due(self, settings: Settings, after: datetime) -> datetime | None:
        """Its first tick after an instant."""
        expression = self.schedule(settings)
        return None if expression is None else due_after(expression, self.zone(settings), after)

    def scope_of(self, params: Ask) -> str:
        """The scope within which only one run is active."""
        return self.scope(params) if self.scope is not None else self.name


@dataclass(slots=True)
class JobContext:
    """One run's hands: the runtime, its parameters, and how it says what it does.

    `counts` by name; names ending in inserted, updated, deleted, written, removed or renamed tell of changes
    (`queries.CHANGING_COUNTS`), and a scheduled run without any is forgotten within the hour. `partial`: it
    did what it could, and not everything. `lost`: another process carries the run out by now.
    """

    runtime: "Runtime"
    run_id: UUID
    params: Any
    watch: Callable[[dict[str, Any]], None] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    partial: bool = False
    lost: bool = False
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    _progress: dict[str, Any] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)
    _stored: float = 0.0

    async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
        """Say how far the run is; raises `Cancelled` when somebody asked it to stop."""
        elapsed = max(time.monotonic() - self._started, 1e-6)
        rate = done / elapsed
        left = (total - done) / rate if total is not None and rate > 0 else None
        self._progress = {
            "done": done,
            "total": total,
            "unit": unit,
            "rate_per_second": round(rate, 1),
            "seconds_left": None if left is None else max(0, round(left)),
            "message": message,
        }
        if self.watch is not None:
            self.watch(self._progress)
        if time.monotonic() - self._stored >= _STORE_EVERY:
            await self.store()
        self.raise_if_cancelled()

    async def event(self, kind: str, message: str, **data: Any) -> None:
        """Record something that happened in this run."""
        log.info("run_event", kind=kind, message=message, **data)
        async with self.runtime.database.write() as conn:
            await queries.insert_event(conn, self.run_id, kind, message, data)

    async def store(self) -> None:
        """Write progress, counts and heartbeat; learn whether somebody asked to cancel."""
        self._stored = time.monotonic()
        async with self.runtime.database.write() as conn:
            if await queries.update_progress(conn, self.run_id, self._progress, self.counts):
                self.cancelled.set()

    @property
    def reached(self) -> dict[str, Any]:
        """Progress and counts so far, as they are stored."""
        return {"progress": self._progress, "counts": dict(self.counts)}

    def raise_if_cancelled(self) -> None:
        """Stop here when somebody asked for it."""
        if self.cancelled.is_set():
            raise Cancelled
