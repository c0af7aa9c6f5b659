"""The first load of a large document type: several streams over disjoint ranges of names.

`time` has no index upstream, `name` has (details 16). Each page is stored with its checkpoint; killed
anywhere, the load goes on there. Where the incremental sync takes over is noted before the first page.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from service.attendance.queries import marks, mirror, punches, watermarks
from service.attendance.queries.scopes import COMPLETENESS, month_scopes
from service.attendance.queries.watermarks import Window
from service.attendance.rules.dates import beside
from service.attendance.sync.large import LargePlan, load, store
from service.attendance.sync.listing import shortfall
from service.attendance.sync.session import Session
from service.attendance.upstream.client import Filter
from service.attendance.upstream.documents import Document
from service.attendance.upstream.pages import ahead, by_name, gathered, name_at, newest, split_points
from service.attendance.upstream.values import is_wall_clock
from service.core.batches import together
from service.core.database import WriteConnection
from service.core.errors import UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.core.retries import RetryPolicy
from service.core.versions import raise_versions

# Ranges of about this many pages: enough of them that the streams end together, few enough to find cheaply.
PAGES_PER_RANGE = 20
MOST_RANGES = 32
# Stored with one checkpoint in a first load; killed, it reads no more than these again.
PAGES_PER_COMMIT = 4
# Holes in a row after which the range is given up for this run: then it is not the pages that are bad.
MOST_HOLES = 3
# Of gaps, ever more seldom; not drawn, since whoever syncs asks whether one is due.
GAP_AGAIN = RetryPolicy(base=30, cap=3600, jitter=0)
PASSING = (UpstreamSilent, UpstreamGarbled)
# Failures that speak of the site as a whole.
DOWN = frozenset(
    {"upstream_breaker_open", "upstream_unreachable", "upstream_dns", "upstream_connect_timeout"}
)


async def first_load(session: Session, plan: LargePlan, *, again: bool = False) -> None:
    """Read everything, or go on where the last run stopped; `again`: read a loaded mirror once more.

    Raises what the client raises when the site is down or refuses us; a page that fails for ever is a gap.
    """
    phase = session.cursor(plan.doctype.name).phase
    if phase == "new" or again:
        await _prepare(session, plan, phase="live" if again and phase == "live" else "loading")
    await read_windows(session, plan, ("open",))
    if session.cursor(plan.doctype.name).phase != "live":
        await _go_live(session, plan)


async def read_windows(
    session: Session, plan: LargePlan, states: tuple[str, ...], *, now: bool = False
) -> None:
    """Read the windows in these states, several at once; gaps when they are due, or `now`."""
    async with session.database.read() as conn:
        found = await watermarks.select_windows(
            conn, session.source_id, doctype=plan.doctype.name, states=states
        )
    waiting = deque(
        window
        for window in found
        if window.kind == "names" and not _single(window) and (now or is_due(window, session.started))
    )
    reading = _Reading(session, plan, waiting)
    at_once = session.client.settings.max_in_flight
    streams = range(min(at_once, len(waiting)))
    await together(streams, reading.stream, at_once=at_once, first=UpstreamRefused)


def is_due(window: Window, now: datetime) -> bool:
    """A gap is tried again ever more seldom: after 30 s, 1 min, 2 min, … at most an hour."""
    pause = timedelta(seconds=GAP_AGAIN.pause(window.attempts + 1))
    return window.state == "open" or now - window.updated_at >= pause


def _single(window: Window) -> bool:
    """One document that cannot be read: it is asked for again when it changes."""
    return window.lower == window.upper != ""


async def _prepare(session: Session, plan: LargePlan, *, phase: str) -> None:
    """Note where the incremental sync takes over, and cut the names into ranges."""
    anchor = await newest(session.client, plan.doctype)
    total = await session.client.count(plan.doctype)
    ranges = min(MOST_RANGES, total // (PAGES_PER_RANGE * session.client.settings.max_page) + 1)
    points = await split_points(session.client, plan.doctype, ranges)
    async with session.database.write() as conn:
        # Where the mirror is in use, what is known to be missing stays known until it was read.
        holes = await watermarks.forget_windows(
            conn, session.source_id, plan.doctype.name, "names", but_gaps=phase == "live"
        )
        for bounds in zip(["", *points], [*points, ""], strict=True):
            if bounds not in holes:
                await watermarks.put_window(
                    conn, session.source_id, plan.doctype.name, "names", *bounds, state="open"
                )
        await watermarks.put_cursor(
            conn,
            session.source_id,
            plan.doctype.name,
            phase=phase,
            modified=anchor.modified if anchor else None,
            name=anchor.name if anchor else None,
        )
    await session.refresh()


async def _go_live(session: Session, plan: LargePlan) -> None:
    """The last transaction of a first load: punched days are marked and every version raised."""
    name = plan.doctype.name
    async with session.database.write(timeout=600) as conn:
        if plan.punches:
            await mirror.adopt_punches(conn, session.source_id)
            await marks.mark_punched(conn, session.source_id)
        await watermarks.put_cursor(conn, session.source_id, name, phase="live")
        scopes = month_scopes(_beside_months(await punches.touched_scopes(conn, plan.table)))
        await raise_versions(conn, scopes | {COMPLETENESS})
    await session.refresh()


def _beside_months(months: Iterable[tuple[date, str | None]]) -> Iterator[tuple[date, str | None]]:
    """The months (by their first day) with those before and after: a punch marks its day's neighbours."""
    for first, site in months:
        yield from ((beside(first, step), site) for step in (-1, 0, 31))


