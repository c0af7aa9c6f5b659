"""Finds statements that a caller may see, and tells whether they are what was signed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from service.core import models, queries
from service.core.auth import Caller
from service.core.database import Database
from service.core.errors import NotFound
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.core.settings import Settings
from service.reporting.statements.shown import statement_of
from service.reporting.statements.signature import differing, digests_of, signature_of
from service.schemas.envelope import Listing
from service.schemas.statements import Statement, StatementCheck, StatementsAsk

_NEWEST_FIRST = (
    SortKey("sealed_at", models.Statement.__table__.c.sealed_at, descending=True),
    SortKey("id", models.Statement.__table__.c.id, descending=True),
)


async def find(database: Database, desks: Sequence[str], caller: Caller, statement_id: str) -> Row[Any]:
    """A statement, whole, of these desks and the caller's sites. Raises `NotFound`."""
    async with database.read() as conn:
        row = await queries.select_statement(conn, _identifier(statement_id), desks, _sites(caller))
    if row is None:
        raise NotFound(f"there is no statement {statement_id}")
    return row


async def listed(
    database: Database, settings: Settings, desks: Sequence[str], caller: Caller, asked: StatementsAsk
) -> Listing[Statement]:
    """A page of the statements of these desks and the caller's sites, newest first."""
    paging = Paging(Cursors.of(settings), asked, "statements", _NEWEST_FIRST)
    statement = queries.overlapping(queries.statements_seen(desks, _sites(caller)), asked.from_, asked.to)
    if asked.report is not None:
        statement = statement.where(models.Statement.report == asked.report)
    async with database.snapshot() as conn:
        rows = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
    shown, page = paging.page(rows, total)
    return Listing[Statement](items=[statement_of(row) for row in shown], page=page)


def check_of(row: Row[Any]) -> StatementCheck:
    """Whether a statement's row is what was signed; takes a while for large ones."""
    values = row._asdict()
    differs = differing(values)
    computed = signature_of(digests_of(values))
    return StatementCheck(
        id=str(row.id), intact=not differs, sha256=row.sha256, computed=computed, differs=differs
    )


def _sites(caller: Caller) -> list[str] | None:
    return None if caller.sites is None else sorted(caller.sites)


def _identifier(statement_id: str) -> UUID:
    try:
        return UUID(statement_id)
    except ValueError:
        raise NotFound(f"there is no statement {statement_id!r}") from None
