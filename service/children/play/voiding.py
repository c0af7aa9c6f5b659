"""What was recorded wrongly is voided with a reason, and its points are taken back; achievements stay."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.children.door import Standing, check, hide
from service.children.play.held import now, standing_of
from service.children.queries import sessions
from service.children.queries.points import take_back
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.schemas.children.play import SessionVoided

VOIDED: Final = "session.void"
OWN_FOR: Final = timedelta(hours=24)
"""A professional may void what they recorded themselves for so long."""


async def void(conn: WriteConnection, caller: Caller, session_id: int, reason: str) -> SessionVoided:
    """Void a session: no list, figure or streak has it any more."""
    row = await sessions.hold_session(conn, caller, session_id)
    if row is None:
        await hide(conn, caller, VOIDED, sessions.owner_of(session_id))
    check_void(caller, standing_of(row), row.created_by_id == caller.person, row.created_at, VOIDED)
    moment = now()
    await sessions.update_session(conn, session_id, {"deleted_at": moment, "voided_reason": reason})
    taken = await take_back(conn, row.child_id, "session", row.id, "a session was voided", caller.person)
    await record_void(conn, caller, VOIDED, "session", row)
    return SessionVoided(id=row.id, child_id=row.child_id, voided_at=moment, points_taken=taken)


def check_void(caller: Caller, standing: Standing, own: bool, made_at: datetime, what: str) -> None:
    """Let guardians pass, and a professional to what is their own and of the last day."""
    fresh = own and now() - made_at <= OWN_FOR
    check(caller, standing, Action.VOID_OWN if fresh else Action.VOID, what)


async def record_void(conn: WriteConnection, caller: Caller, what: str, kind: str, row: Row[Any]) -> None:
    """Put it into the audit."""
    fields = ["deleted_at", "voided_reason"]
    await audit.record(conn, caller, what, f"{kind}:{row.id}", child_id=row.child_id, changed_fields=fields)