@dataclass(slots=True)
class _Reading:
    """What the streams of one doctype share: the windows to come, and holes since the last good page."""

    session: Session
    plan: LargePlan
    waiting: deque[Window]
    holes: int = 0

    async def stream(self, _: int) -> None:
        """Read one window after the other until none is left."""
        while self.waiting:
            await _Stream(self, self.waiting.popleft()).read()


class _Stream:
    """Reads one window to its end, steps over pages that fail for ever, proves that nothing is missing."""

    def __init__(self, reading: _Reading, window: Window) -> None:
        self.reading, self.session, self.plan, self.window = reading, reading.session, reading.plan, window
        cursor = self.session.cursor(self.plan.doctype.name)
        self.live = cursor.phase == "live"
        self.anchor = cursor.modified
        # A COPY that collides is paid twice: it is tried only where nothing was stored before.
        self.fresh = window.attempts == 0 and not self.live
        # Read to its end and found too short: nobody knows where the hole is.
        short = window.state == "gap" and window.expected_count is not None
        self.place = None if short else window.checkpoint
        self.got = 0 if short else window.got_count

    async def read(self) -> None:
        """Read, compare with the site's count, repeat once, then leave a gap (spec E.4 rule 4)."""
        for _ in (1, 2):
            try:
                await self._pages()
            except PASSING as failure:
                await self._step_over(failure)
                return
            expected = await self.session.client.count(self.plan.doctype, self._counted())
            got = self.got
            if got >= expected:
                await self._finish("done", expected, None)
                return
            self.place, self.got, self.fresh = None, 0, False
            self.session.report.counts["short_listings"] += 1
        await self._finish("gap", expected, shortfall(self.plan.doctype.name, expected, got))

    async def _pages(self) -> None:
        if self.place and self.place == self.window.upper:
            return
        after = self.place or self.window.lower or None
        until = self.window.upper or None
        pages = by_name(self.session.client, self.plan.doctype, after=after, until=until)
        async for page in ahead(pages if self.live else gathered(pages, PAGES_PER_COMMIT)):
            if page:
                self.place = page[-1].name
                self.got += sum(self._is_counted(row) for row in page)
                self.reading.holes = 0
            if self.live:
                await store(self.session, self.plan, page, self._checkpoint)
            else:
                self.fresh = await load(self.session, self.plan, page, self._checkpoint, fresh=self.fresh)

    async def _checkpoint(self, conn: WriteConnection) -> None:
        await watermarks.update_window(conn, self.window.id, checkpoint=self.place, got_count=self.got)

    async def _step_over(self, failure: UpstreamSilent | UpstreamGarbled) -> None:
        """Leave a gap of one page and go on behind it.

        Raises when even a name behind it cannot be had, or after several holes in a row: then it is the site.
        """
        if self.reading.holes >= MOST_HOLES or failure.code in DOWN:
            raise failure
        self.reading.holes += 1
        start, upper = self.place or self.window.lower, self.window.upper
        end = await self._behind(start, upper, self.session.client.size.size)
        reason = f"{self.plan.doctype.name}: {failure.detail}"
        async with self.session.database.write() as conn:
            await self._carve(conn, start, end or upper, reason)
            await raise_versions(conn, [COMPLETENESS])
        self.session.gaps += 1
        await self.session.report.event("gap", reason, after=start, until=end or upper)

    async def _behind(self, start: str, upper: str, rows: int) -> str | None:
        """The last name of the page that failed; None when the window ends before."""
        client, doctype = self.session.client, self.plan.doctype
        try:
            return await name_at(client, doctype, rows - 1, after=start or None, until=upper or None)
        except PASSING:
            if not start:
                raise
            # Asked in other words: what fails may be the question and not the site.
            read = await client.count(doctype, [["name", "<=", start]])
            return await name_at(client, doctype, read + rows - 1, until=upper or None)

    async def _carve(self, conn: WriteConnection, start: str, end: str, reason: str) -> None:
        """The window ends before the hole, the hole is a gap of its own, what lies behind is a new window."""
        await watermarks.remove_window(conn, self.window.id)
        attempts = self.window.attempts + 1
        if start != self.window.lower:
            await self._go_on(conn, self.window.lower, start, checkpoint=start, got_count=self.got)
        await self._put(conn, start, end, state="gap", reason=reason, attempts=attempts)
        if end != self.window.upper:
            await self._go_on(conn, end, self.window.upper)

    async def _go_on(self, conn: WriteConnection, lower: str, upper: str, **values: Any) -> None:
        """A part still to be read in this run; what was a gap stays one until its count is proved."""
        kept = {"state": self.window.state, "reason": self.window.reason, "attempts": self.window.attempts}
        window_id = await self._put(conn, lower, upper, **kept, **values)
        self.reading.waiting.append(await watermarks.select_window(conn, window_id))

    async def _put(self, conn: WriteConnection, lower: str, upper: str, **values: Any) -> int:
        return await watermarks.put_window(
            conn, self.session.source_id, self.plan.doctype.name, "names", lower, upper, **values
        )

    async def _finish(self, state: str, expected: int, reason: str | None) -> None:
        was_gap, is_gap = self.window.state == "gap", state == "gap"
        async with self.session.database.write() as conn:
            await watermarks.update_window(
                conn,
                self.window.id,
                state=state,
                reason=reason,
                expected_count=expected,
                attempts=self.window.attempts + is_gap,
            )
            if was_gap or is_gap:
                await raise_versions(conn, [COMPLETENESS])
        if is_gap:
            self.session.gaps += 1
            await self.session.report.event("gap", reason or "", doctype=self.plan.doctype.name)

    def _is_counted(self, row: Document) -> bool:
        # A stamp that cannot be read says nothing; that row is a gap of its own.
        return self.anchor is None or row.modified <= self.anchor or not is_wall_clock(row.modified)

    def _counted(self) -> list[Filter]:
        """What the site should have given: this range, less what changed since the load began."""
        filters: list[Filter] = []
        if self.window.lower:
            filters.append(["name", ">", self.window.lower])
        if self.window.upper:
            filters.append(["name", "<=", self.window.upper])
        if self.anchor is not None:
            filters.append(["modified", "<=", self.anchor])
        return filters
