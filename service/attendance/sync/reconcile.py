"""Window by window, what is here against what is there: names, links and values, then deletions (spec E.7).

Finds what `modified` does not show: bulk updates by SQL, deletions without a log, rows lost on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from service.attendance.queries import punches, watermarks
from service.attendance.queries.scopes import COMPLETENESS
from service.attendance.queries.watermarks import Window
from service.attendance.sync.burial import bury
from service.attendance.sync.first_load import is_due
from service.attendance.sync.large import LargePlan, store
from service.attendance.sync.listing import read_all
from service.attendance.sync.session import Session
from service.attendance.upstream.client import Filter
from service.attendance.upstream.pages import by_name
from service.core.batches import pieces
from service.core.errors import UpstreamGarbled, UpstreamSilent
from service.core.versions import raise_versions

WEEK = timedelta(days=7)
# Weeks left as gaps that one run compares again: it must not keep the next poll waiting.
MOST_GAPS = 8


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday, 00:00 of the site's clock, to the next; fixed weeks, so that each has one row for ever."""

    start: datetime
    end: datetime

    @property
    def key(self) -> tuple[str, str]:
        """The window's bounds as text."""
        return self.start.date().isoformat(), self.end.date().isoformat()


def weeks(first: date, last: date) -> Iterator[Week]:
    """The calendar weeks that hold the dates from `first` to `last`."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield Week(datetime.combine(monday, time()), datetime.combine(monday + WEEK, time()))
        monday += WEEK


async def reconcile(session: Session, plan: LargePlan, first: date, last: date) -> None:
    """Compare and repair every week; a week that cannot be completed is a gap until one day it can."""
    for week in weeks(first, last):
        try:
            reason = await _week(session, plan, week)
        except (UpstreamSilent, UpstreamGarbled) as failure:
            if failure.code == "upstream_breaker_open":
                raise
            reason = failure.detail
        await _settle(session, plan, week, reason)


async def reconcile_gaps(session: Session, plan: LargePlan) -> None:
    """Compare again the weeks that were left as gaps before this run, as many as a poll may take.

    The first time at once, then ever more seldom, like ranges of names.
    """
    async with session.database.read() as conn:
        found = await watermarks.select_windows(
            conn, session.source_id, doctype=plan.doctype.name, states=("gap",)
        )
    weeks_left = [window for window in found if window.kind == "time" and _is_due(window, session.started)]
    for window in sorted(weeks_left, key=lambda window: window.updated_at)[:MOST_GAPS]:
        monday = date.fromisoformat(window.lower)
        await reconcile(session, plan, monday, monday)


def _is_due(window: Window, now: datetime) -> bool:
    first = window.attempts <= 1 and window.updated_at < now
    return first or is_due(window, now)


async def _week(session: Session, plan: LargePlan, week: Week) -> str | None:
    filters = _within(plan, week)
    async with session.database.read() as conn:
        known = await punches.live_in_window(conn, plan.table, session.source_id, week.start, week.end)
    listing = await read_all(session, plan.doctype, partial(store, session, plan), filters=filters)
    if listing.shortfall is not None:
        return listing.shortfall
    there = await bury(session, plan, known - listing.seen)
    await _bring_home(session, plan, there)
    return None


async def _bring_home(session: Session, plan: LargePlan, names: list[str]) -> None:
    """Rows that exist though not in this week any more: moved by SQL, read again wherever they are now."""
    for some in pieces(names, 50):
        moved: list[Filter] = [["name", "in", some]]
        async for page in by_name(session.client, plan.doctype, filters=moved):
            await store(session, plan, page)


async def _settle(session: Session, plan: LargePlan, week: Week, reason: str | None) -> None:
    lower, upper = week.key
    async with session.database.write() as conn:
        before = await watermarks.find_window(
            conn, session.source_id, plan.doctype.name, "time", lower, upper
        )
        await watermarks.put_window(
            conn,
            session.source_id,
            plan.doctype.name,
            "time",
            lower,
            upper,
            from_time=week.start,
            to_time=week.end,
            state="gap" if reason else "done",
            reason=reason,
            attempts=before.attempts + 1 if reason and before else int(bool(reason)),
        )
        if reason or (before is not None and before.state == "gap"):
            await raise_versions(conn, [COMPLETENESS])
    if reason:
        session.gaps += 1
        await session.report.event("gap", reason, doctype=plan.doctype.name, week=lower)


def _within(plan: LargePlan, week: Week) -> list[Filter]:
    # Never `between` on date-times: its meaning changed between releases (spec E.2).
    return [
        [plan.time_field, ">=", week.start.strftime("%Y-%m-%d %H:%M:%S")],
        [plan.time_field, "<", week.end.strftime("%Y-%m-%d %H:%M:%S")],
    ]
