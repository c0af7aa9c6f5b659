"""What changed in a large document type since the last run, by (`modified`, `name`), with overlap (E.7)."""

from typing import Any

from service.attendance.queries import watermarks
from service.attendance.sync.large import LargePlan, store
from service.attendance.sync.session import Session
from service.attendance.sync.small import short_listing
from service.attendance.upstream.pages import by_modified
from service.core.database import WriteConnection


async def follow(session: Session, plan: LargePlan) -> bool:
    """Store what changed; the cursor moves with each page. False: fewer rows came than the site counts.

    The look back of `overlap` seconds finds rows committed late with an early stamp (G-N-90).
    """
    cursor = session.cursor(plan.doctype.name)
    since = session.since(cursor.modified)
    filters = [["modified", ">=", since]] if since else []
    for _ in (1, 2):
        # Counted first: what is added meanwhile can only make the listing longer.
        expected = await session.client.count(plan.doctype, filters)
        seen = await _read(session, plan, since, cursor.modified or "")
        if seen >= expected:
            return True
        session.report.counts["short_listings"] += 1
    await session.report.event("short", short_listing(plan.doctype.name, expected, seen))
    return False


async def _read(session: Session, plan: LargePlan, since: str | None, reached: str) -> int:
    name = plan.doctype.name
    seen: set[str] = set()

    async for page in by_modified(session.client, plan.doctype, since):
        if not page:
            continue
        reached = max(reached, page[-1].modified)
        place: dict[str, Any] = {"modified": reached, "name": page[-1].name}

        async def also(conn: WriteConnection, place: dict[str, Any] = place) -> None:
            await watermarks.put_cursor(conn, session.source_id, name, **place)

        await store(session, plan, page, also)
        seen |= {row.name for row in page}
    return len(seen)
