"""Writes the figures of each sample into the history: one small statement, off the request path."""

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Final

import orjson

from service.core.database import Database
from service.core.settings import MonitoringSettings
from service.monitoring.history import queries
from service.monitoring.history.spans import RINGS, Span, Spans, restored, span_between
from service.monitoring.samples import Sample

WITHIN: Final = 5.0
"""Seconds a write may take; what was not written goes with the next."""


def instance_name(settings: MonitoringSettings) -> str:
    """The name under which this installation's history is kept."""
    return settings.instance or socket.gethostname()


class HistoryWriter:
    """A listener of the monitor. Of several workers only the one that `should_write` does.

    Spans are numbered by the database's clock, which all replicas share; how long a sample's time was is
    measured by the monotonic clock. So a wall clock that jumps here moves nothing, and one that jumps at the
    database leaves a hole, or tells some spans anew.
    """

    def __init__(
        self, database: Database, instance: str, should_write: Callable[[], bool] = lambda: True
    ) -> None:
        self.database = database
        self.instance = instance
        self.should_write = should_write
        self._spans = Spans()
        self._last: Sample | None = None
        self._ahead: float | None = None  # of the database's clock before our monotonic one, once known

    async def note(self, sample: Sample, figures: dict[str, float | None]) -> None:
        """Keep the figures of the time since the sample before. Raises what a database away raises."""
        before, self._last = self._last, sample
        told = None if before is None else span_between(before, sample, figures)
        if not self.should_write():
            self._spans.forget()
            self._ahead = None
        elif told is not None:
            async with asyncio.timeout(WITHIN):
                await self._write(sample.clock, told)

    async def _write(self, clock: float, told: Span) -> None:
        if self._ahead is None:
            self._ahead = await self._resume()
        self._spans.add(clock + self._ahead, told)
        async with self.database.write() as conn:
            now = await queries.write_spans(conn, self.instance, self._spans.unsaved())
        self._spans.saved()
        self._ahead = now - time.monotonic()

    async def _resume(self) -> float:
        """Go on with the spans that another process began; the database's lead over our clock.

        With the ones before as well: the first sample may tell of seconds that belong to them.
        """
        async with self.database.snapshot() as conn:
            now = await queries.select_clock(conn)
            ahead = now - time.monotonic()
            for ring in RINGS:
                start = (now // ring.seconds - 1) * ring.seconds
                for row in await queries.select_spans(conn, ring.seconds, start, now, self.instance):
                    self._spans.resume(ring.seconds, row.number, restored(orjson.loads(row.figures)))
        return ahead
