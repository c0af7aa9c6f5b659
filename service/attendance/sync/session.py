"""What one run of the sync holds on to: the site, its source row, what links mean, what it has counted."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from service.attendance.queries import mirror, watermarks
from service.attendance.queries.scopes import COMPLETENESS, MASTERS
from service.attendance.queries.watermarks import Cursor
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.translate import Ids, Names
from service.attendance.upstream.values import back_by, is_wall_clock
from service.core.database import Database, WriteConnection
from service.core.versions import raise_versions

# A cursor this far behind a change of the clock has left the repeated hour.
SET_BACK = timedelta(hours=3)


class Reporter(Protocol):
    """How a run says what it does; a `JobContext` is one."""

    counts: Counter[str]

    async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
        """How far it is; raises when somebody asked it to stop."""

    async def event(self, kind: str, message: str, **data: Any) -> None:
        """Something happened that a person may want to read."""


@dataclass(slots=True)
class Session:
    """One run over one source."""

    database: Database
    client: FrappeClient
    report: Reporter
    source_id: int
    zone: ZoneInfo
    started: datetime
    names: Names
    cursors: dict[str, Cursor] = field(default_factory=dict)
    site_of: dict[int, str] = field(default_factory=dict)
    unreadable: set[tuple[str, str]] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    rows_done: int = 0
    rows_total: int = 0
    gaps: int = 0

    @property
    def today(self) -> date:
        """The site's date when the run began."""
        return self.started.astimezone(self.zone).date()

    @property
    def overlap(self) -> float:
        """Seconds an incremental sync looks back (spec E.7)."""
        return self.client.settings.overlap_seconds

    def since(self, modified: str | None) -> str | None:
        """Where to look for changes from: the overlap before `modified`, and one repeated hour more.

        When the site's clock was set back meanwhile, new changes bear stamps earlier than the cursor's.
        """
        if modified is None or not is_wall_clock(modified):
            return None
        earlier = datetime.fromisoformat(modified) - SET_BACK
        before = earlier.replace(tzinfo=self.zone).utcoffset() or timedelta(0)
        now = self.started.astimezone(self.zone).utcoffset() or timedelta(0)
        return back_by(modified, self.overlap + max(0.0, (before - now).total_seconds()))

    @property
    def watermark(self) -> datetime:
        """The instant before which all is known once this run is complete: its start less the overlap.

        A row's `modified` is stamped before its transaction commits, by a clock that may differ from ours.
        """
        skew = timedelta(seconds=min(0.0, self.client.outbound.statistics.clock_ahead or 0.0))
        return self.started + skew - timedelta(seconds=self.overlap)

    def cursor(self, doctype: str) -> Cursor:
        """Where a document type stood when the run began."""
        return self.cursors.get(doctype) or Cursor(doctype)

    async def refresh(self) -> None:
        """Read again what links mean and where the cursors stand."""
        async with self.database.snapshot() as conn:
            ids = await mirror.ids_by_name(conn, self.source_id)
            self.site_of = await mirror.sites_of_people(conn, self.source_id)
            self.cursors = await watermarks.select_cursors(conn, self.source_id)
            gaps = await watermarks.select_windows(conn, self.source_id, states=("gap",))
        self.names = Names(self.zone, **{kind: Ids(found) for kind, found in ids.items()})
        self.unreadable = {(gap.doctype, gap.lower) for gap in gaps if gap.lower and gap.lower == gap.upper}

    async def read(self, conn: WriteConnection, doctype: str, **values: Any) -> None:
        """All rows of a document type are here; what is deleted shows in the log, so `vouch` comes after."""
        self.known.add(doctype)
        await watermarks.put_cursor(
            conn, self.source_id, doctype, phase="live", checked_at=datetime.now(UTC), **values
        )

    async def vouch(self, conn: WriteConnection, logged: Collection[str], log: str) -> None:
        """Move the watermarks of the document types read in this run; they never go back.

        Deletions of the `logged` types show in `log` alone: they are complete as far as it is, unless a site
        has no log for us. Then deletions are found by comparing names (spec E.7).
        """
        cursor = self.cursor(log)
        free = log in self.known or cursor.phase == "absent"
        limit = self.watermark if free else cursor.complete_through
        for doctype in sorted(self.known):
            before = self.cursor(doctype).complete_through
            reached = limit if doctype in logged else self.watermark
            through = max((moment for moment in (before, reached) if moment is not None), default=None)
            if through != before:
                await watermarks.put_cursor(conn, self.source_id, doctype, complete_through=through)
            if before is None and through is not None:
                await raise_versions(conn, [COMPLETENESS])

    async def record_gap(
        self, doctype: str, reason: str, *, lower: str = "", upper: str = "", **values: Any
    ) -> None:
        """Record a hole in a document type (no names: all of it), so that reports know, and say so."""
        self.gaps += 1
        async with self.database.write() as conn:
            await watermarks.put_window(
                conn, self.source_id, doctype, "names", lower, upper, state="gap", reason=reason, **values
            )
            await raise_versions(conn, [COMPLETENESS])
        await self.report.event("gap", reason, doctype=doctype)

    async def advance(self, rows: int, message: str) -> None:
        """Report that so many rows are done."""
        self.rows_done += rows
        self.rows_total = max(self.rows_total, self.rows_done)
        await self.report.progress(self.rows_done, self.rows_total or None, "rows", message)

    async def keep_unreadable(
        self, conn: WriteConnection, doctype: str, bad: Iterable[tuple[str, str]], read: Iterable[str]
    ) -> None:
        """Record the documents that cannot be read as gaps, and close those that can be by now."""
        new = [(name, reason) for name, reason in bad if (doctype, name) not in self.unreadable]
        for name, reason in new:
            await watermarks.put_window(
                conn, self.source_id, doctype, "names", name, name, state="gap", reason=reason, got_count=0
            )
        self.unreadable |= {(doctype, name) for name, _ in new}
        self.gaps += len(new)
        closed = [name for name in read if (doctype, name) in self.unreadable]
        if closed:
            await watermarks.close_row_gaps(conn, self.source_id, doctype, closed)
        if new or closed:
            await raise_versions(conn, [COMPLETENESS])


async def open_session(database: Database, client: FrappeClient, report: Reporter) -> Session:
    """Find (or make) the source of this site and read where its mirror stands.

    A source whose zone was configured otherwise before is read again from the beginning: every instant stored
    with the old zone is wrong.
    """
    async with database.write() as conn:
        source_id, zone = await mirror.find_source(
            conn, kind="frappe", base_url=client.url, time_zone=client.time_zone
        )
        if zone != client.time_zone:
            await mirror.set_source_zone(conn, source_id, client.time_zone)
            await watermarks.restart_cursors(conn, source_id)
            await raise_versions(conn, [MASTERS, COMPLETENESS])
    info = ZoneInfo(client.time_zone)
    session = Session(database, client, report, source_id, info, datetime.now(UTC), Names(info))
    await session.refresh()
    return session
