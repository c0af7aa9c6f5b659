"""What changed in a large document type since the last run, by (`modified`, `name`), with overlap (E.7)."""

from service.attendance.queries import watermarks
from service.attendance.sync.large import LargePlan, store
from service.attendance.sync.session import Session
from service.attendance.sync.small import short_listing
from service.attendance.upstream.pages import by_stamp
from service.attendance.upstream.values import is_wall_clock
from service.core.database import WriteConnection


async def follow(session: Session, plan: LargePlan) -> bool:
    """Store what changed. False: fewer rows came than the site counts.

    The look back of `overlap` seconds finds rows committed late with an early stamp (G-N-90). The cursor
    moves when the count is proved: past a row that was not listed, the next run would never look back.
    A run that dies reads again what it had; unchanged rows are not written.
    """
    cursor = session.cursor(plan.doctype.name)
    since = session.since(cursor.modified)
    filters = [["modified", ">=", since]] if since else []
    reached = cursor.modified or ""
    for _ in (1, 2):
        # Counted first: what is added meanwhile can only make the listing longer.
        expected = await session.client.count(plan.doctype, filters)
        seen: set[str] = set()
        async for page in by_stamp(session.client, plan.doctype, since):
            if page:
                await store(session, plan, page, _nothing)
            reached = max([reached, *(row.modified for row in page if is_wall_clock(row.modified))])
            seen |= {row.name for row in page}
        if len(seen) >= expected:
            async with session.database.write() as conn:
                await watermarks.put_cursor(
                    conn, session.source_id, plan.doctype.name, modified=reached or None
                )
            return True
        session.report.counts["short_listings"] += 1
    await session.report.event("short", short_listing(plan.doctype.name, expected, len(seen)))
    return False


async def _nothing(conn: WriteConnection) -> None:
    """A page leads nowhere by itself: all of them do."""
