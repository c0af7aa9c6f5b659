"""Forgetting what is past its time (spec D.3, D.9): days by months, looks and pages by days."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from service.core.tasks import JobContext
from service.crew.queries import forgetting, scopes

UNSEEN: Final = timedelta(days=60)
"""After which somebody whom no grid lists any more counts as gone."""
MOST: Final = 10_000
"""Looks forgotten in one transaction: some seconds of work, with a lock on none that is in force."""
WARNED: Final = timedelta(days=90)
_MONTH: Final = 30.44


async def housekeeping(context: JobContext) -> dict[str, Any]:
    """The job `crew.housekeeping`; what it takes away it counts."""
    now = datetime.now(UTC)
    await _days(context, now)
    await context.progress(1, 3, "chores", "days")
    await _looks(context, now)
    await context.progress(2, 3, "chores", "looks")
    await _members(context, now)
    return dict(context.counts)


async def _days(context: JobContext, now: datetime) -> None:
    runtime = context.runtime
    kept = timedelta(days=runtime.settings.crew.keep_segments_months * _MONTH)
    before = (now - kept).date()
    async with runtime.database.write(timeout=300) as conn:
        old = await forgetting.select_old_days(conn, before)
        context.counts["rows_deleted"] += await forgetting.delete_days(conn, before)
        touched = {scope for code, day in old for scope in scopes.touched(code, [day])}
        if touched:
            await runtime.versions.raise_in(conn, sorted(touched))
    context.counts["days_deleted"] += len(old)


async def _looks(context: JobContext, now: datetime) -> None:
    runtime = context.runtime
    before = now - timedelta(days=runtime.settings.crew.keep_snapshots_days)
    async with runtime.database.write() as conn:
        context.counts["pages_deleted"] += await forgetting.delete_pages(conn, now)
        context.counts["warned_deleted"] += await forgetting.delete_warned(conn, now - WARNED)
    while True:
        async with runtime.database.write(timeout=300) as conn:
            gone = await forgetting.delete_looks(conn, before, MOST)
        context.counts["looks_deleted"] += gone
        if gone < MOST:
            return
        context.raise_if_cancelled()


async def _members(context: JobContext, now: datetime) -> None:
    runtime = context.runtime
    async with runtime.database.write() as conn:
        codes = await forgetting.retire_unseen(conn, now, UNSEEN)
        touched = {scope for code in codes for scope in scopes.touched(code, [], people=True)}
        if touched:
            await runtime.versions.raise_in(conn, sorted(touched))
    context.counts["members_updated"] += len(codes)
