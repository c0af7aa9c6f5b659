"""Finds statements that a caller may see, and tells whether they are what was signed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from service.core import models, queries
from service.core.auth import Caller
from service.core.database import Database
from service.core.errors import NotFound
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.core.settings import Settings
from service.reporting.desk import Desk
from service.reporting.statements.shown import statement_of
from service.reporting.statements.signature import differing, digests_of, signature_of
from service.reporting.subjects import NotSeen
from service.schemas.envelope import Listing
from service.schemas.statements import Statement, StatementCheck, StatementsAsk

_NEWEST_FIRST = (
    SortKey("sealed_at", models.Statement.__table__.c.sealed_at, descending=True),
    SortKey("id", models.Statement.__table__.c.id, descending=True),
)


def seen_by(desks: Iterable[Desk], caller: Caller) -> queries.StatementsSeen:
    """The statements of these desks that a caller may see: of its sites, and of whom it may see."""
    shown = [desk for desk in desks if caller.may(desk.reads)]
    return queries.StatementsSeen(
        desks=[desk.name for desk in shown],
        sites=None if caller.sites is None else sorted(caller.sites),
        subjects={desk.name: desk.subjects.seen(caller) for desk in shown if desk.subjects is not None},
        closed=[(desk.name, name) for desk in shown for name in desk.closed_to(caller)],
    )


async def find(database: Database, desks: Collection[Desk], caller: Caller, statement_id: str) -> Row[Any]:
    """A statement, whole, of these desks, as far as the caller may see any. Raises `NotFound`."""
    async with database.read() as conn:
        row = await queries.select_statement(conn, _identifier(statement_id), seen_by(desks, caller))
        # Asked for an absent one too, so that both refusals take the same steps.
        about = None if row is not None else await queries.select_subjects(conn, _identifier(statement_id))
    if row is None:
        detail, what = f"there is no statement {statement_id}", "statement.read"
        if about:
            subject = f"statement:{statement_id}"
            raise NotSeen(detail, caller=caller, what=what, subject=subject, about=about)
        raise NotFound(detail)
    await _note(database, desks, caller, "statement.read", [row])
    return row


async def listed(
    database: Database, settings: Settings, desks: Collection[Desk], caller: Caller, asked: StatementsAsk
) -> Listing[Statement]:
    """A page of the statements of these desks, as far as the caller may see them, newest first."""
    paging = Paging(Cursors.of(settings), asked, "statements", _NEWEST_FIRST)
    statement = queries.overlapping(queries.statements_seen(seen_by(desks, caller)), asked.from_, asked.to)
    if asked.report is not None:
        statement = statement.where(models.Statement.report == asked.report)
    async with database.snapshot() as conn:
        rows = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
    shown, page = paging.page(rows, total)
    await _note(database, desks, caller, "statement.list", shown)
    return Listing[Statement](items=[statement_of(row) for row in shown], page=page)


async def _note(
    database: Database, desks: Iterable[Desk], caller: Caller, what: str, rows: Sequence[Row[Any]]
) -> None:
    """Put into the audit, before the answer leaves, whom these statements are about."""
    for desk in desks:
        about = {one for row in rows if row.desk == desk.name for one in row.subjects or ()}
        if about:
            await desk.note(database, caller, what, sorted(about))


def check_of(row: Row[Any]) -> StatementCheck:
    """Whether a statement's row is what was signed; takes a while for large ones."""
    values = row._asdict()
    differs = differing(values)
    computed = signature_of(digests_of(values))
    return StatementCheck(
        id=str(row.id), intact=not differs, sha256=row.sha256, computed=computed, differs=differs
    )


def _identifier(statement_id: str) -> UUID:
    try:
        return UUID(statement_id)
    except ValueError:
        raise NotFound(f"there is no statement {statement_id!r}") from None
