"""A session begins, at most once for each id of the game's own."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from service.access import audit
from service.children.door import admit
from service.children.play.held import now, refuse, require_consent, session_of
from service.children.queries import sessions
from service.children.rules.permissions import Action
from service.children.rules.sessions import out_of_time
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict
from service.schemas.children.play import Session, SessionStartAsk

CREATED: Final = "session.create"


async def start(
    conn: WriteConnection, caller: Caller, child_id: int, ask: SessionStartAsk, policy: str
) -> tuple[Session, bool]:
    """Start a session, or give the one that this is a repetition of; also whether it is new.

    Raises `Conflict` (`session_id_conflict`) where the id belongs to another content.
    """
    standing = await admit(conn, caller, child_id, Action.PLAY, CREATED)
    require_consent(await sessions.select_policy(conn, child_id), policy)
    moment = now()
    refuse(out_of_time(ask.started_at or moment, None, moment))
    values = {**ask.model_dump(), "started_at": ask.started_at or moment, **made_by(caller)}
    made = await sessions.insert_session(conn, {"child_id": child_id, **values})
    if made is None:
        assert ask.client_session_id is not None
        return session_of(await _same(conn, child_id, ask, ask.client_session_id), standing.level), False
    fields = sorted(ask.model_fields_set)
    await audit.record(conn, caller, CREATED, f"session:{made.id}", child_id=child_id, changed_fields=fields)
    return session_of(made, standing.level), True


def made_by(caller: Caller) -> dict[str, Any]:
    """Who recorded a session."""
    return {"created_by": caller.id, "created_by_id": caller.person}


def differing(row: Row[Any], told: Mapping[str, Any]) -> list[str]:
    """The fields in which a session that is there differs from what is told."""
    return sorted(name for name, value in told.items() if getattr(row, name) != value)


def told_at_start(ask: SessionStartAsk) -> dict[str, Any]:
    """What never changes of a session; a start that was not told can be any."""
    told = ask.model_dump(include=set(SessionStartAsk.model_fields))
    return {name: value for name, value in told.items() if name != "started_at" or value is not None}


def id_conflict(because: str) -> Conflict:
    """Another session has this client id."""
    return Conflict(f"there is a session of this id, and {because}", code="session_id_conflict")


async def _same(conn: WriteConnection, child_id: int, ask: SessionStartAsk, client_id: UUID) -> Row[Any]:
    [row] = await sessions.select_same(conn, [(child_id, client_id)])
    if row.deleted_at is not None:
        raise id_conflict("it was voided")
    others = differing(row, told_at_start(ask))
    if others:
        raise id_conflict(f"it differs in {', '.join(others)}")
    return row
