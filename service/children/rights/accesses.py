"""Who looked at a child: for its guardians, newest first (spec E5)."""

from typing import Any, Final

from sqlalchemy import Row

from service.children.door import admit
from service.children.queries.access_log import ORDER, page_of_accesses
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.paging import Cursors, Paging
from service.schemas.children.rights import AccessEntry, AccessLogAsk, Accessor
from service.schemas.envelope import Listing

READING: Final = "child.access_log"


async def list_accesses(
    conn: ReadConnection, caller: Caller, child_id: int, ask: AccessLogAsk, cursors: Cursors
) -> Listing[AccessEntry]:
    """One page. Raises as `admit`; a cursor of another child is `BadRequest`."""
    await admit(conn, caller, child_id, Action.READ_ACCESS_LOG, READING)
    paging = Paging(cursors, ask, f"children.access_log/{child_id}/{caller.visibility}", ORDER)
    statement = page_of_accesses(child_id, ask.from_, ask.to, paging)
    shown, page = paging.page((await conn.execute(statement)).all())
    return Listing[AccessEntry](items=[_entry(row) for row in shown], page=page)


def _entry(row: Row[Any]) -> AccessEntry:
    return AccessEntry(
        at=row.at,
        action=row.action,
        who=Accessor(kind=row.kind, name=row.name, role=row.role),
        fields=row.fields,
        purpose=row.purpose,
    )
