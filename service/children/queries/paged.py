"""One page of a statement, counted where it is asked for; a cursor holds for who got it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.children.queries.visibility import asked_by
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.schemas.envelope import Page, PageAsk


async def read_page(
    conn: ReadConnection,
    caller: Caller,
    cursors: Cursors,
    ask: PageAsk,
    listed: tuple[str, Sequence[SortKey], Any],
) -> tuple[list[Row[Any]], Page]:
    """The rows to show and where the list stands; `listed` is its name, order and statement.

    Somebody else's cursor is refused as one of another list is: they may see other rows. A statement written
    for the caller's way gets the caller's values here.
    """
    name, keys, statement = listed
    paging = Paging(cursors, ask, f"{name}/{caller.visibility}", keys)
    asked = asked_by(caller)
    found = (await conn.execute(paging.narrow(statement), asked)).all()
    counts = "total" in (ask.include or "").split(",")
    return paging.page(found, await count_up_to(conn, statement, values=asked) if counts else None)
