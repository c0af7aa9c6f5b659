"""One run of the sync: masters, check-ins, verdicts, deletions, gaps; then what is dirty is recomputed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import asyncpg

from service.attendance.queries import watermarks
from service.attendance.queries.scopes import COMPLETENESS
from service.attendance.sync.deletions import follow_deletions
from service.attendance.sync.first_load import DOWN, PASSING, first_load, read_windows
from service.attendance.sync.large import CHECKIN, EVERY, LARGE, LargePlan, store
from service.attendance.sync.listing import read_changes
from service.attendance.sync.plans import PERSON, STAGES, Plan
from service.attendance.sync.reconcile import reconcile, reconcile_gaps
from service.attendance.sync.session import Reporter, Session, open_session
from service.attendance.sync.small import sync_small
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.documents import DELETED, Doctype
from service.attendance.upstream.sites import check_time_zone
from service.core.batches import together
from service.core.database import Database
from service.core.errors import Conflict, Invalid, UpstreamRefused, unknown_value
from service.core.tasks import JobContext
from service.core.telemetry import get_logger
from service.core.versions import raise_versions, read_versions
from service.schemas.attendance.jobs import SyncParams

log = get_logger("service.attendance.sync")

Recompute = Callable[[Database, Reporter], Awaitable[Any]]
# A watermark that only moved on is told to readers this often; one that opens or closes a gap at once.
TELL_SECONDS = 60
# A document type that this release does not have is asked for again after this long: sites are upgraded.
ASK_AGAIN = timedelta(hours=1)
# A deletion of these shows in the log of deletions alone; the others are read whole every time.
LOGGED = frozenset(plan.doctype.name for plan in EVERY if isinstance(plan, LargePlan) or not plan.listed)
# Without these two there is nothing to report on: a refusal ends the run. Others leave a gap.
VITAL = frozenset({PERSON.doctype.name, CHECKIN.doctype.name})


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a run did; `partial`: something is missing that a later run must bring, recorded as a gap."""

    counts: dict[str, int]
    gaps: int
    requests: int
    retries: int

    @property
    def partial(self) -> bool:
        """Whether gaps are left."""
        return self.gaps > 0


async def run(
    context: JobContext, *, client: FrappeClient | None = None, recompute: Recompute | None = None
) -> dict[str, Any]:
    """The job `attendance.sync`: sync with the site of the settings, then recompute.

    Raises `Invalid` when no upstream is configured, `Conflict` when another process syncs this source, and
    the upstream's errors when it is down or refuses us; what was stored stays, the next run goes on there.
    """
    settings = context.runtime.settings.upstream.frappe
    if client is None and settings.url is None:
        raise Invalid(
            "no upstream is configured; set MUSTER_UPSTREAM__FRAPPE__URL, …__KEY, …__SECRET, …__TIME_ZONE"
        )
    made = client or FrappeClient.remembering(settings)
    try:
        result = await synchronise(context.runtime.database, made, context.params, context)
    finally:
        if client is None:
            await made.close()
    if recompute is not None:
        await recompute(context.runtime.database, context)
    context.partial = context.partial or result.partial
    return {
        "gaps": result.gaps,
        "requests": result.requests,
        "retries": result.retries,
        **result.counts,
    }


async def synchronise(
    database: Database, client: FrappeClient, params: SyncParams, report: Reporter
) -> SyncResult:
    """Bring the mirror of one site up to date, without recomputing."""
    wanted = _chosen(params)
    statistics = client.outbound.statistics
    requests, retries = statistics.requests, statistics.retries
    async with _alone(database, client.url):
        await check_time_zone(client)
        session = await open_session(database, client, report)
        await _announce(session, params, wanted)
        await _masters(session, params, wanted)
        await session.refresh()
        for plan in LARGE:
            if plan.doctype.name in wanted:
                await _tolerating(session, plan.doctype, partial(_large, session, plan, params))
                await session.refresh()
        if DELETED.name in wanted:
            await _tolerating(session, DELETED, partial(follow_deletions, session))
        await _close(session)
    report.counts["requests"] += statistics.requests - requests
    report.counts["retries"] += statistics.retries - retries
    return SyncResult(
        dict(report.counts), session.gaps, statistics.requests - requests, statistics.retries - retries
    )


async def _announce(session: Session, params: SyncParams, wanted: set[str]) -> None:
    """Count what a first load has before it, so that its progress knows its end from the beginning."""
    for plan in LARGE:
        name = plan.doctype.name
        if name in wanted and (params.mode == "full" or session.cursor(name).phase == "new"):
            with suppress(UpstreamRefused):  # said again, and judged, where the rows are read
                session.rows_total += await session.client.count(plan.doctype)


