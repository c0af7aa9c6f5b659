"""Watches the checker: where no evaluation ends for too long, every replica notices by itself, and tells.

It looks every 30 seconds, in a task of its own outside of the job engine that it watches. How long the
silence lasts is measured by this process's monotonic clock, from the last evaluation it saw end.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from service.core.problems import database_is_away
from service.core.runtime import Runtime
from service.core.telemetry import get_logger, happened
from service.core.telemetry import told as as_told
from service.monitoring.alerts import queries
from service.monitoring.alerts.asking import limits_of, rule_of
from service.monitoring.alerts.evaluation import settle
from service.monitoring.alerts.sources import EVALUATION
from service.monitoring.alerts.states import EVERY, Reading
from service.monitoring.alerts.telling import CHANNELS, News, tell_waiting
from service.reporting.subscriptions.parcel import Undeliverable

WITHIN: Final = 10.0
"""Seconds a look may take; a database that does not answer has not told of an evaluation."""

log = get_logger(__name__)


class Watchdog:
    """The dead man's switch of one replica; of its workers only the one that `is_leader` tells alone."""

    def __init__(
        self,
        runtime: Runtime,
        clock: Callable[[], float] = time.monotonic,
        is_leader: Callable[[], bool] = lambda: True,
    ) -> None:
        self.runtime = runtime
        self.clock = clock
        self.is_leader = is_leader
        self._seen_at = clock()
        self._seen: UUID | None = None
        self._heard = False
        self._rules: Sequence[Row[Any]] = ()
        self._away_since: datetime | None = None
        self._told: set[tuple[UUID, str, str]] = set()

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            try:
                await self.look()
            except Exception as error:  # whatever it is, the next look comes
                happened("alert.watchdog", "failed")
                log.warning("a look at the checker failed", error=type(error).__name__, detail=as_told(error))

    async def look(self) -> None:
        """Judge the rules on the checker and tell; tell alone where the database cannot be asked."""
        try:
            async with asyncio.timeout(WITHIN):
                await self._look()
        except Exception as error:
            if not isinstance(error, TimeoutError) and not database_is_away(error):
                raise
            await self._alone()
            return
        self._away_since = None
        self._told.clear()
        # Not within the limit above: a receiver that is slow says nothing about the database.
        await tell_waiting(self.runtime)

    async def _look(self) -> None:
        async with self.runtime.database.snapshot() as conn:
            self._rules = await queries.select_checkers(conn)
            last = await queries.select_last_evaluation(conn, EVALUATION)
        if last is not None and last.id != self._seen:
            # The first one found may have ended long ago: only the next one proves that the checker lives.
            self._heard = self._heard or self._seen is not None
            self._seen, self._seen_at = last.id, self.clock()
        reading = self._reading()
        # Who has just started knows of no evaluation yet and must not call off what the others found.
        rows = [row for row in self._rules if self._heard or limits_of(row).beyond(reading.value or 0.0)]
        await settle(self.runtime, rows, {row.id: reading for row in rows})

    def _reading(self) -> Reading:
        seconds = self.clock() - self._seen_at
        return Reading(seconds, f"alerts were evaluated {seconds:.0f} s ago", "s")

    async def _alone(self) -> None:
        """The database is away, and with it the record: tell what is remembered, once while that lasts."""
        reading = self._reading()
        happened("alert.watchdog", "failed")
        if not self.is_leader():
            return
        self._away_since = self._away_since or datetime.now(UTC)
        for row in self._rules:
            if limits_of(row).beyond(reading.value or 0.0):
                for channel in ({"channel": "log", "target": ""}, *row.channels):
                    await self._tell(row, channel["channel"], channel["target"], reading)

    async def _tell(self, row: Row[Any], channel: str, target: str, reading: Reading) -> None:
        """Tell one channel, unless it was told; one that cannot be reached is tried at the next look."""
        if (row.id, channel, target) in self._told:
            return
        assert self._away_since is not None
        news = News(
            rule=rule_of(row),
            secret_hash=row.secret_hash,
            event=None,
            at=self._away_since,
            state="firing",
            value=reading.value,
            detail=f"{reading.detail}; the database does not answer",
            target=target,
            settings=self.runtime.settings,
        )
        try:
            await CHANNELS[channel](news)
        except Exception as error:  # whatever it is, the other channels are told
            log.error("an alert could not be told", channel=channel, error=type(error).__name__)
            if not isinstance(error, Undeliverable) or error.again:
                return
        self._told.add((row.id, channel, target))
