"""Deleted upstream: proved one by one, marked here, never erased (spec E.7)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from service.access import audit
from service.attendance.models import AttendanceRequest, Checkin, Leave, ShiftAssignment
from service.attendance.queries import marks, mirror
from service.attendance.queries.mirror import Change
from service.attendance.queries.scopes import COMPLETENESS, MASTERS, scopes_around
from service.attendance.sync.session import Session
from service.attendance.upstream.documents import Doctype
from service.core.auth import SYSTEM
from service.core.batches import together
from service.core.database import WriteConnection
from service.core.errors import UpstreamRefused
from service.core.versions import raise_versions

# More than this many missing at once look like a right taken away rather than like deletions: then a sample
# is asked for instead, since a hidden document answers 403 and a deleted one 404.
MANY = 200
SAMPLE = 20
DELETED = frozenset({"deleted_at"})


async def bury(session: Session, plan: Any, names: Collection[str]) -> list[str]:
    """Tombstone the documents among `names` that the site proves to be gone; gives those still there.

    `plan` names the doctype, the model and, for small types, the days a change puts in doubt.
    """
    if not names:
        return []
    wanted = sorted(names)
    gone = await _gone(session, plan.doctype, wanted)
    if gone:
        await put_under(session, plan, gone)
    return [name for name in wanted if name not in gone]


async def put_under(
    session: Session, plan: Any, names: Iterable[str], *, not_after: Mapping[str, datetime] | None = None
) -> int:
    """Tombstone documents known to be gone, mark their days, write the audit; gives how many."""
    async with session.database.write() as conn:
        rows = await mirror.tombstone(conn, plan.model, session.source_id, names, not_after=not_after)
        await _mark(session, conn, plan, rows)
        for row in rows:
            await _record(conn, plan, row)
        await session.keep_unreadable(conn, plan.doctype.name, [], [row["upstream_name"] for row in rows])
        await raise_versions(conn, _scopes(session, rows))
    session.report.counts["deleted"] += len(rows)
    return len(rows)


async def _gone(session: Session, doctype: Doctype[Any], names: list[str]) -> set[str]:
    sample = names[:: max(1, len(names) // SAMPLE)] if len(names) > MANY else []
    try:
        if sample and any(await _ask(session, doctype, sample)):
            reason = f"{len(names)} {doctype.name} are not listed any more, though some of them still exist"
            await session.record_gap(doctype.name, reason)
            return set()
        there = await _ask(session, doctype, names) if not sample else [False] * len(names)
    except UpstreamRefused as refused:
        if refused.code != "upstream_forbidden":
            raise
        reason = (
            f"{len(names)} {doctype.name} are not listed any more, and reading one by name is refused: the "
            "API user lost the right to see them (User Permissions)"
        )
        await session.record_gap(doctype.name, reason)
        return set()
    return {name for name, exists in zip(names, there, strict=True) if not exists}


async def _ask(session: Session, doctype: Doctype[Any], names: list[str]) -> list[bool]:
    at_once = session.client.settings.max_in_flight
    return await together(names, partial(session.client.exists, doctype), at_once=at_once)


async def _mark(session: Session, conn: WriteConnection, plan: Any, rows: list[Mapping[str, Any]]) -> None:
    if plan.model is Checkin:
        days = [(row["person_id"], row["day"]) for row in rows if row["person_id"] is not None]
        await marks.mark_around(conn, days, "checkin deleted")
    elif hasattr(plan, "spans"):
        changes = [Change(row["id"], row, row, DELETED) for row in rows]
        spans = [span for change in changes for span in await plan.spans(conn, change)]
        await marks.mark_spans(conn, spans, session.today)


async def _record(conn: WriteConnection, plan: Any, row: Mapping[str, Any]) -> None:
    if plan.model not in (Checkin, Leave, ShiftAssignment, AttendanceRequest):
        return
    kind = plan.model.__tablename__
    kept = {key: str(value) for key, value in row.items() if value is not None and key != "source_id"}
    await audit.record(conn, SYSTEM, f"{kind}.deleted_upstream", f"{kind}:{row['id']}", before=kept)


def _scopes(session: Session, rows: list[Mapping[str, Any]]) -> set[str]:
    if not rows:
        return set()
    if "day" not in rows[0]:
        return {MASTERS}
    return {COMPLETENESS} | scopes_around(
        (row["day"], session.site_of.get(row["person_id"] or 0)) for row in rows
    )
