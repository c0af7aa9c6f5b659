"""Deletions that the site logs in Deleted Document; those it does not log are found by comparing names."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from service.attendance.sync.burial import put_under
from service.attendance.sync.large import EVERY
from service.attendance.sync.session import Session
from service.attendance.upstream.client import Filter
from service.attendance.upstream.documents import DELETED, DeletedDocument
from service.attendance.upstream.pages import by_stamp
from service.attendance.upstream.values import back_by, is_wall_clock, wall_clock

PLANS: dict[str, Any] = {plan.doctype.name: plan for plan in EVERY}


async def follow_deletions(session: Session) -> None:
    """Bury what the log names since the last look, overlap included.

    A document made anew under its old name after the deletion is left alone. An entry whose instant cannot be
    read is counted and left to the comparison of names.
    """
    cursor = session.cursor(DELETED.name)
    since = session.since(cursor.modified) or _begin(session)
    reached = cursor.modified or since
    concerned: list[Filter] = [["deleted_doctype", "in", sorted(PLANS)]]
    async for page in by_stamp(session.client, DELETED, since, stamp="creation", filters=concerned):
        dated = [entry for entry in page if is_wall_clock(entry.creation)]
        session.report.counts["unreadable"] += len(page) - len(dated)
        await _bury(session, dated)
        reached = max([reached, *(entry.creation for entry in dated)])
    async with session.database.write() as conn:
        await session.read(conn, DELETED.name, modified=reached)


def _begin(session: Session) -> str:
    # The first load reads what exists: only deletions from its beginning on concern us.
    return back_by(session.started.astimezone(session.zone).replace(tzinfo=None).isoformat(), session.overlap)


async def _bury(session: Session, entries: list[DeletedDocument]) -> None:
    gone: dict[str, dict[str, datetime]] = defaultdict(dict)
    for entry in entries:
        if entry.deleted_doctype in PLANS and entry.deleted_name and not entry.restored:
            gone[entry.deleted_doctype][entry.deleted_name] = wall_clock(entry.creation, session.zone)
    for doctype, names in gone.items():
        await put_under(session, PLANS[doctype], names, not_after=names)
