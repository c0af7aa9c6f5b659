"""From dirty days to results, set-wise: only days that may have changed, and only rows that did.

A batch is some people and a stretch of one month. It takes the marks, reads the inputs, evaluates every
active rule set in a thread and stores what differs, all in one transaction: killed anywhere, nothing is lost.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row

from service.attendance.queries.completeness import select_watermark, select_zone
from service.attendance.queries.dirty import (
    drop_marks_outside,
    has_marks_before,
    mark_dirty,
    select_covered_from,
    select_due,
    select_first_day,
    select_people,
    select_rule_sets,
    select_sites,
    select_uncovered,
    take_dirty,
    wait_for_turn,
)
from service.attendance.queries.inputs import Loaded, load_inputs
from service.attendance.queries.results import Stored, store_days
from service.attendance.rules.evaluate import evaluate
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.zones import site_clock
from service.core.batches import pieces
from service.core.compute import Compute
from service.core.database import Database, WriteConnection
from service.core.versions import Versions

# 500 people x 31 days x 4 punches: 60,000 punches and 30,000 rows, about 60 MB at the peak.
BATCH_PEOPLE = 500
BATCH_SECONDS = 300.0

Progress = Callable[[int, int | None, str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some people and a stretch of days within one month."""

    people: tuple[int, ...]
    start: date
    end: date

    @property
    def person_days(self) -> int:
        """How many results this is, one shift a day."""
        return len(self.people) * ((self.end - self.start).days + 1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Until when we know: the site's wall clock now, and how far its check-ins are complete."""

    zone: str
    now: datetime
    watermark: datetime | None

    @property
    def today(self) -> date:
        """The site's date."""
        return self.now.date()


class Recompute:
    """Recomputes over one database; `compute` keeps the event loop free while NumPy works."""

    def __init__(self, database: Database, versions: Versions | None, compute: Compute) -> None:
        self.database = database
        self.versions = versions
        self.compute = compute
        self.counts: Counter[str] = Counter()

    async def run(
        self,
        *,
        now: datetime | None = None,
        progress: Progress | None = None,
        extent: tuple[date, date] | None = None,
        people: Sequence[int] | None = None,
    ) -> Counter[str]:
        """Recompute everything that is due, after marking `extent` (of `people` or all) as dirty.

        Returns counts: person_days looked at, days_written, days_removed, days_unchanged.
        """
        moment, rule_sets = await self._prepare(now or datetime.now(UTC), extent, people)
        if moment is None:
            return self.counts
        batches = await self._due(moment, rule_sets)
        total, done = sum(batch.person_days for batch in batches), 0
        for batch in batches:
            await self._carry_out(batch, moment, rule_sets)
            done += batch.person_days
            if progress is not None:
                await progress(done, total, "person-days", f"days of {batch.start:%Y-%m}")
        return self.counts

    async def _prepare(
        self, now: datetime, extent: tuple[date, date] | None, people: Sequence[int] | None
    ) -> tuple[Moment | None, dict[int, RuleSet]]:
        async with self.database.write() as conn:
            if extent is not None:
                await mark_dirty(conn, *extent, people, "checkin: asked for")
            rule_sets = await select_rule_sets(conn)
            zone = await select_zone(conn)
            if zone is None:
                return None, rule_sets
            watermark = await select_watermark(conn)
        return Moment(zone, site_clock(now, zone), watermark and site_clock(watermark, zone)), rule_sets

    async def _due(self, moment: Moment, rule_sets: dict[int, RuleSet]) -> list[Batch]:
        """What has to be recomputed, oldest month first."""
        async with self.database.write() as conn:
            horizon, spans = await self._horizon(conn, rule_sets)
            if horizon is None:
                return []
            await drop_marks_outside(conn, horizon, moment.today)
            spans += await select_due(conn, moment.watermark, moment.today, horizon)
            for key in rule_sets:
                uncovered = await select_uncovered(conn, key, horizon, moment.today)
                spans += [(person, start, moment.today) for person, start in uncovered]
        return batched(spans)

    async def _horizon(
        self, conn: WriteConnection, rule_sets: dict[int, RuleSet]
    ) -> tuple[date | None, list[tuple[int, date, date]]]:
        """The first date kept; where older work came to light, everybody's days before the old one too."""
        covered = [await select_covered_from(conn, key) for key in rule_sets]
        known = [day for day in covered if day is not None]
        if len(known) == len(covered) and not await has_marks_before(conn, min(known)):
            return min(known), []
        first = await select_first_day(conn)
        if first is None or not known or first >= min(known):
            return first if not known else min(known), []
        before = min(known) - timedelta(days=1)
        return first, [(person, first, before) for person in await select_people(conn)]

    async def _carry_out(self, batch: Batch, moment: Moment, rule_sets: dict[int, RuleSet]) -> None:
        async with self.database.write(timeout=BATCH_SECONDS) as conn:
            await wait_for_turn(conn)
            marks = await take_dirty(conn, batch.people, batch.start, batch.end)
            self.counts["marks"] += len(marks)
            loaded = await load_inputs(conn, batch.people, batch.start, batch.end)
            stored = []
            for key, rule_set in rule_sets.items():
                days = await self.compute.in_thread(_evaluated, loaded, rule_set, batch, moment)
                ids, people = loaded.holiday_ids, batch.people
                stored.append(await store_days(conn, key, days, ids, people, batch.start, batch.end))
            await self._announce(conn, stored, marks)
        self.counts["person_days"] += batch.person_days
        for outcome in stored:
            self.counts["days_written"] += outcome.written
            self.counts["days_removed"] += outcome.removed
            self.counts["days_unchanged"] += outcome.unchanged

    async def _announce(
        self, conn: WriteConnection, stored: Sequence[Stored], marks: Sequence[Row[Any]]
    ) -> None:
        """Raise the versions of months and sites whose days changed, or wait no more; the last statement."""
        people = {mark.person_id for mark in marks}
        months = {f"{mark.work_date:%Y-%m}" for mark in marks}
        for outcome in stored:
            people.update(np.unique(outcome.people).tolist())
            months.update(str(month) for month in np.unique(outcome.dates.astype("datetime64[M]")))
        if not people or self.versions is None:
            return
        sites = set((await select_sites(conn, sorted(people))).values())
        await self.versions.raise_in(conn, month_scopes(months, sites))


def _evaluated(loaded: Loaded, rule_set: RuleSet, batch: Batch, moment: Moment) -> Days:
    watermark = None if moment.watermark is None else np.datetime64(moment.watermark, "s")
    return evaluate(
        loaded.inputs,
        rule_set,
        batch.start,
        batch.end,
        zone=moment.zone,
        now=np.datetime64(moment.now, "s"),
        watermark=watermark,
    )


def month_scopes(months: Iterable[str], sites: Iterable[str]) -> list[str]:
    """The data versions that days of these months and sites stand on."""
    names = sorted(set(sites))
    return [
        scope
        for month in sorted(set(months))
        for scope in (f"attendance/{month}", *(f"attendance/{month}/{name}" for name in names))
    ]


def batched(spans: Iterable[tuple[int, date, date]]) -> list[Batch]:
    """Spans cut at months, people of a month together, at most `BATCH_PEOPLE` at once."""
    months: dict[date, dict[int, tuple[date, date]]] = defaultdict(dict)
    for person, start, end in spans:
        for first, last in _by_month(start, end):
            month = months[first.replace(day=1)]
            low, high = month.get(person, (first, last))
            month[person] = (min(low, first), max(high, last))
    batches = []
    for _, spans_of in sorted(months.items()):
        # People whose days start together share a batch, so that little is looked at in vain.
        people = sorted(spans_of, key=lambda person: (spans_of[person], person))
        for chosen in pieces(people, BATCH_PEOPLE):
            start = min(spans_of[person][0] for person in chosen)
            end = max(spans_of[person][1] for person in chosen)
            batches.append(Batch(tuple(sorted(chosen)), start, end))
    return batches


def _by_month(start: date, end: date) -> Iterable[tuple[date, date]]:
    while start <= end:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield start, min(end, following - timedelta(days=1))
        start = following
