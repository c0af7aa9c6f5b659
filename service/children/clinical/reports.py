"""Reports about a child: drafted with their figures, reviewed by somebody else, published, corrected."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, func

from service.access import audit
from service.access.answering import require_version
from service.children.clinical import snapshots
from service.children.clinical.held import (
    NotTheAuthor,
    person_of,
    require_consent,
    standing_of,
    with_author,
)
from service.children.door import admit, check, hide, note_reading
from service.children.queries import reports
from service.children.rules.permissions import Action, may
from service.children.rules.report_states import may_move, stamped
from service.core.auth import Caller
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.errors import Conflict
from service.schemas.children.reports import (
    ChildReport,
    ReportAsk,
    ReportChangeAsk,
    ReportChanges,
    ReportListed,
    ReportRemoved,
    TransitionAsk,
)
from service.schemas.envelope import Page

LISTED: Final = "report.list"
READ: Final = "report.read"
CHANGES: Final = "report.changes"
DRAFTED: Final = "report.create"
CHANGED: Final = "report.update"
REMOVED: Final = "report.delete"
CORRECTED: Final = "report.correct"
MOVED: Final = {
    "draft": "report.return",
    "pending_review": "report.submit",
    "approved": "report.approve",
    "published": "report.publish",
    "archived": "report.archive",
}


async def draft(
    conn: WriteConnection, caller: Caller, child_id: int, ask: ReportAsk, policy: str
) -> ChildReport:
    """A draft with the figures of this moment.

    Raises as `admit`, `Conflict` (`consent_required`), and `Invalid` for a window that cannot be.
    """
    standing = await admit(conn, caller, child_id, Action.WRITE_REPORT, DRAFTED, lock=True)
    await require_consent(conn, child_id, policy)
    snapshot = await snapshots.taken(conn, caller, child_id, ask, DRAFTED)
    period = snapshot.period
    values = {
        "child_id": child_id,
        "author_id": person_of(caller),
        "report_type": ask.type,
        "title": ask.title or f"{ask.type.capitalize()} {period.from_} – {period.to}",
        "content": ask.content,
        "source_snapshot": snapshot.values,
        "period_start": period.from_at,
        "period_end": period.to_at,
    }
    row = await reports.insert_report(conn, values)
    await _record(conn, caller, DRAFTED, row, list(ask.model_fields_set))
    return report_of(row, internal=may(standing.level, Action.READ_DRAFTS))


async def change(
    conn: WriteConnection, caller: Caller, report_id: int, ask: ReportChangeAsk, if_match: str | None
) -> ChildReport:
    """Write a draft otherwise. Raises `NotTheAuthor`, `Conflict` (`not_a_draft`), `PreconditionFailed`."""
    row = await _own_draft(conn, caller, report_id, CHANGED)
    require_version(row.version, if_match)
    changed = await reports.update_report(conn, report_id, ask.model_dump(exclude_none=True))
    await _record(conn, caller, CHANGED, row, list(ask.model_fields_set))
    return report_of(changed, internal=True)


async def remove(conn: WriteConnection, caller: Caller, report_id: int) -> ReportRemoved:
    """Remove a draft. Raises as `change`."""
    row = await _own_draft(conn, caller, report_id, REMOVED)
    await reports.delete_report(conn, report_id)
    await _record(conn, caller, REMOVED, row, [])
    return ReportRemoved(id=report_id, child_id=row.child_id)


async def move(conn: WriteConnection, caller: Caller, report_id: int, ask: TransitionAsk) -> ChildReport:
    """Move it on; `Conflict` (`invalid_transition`) for what its state, or who asks, does not allow."""
    what = MOVED[ask.to]
    row = await _held(conn, caller, report_id, Action.WRITE_REPORT, what)
    if not may_move(row.status, ask.to, is_author=row.author_id == caller.person):
        whose = "its author" if row.author_id == caller.person else "somebody who is not its author"
        detail = f"{whose} cannot move a report from {row.status} to {ask.to}"
        raise Conflict(detail, code="invalid_transition")
    values: dict[str, Any] = {"status": ask.to, **dict.fromkeys(stamped(ask.to), func.now())}
    if ask.to == "approved":
        values["approver_id"] = caller.person
    if ask.to == "published":
        values["statement_sha256"] = snapshots.sha256_of(row)
    if ask.note is not None:
        values["review_note"] = ask.note
    moved = await reports.update_report(conn, report_id, values)
    await _record(conn, caller, what, row, ["status", *(["review_note"] if ask.note else [])])
    return report_of(moved, internal=True)


async def correct(
    conn: WriteConnection, caller: Caller, report_id: int, note: str, if_match: str | None
) -> ChildReport:
    """Attach a note to what was published, which itself stays. Raises `Conflict` (`not_published`)."""
    row = await _held(conn, caller, report_id, Action.WRITE_REPORT, CORRECTED)
    if row.published_at is None:
        raise Conflict("a correction belongs to a published report; change the draft", code="not_published")
    require_version(row.version, if_match)
    corrected = await reports.update_report(conn, report_id, {"correction_note": note})
    await _record(conn, caller, CORRECTED, row, ["correction_note"])
    return report_of(corrected, internal=True)


async def read(database: Database, caller: Caller, report_id: int, what: str = READ) -> ChildReport:
    """One report, noted in the audit. Raises `Hidden`, `LevelTooLow`."""
    async with database.read() as conn:
        row = await _seen(conn, caller, report_id, what)
    await note_reading(database, caller, what, row.child_id)
    return report_of(row, internal=may(row.level, Action.READ_DRAFTS) or row.author_id == caller.person)


async def changes(database: Database, caller: Caller, report_id: int) -> ReportChanges:
    """What would differ in its figures today, in one snapshot, noted in the audit."""
    async with database.snapshot() as conn:
        row = await _seen(conn, caller, report_id, CHANGES)
        found = await snapshots.differing(conn, caller, row, CHANGES)
    await note_reading(database, caller, CHANGES, row.child_id)
    return ReportChanges(
        report_id=report_id,
        child_id=row.child_id,
        intact=snapshots.intact(row),
        items=found,
        page=Page(has_more=False, limit=max(1, len(found))),
    )


def listed_of(row: Row[Any]) -> ReportListed:
    """A report in a list."""
    return ReportListed.model_validate(_with_people(row))


def report_of(row: Row[Any], *, internal: bool) -> ChildReport:
    """A report as it travels; what reviewers say to its author is for those who write and review."""
    values = {**_with_people(row), "intact": snapshots.intact(row), "figures": figures_of(row)}
    if not internal:
        values["review_note"] = None
    return ChildReport.model_validate(values)


def figures_of(row: Row[Any]) -> Mapping[str, Any] | None:
    """Its figures as they were kept, and how much they rest on; None where it came without any."""
    kept: Mapping[str, Any] = row.source_snapshot
    if not kept:
        return None
    return {**kept, "sessions": len(kept["sessions"]), "activities": len(kept["activities"])}


def _with_people(row: Row[Any]) -> dict[str, Any]:
    values = dict(with_author(row))
    who, name, role = (values.pop(f"approver_{part}") for part in ("id", "name", "role"))
    return {**values, "approver": None if who is None else {"id": who, "name": name, "role": role}}


async def _seen(conn: ReadConnection, caller: Caller, report_id: int, what: str) -> Row[Any]:
    row = await reports.select_report(conn, caller, report_id)
    if row is None:
        await hide(conn, caller, what, reports.owner_of(report_id))
    check(caller, standing_of(row), Action.READ, what)
    return row


async def _held(conn: WriteConnection, caller: Caller, report_id: int, action: Action, what: str) -> Row[Any]:
    row = await reports.select_report(conn, caller, report_id, hold=True)
    if row is None:
        await hide(conn, caller, what, reports.owner_of(report_id))
    check(caller, standing_of(row), action, what)
    return row


async def _own_draft(conn: WriteConnection, caller: Caller, report_id: int, what: str) -> Row[Any]:
    row = await _held(conn, caller, report_id, Action.WRITE_REPORT, what)
    if row.author_id != caller.person:
        raise NotTheAuthor(caller, what, row.child_id)
    if row.status != "draft":
        raise Conflict(f"this report is no draft any more, it is {row.status}", code="not_a_draft")
    return row


async def _record(
    conn: WriteConnection, caller: Caller, what: str, row: Row[Any], fields: Sequence[str]
) -> None:
    subject = f"report:{row.id}"
    await audit.record(conn, caller, what, subject, child_id=row.child_id, changed_fields=fields)
