"""The days of one run: asked for two at a time, each put in force by itself (spec D.4)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.exc import DBAPIError

from service.core.batches import together
from service.core.errors import ServiceError, UpstreamError
from service.core.problems import database_is_away
from service.core.tasks import JobContext
from service.core.telemetry import get_logger, happened
from service.crew.days.applying import apply_day
from service.crew.days.observation import Observation
from service.crew.queries.stations import StationRow
from service.crew.sync.outcome import DayOutcome
from service.crew.sync.reading import EXPIRED, observed
from service.crew.upstream.client import GartanClient
from service.crew.upstream.failures import NotSignedIn, code_of
from service.crew.upstream.signing_in import signed_in

log = get_logger("service.crew.sync")


class Stopped(Exception):
    """Nothing more can be asked in this run: `error` is why."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__(error.detail)
        self.error = error


@dataclass(slots=True)
class Following:
    """One run over one station. `stopped`: why it ended before its last day."""

    context: JobContext
    client: GartanClient
    station: StationRow
    days: dict[date, DayOutcome] = field(default_factory=dict)
    stopped: ServiceError | None = None
    _total: int = 0
    _renewed: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _noting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def follow(self, dates: Sequence[date]) -> None:
        """Ask for these days in this order; what comes of each stands in `days`.

        A day that fails costs only itself; without a session, and past the run's deadline, the days that are
        left fail together.
        """
        self._total = len(dates)
        settings = self.client.settings
        try:
            async with asyncio.timeout(settings.run_deadline):
                await together(dates, self._each, at_once=settings.max_in_flight)
        except TimeoutError:
            detail = f"the run had {settings.run_deadline:g} s, and they are over"
            self.stopped = UpstreamError(detail, code="deadline")
        for day in dates:
            if day not in self.days and self.stopped is not None:
                await self._note(DayOutcome(day, "failed", code_of(self.stopped)))

    async def _each(self, day: date) -> None:
        """Another day's stop leaves this one alone, if it has begun: it may be in force already."""
        if self.stopped is not None:
            return
        try:
            outcome = await self._outcome(day)
        except Stopped as stop:
            self.stopped = self.stopped or stop.error
            return
        await self._note(outcome)
        await self.context.progress(len(self.days), self._total, "days", day.isoformat())

    async def _outcome(self, day: date) -> DayOutcome:
        try:
            return await self._applied(await self._look(day))
        except UpstreamError as error:
            return DayOutcome(day, "failed", code_of(error))
        except DBAPIError as error:
            if database_is_away(error):
                raise
            # The values of a statement are people's names: only its class is told.
            log.error("crew_day_refused", station=self.station.code, error=type(error.orig).__name__)
            return DayOutcome(day, "failed", "database")

    async def _look(self, day: date) -> Observation:
        """What is seen of a day; once in a run with a session made anew."""
        made = await self._session()
        seen = await self._seen(day)
        if seen.code != EXPIRED:
            return seen
        await self._applied(seen)
        await self._renew(made)
        again = await self._seen(day)
        if again.code == EXPIRED:
            await self._applied(again)
            raise Stopped(NotSignedIn("a session made anew has expired at once", code=EXPIRED))
        return again

    async def _seen(self, day: date) -> Observation:
        page = await self.client.day(day, self.client.settings.resolution)
        return await observed(self.context.runtime, self.station, day, page, self.context.run_id)

    async def _applied(self, seen: Observation) -> DayOutcome:
        outcome = await apply_day(self.context.runtime, seen)
        findings = tuple(one.code for one in outcome.findings)
        return DayOutcome(seen.day, outcome.came, seen.code, findings, outcome.segments, outcome.changes)

    async def _session(self) -> int:
        return await self._stopping(
            lambda: signed_in(self.context.runtime.database, self.client, self.station)
        )

    async def _renew(self, made: int) -> None:
        """One login more in a run (spec D.4); who finds that another day has done it takes that session."""
        async with self._turn:
            if self.client.session.made != made:
                return
            if self._renewed:
                raise Stopped(NotSignedIn("the session has expired a second time in this run", code=EXPIRED))
            self._renewed = True
            database = self.context.runtime.database
            await self._stopping(lambda: signed_in(database, self.client, self.station, again=made))

    async def _stopping(self, sign_in: Callable[[], Awaitable[int]]) -> int:
        try:
            return await sign_in()
        except ServiceError as error:
            raise Stopped(error) from error

    async def _note(self, outcome: DayOutcome) -> None:
        self.days[outcome.day] = outcome
        counts = self.context.counts
        counts[f"days_{outcome.state}"] += 1
        counts["segments_written"] += outcome.segments
        counts["changes"] += outcome.changes
        happened("crew.day", outcome.state)
        for code in outcome.findings:
            happened("crew.warning", code)
        if outcome.state == "unchanged":
            return
        async with self._noting:  # events of a run are numbered: two at once would want the same number
            await self.context.event("day", f"{outcome.day} {outcome.state}", **outcome.as_json())
