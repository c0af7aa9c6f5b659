"""Sessions and activities as they are read: within what the caller may see, each reading in the audit."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select

from service.children.door import Hidden, Standing, check, hide, note_reading
from service.children.play.held import session_of, standing_of
from service.children.queries import sessions
from service.children.queries.pages import select_page
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import Database
from service.core.paging import Paging, SortKey, count_up_to
from service.schemas.children.play import Session
from service.schemas.envelope import Page

READ: Final = "session.read"


async def rows_of(
    database: Database,
    caller: Caller,
    child_id: int,
    statement: Select[Any],
    paging: Paging,
    keys: Sequence[SortKey],
    what: str,
) -> tuple[list[Row[Any]], Page]:
    """A page of what belongs to a child, in one statement (two where a total is asked for).

    Raises `Hidden` and `LevelTooLow`.
    """
    async with database.read() as conn:
        row, rows = await select_page(conn, caller, child_id, paging.narrow(statement), keys)
        if row is None or row.standing_level is None:
            raise Hidden(caller, what, child_id, exists=row is not None)
        check(caller, _standing(child_id, row), Action.READ, what)
        total = await count_up_to(conn, statement) if paging.wants_total else None
    return paging.page(rows, total)


def _standing(child_id: int, row: Row[Any]) -> Standing:
    return Standing(
        child_id,
        row.standing_level,
        row.standing_is_active,
        row.standing_restricted,
        row.standing_timezone,
    )


async def read_session(database: Database, caller: Caller, session_id: int) -> Session:
    """One session, noted in the audit. Raises `Hidden`."""
    async with database.read() as conn:
        row = await sessions.select_session(conn, caller, session_id)
        if row is None:
            await hide(conn, caller, READ, sessions.owner_of(session_id))
    check(caller, standing_of(row), Action.READ, READ)
    await note_reading(database, caller, READ, row.child_id)
    return session_of(row, row.level)