async def _masters(session: Session, params: SyncParams, wanted: set[str]) -> None:
    whole = params.mode in ("full", "reconcile")

    async def follow(plan: Plan) -> None:
        await _tolerating(session, plan.doctype, partial(sync_small, session, plan, whole=whole))

    for stage in STAGES:
        plans = [plan for plan in stage if plan.doctype.name in wanted]
        # They share the client's places; a refusal is what the run fails with, whatever fails beside it.
        await together(plans, follow, at_once=len(stage), first=UpstreamRefused)


async def _large(session: Session, plan: LargePlan, params: SyncParams) -> None:
    name = plan.doctype.name
    if session.cursor(name).phase != "live" or params.mode == "full":
        if params.mode == "incremental":
            return
        await first_load(session, plan, again=params.mode == "full")
    changes = await read_changes(session, plan.doctype, partial(store, session, plan))
    if changes.shortfall is None:
        async with session.database.write() as conn:
            await session.read(conn, name)
    else:
        session.gaps += 1
        await session.report.event("short", changes.shortfall)
    await read_windows(session, plan, ("open", "gap"), now=params.mode == "full")
    if params.mode == "reconcile":
        first, last = _dates(session, params)
        await reconcile(session, plan, first, last)
    await reconcile_gaps(session, plan)


def _dates(session: Session, params: SyncParams) -> tuple[date, date]:
    last = params.to or session.today
    return params.from_ or last - timedelta(days=session.client.settings.reconcile_days - 1), last


async def _tolerating(session: Session, doctype: Doctype[Any], work: Callable[[], Awaitable[None]]) -> None:
    """A document type we may not read is a gap with one sentence; one that fails stays behind.

    A refused credential, a site that is down, and anything that befalls people or check-ins end the run.
    """
    if _left_out(session, doctype):
        return
    try:
        await work()
    except UpstreamRefused as refused:
        missing = refused.upstream_status in (200, 403, 404, 417, 500) and refused.code != "upstream_no_site"
        if not missing or doctype.name in VITAL:
            raise
        if doctype.required:
            await session.record_gap(doctype.name, refused.detail)
        else:
            await _note_absent(session, doctype, refused)
    except PASSING as failure:
        if failure.code in DOWN or doctype.name in VITAL:
            raise
        # The watermark of this type stays where it was; the others go on.
        session.gaps += 1
        await session.report.event("failed", f"{doctype.name} is not up to date: {failure.detail}")


def _left_out(session: Session, doctype: Doctype[Any]) -> bool:
    cursor = session.cursor(doctype.name)
    return (
        cursor.phase == "absent"
        and cursor.checked_at is not None
        and session.started - cursor.checked_at < ASK_AGAIN
    )


async def _note_absent(session: Session, doctype: Doctype[Any], refused: UpstreamRefused) -> None:
    async with session.database.write() as conn:
        await watermarks.put_cursor(
            conn, session.source_id, doctype.name, phase="absent", checked_at=session.started
        )
    if session.cursor(doctype.name).phase != "absent":
        log.info("upstream_doctype_absent", doctype=doctype.name, reason=refused.detail)
        await session.report.event("absent", f"{doctype.name} is left out: {refused.detail}")


async def _close(session: Session) -> None:
    """Move the watermarks, and tell readers how far we have come."""
    await session.refresh()
    async with session.database.write() as conn:
        await session.vouch(conn, LOGGED, DELETED.name)
        _, told = await read_versions(conn, [COMPLETENESS])
        if told is None or (session.started - told).total_seconds() >= TELL_SECONDS:
            await raise_versions(conn, [COMPLETENESS])


def _chosen(params: SyncParams) -> set[str]:
    every = [plan.doctype.name for plan in EVERY] + [DELETED.name]
    for number, name in enumerate(params.doctypes):
        if name not in every:
            raise unknown_value(f"/params/doctypes/{number}", "document type", name, every)
    return set(params.doctypes or every)


@asynccontextmanager
async def _alone(database: Database, url: str) -> AsyncIterator[None]:
    """Hold an advisory lock of this source on a connection of its own: it dies with us, however we die."""
    connection = await asyncpg.connect(
        database.direct_url, timeout=10, server_settings={"application_name": "muster-sync"}
    )
    try:
        key = f"attendance.sync {url}"
        if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", key):
            raise Conflict(f"another process is syncing {url}; wait for it to end", code="sync_active")
        yield
    finally:
        await asyncio.shield(connection.close(timeout=5))
