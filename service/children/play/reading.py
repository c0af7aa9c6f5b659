"""Sessions and activities as they are read: within what the caller may see, each reading in the audit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select

from service.children.door import Hidden, Standing, check
from service.children.queries.pages import select_page
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import Database
from service.core.paging import Paging, SortKey, count_up_to
from service.schemas.envelope import Page


async def read_page(
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
