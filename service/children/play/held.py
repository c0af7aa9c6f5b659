"""What the deeds at sessions begin with: the row held, the caller let pass, consent standing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Row

from service.children.door import Standing, check, hide
from service.children.queries import sessions
from service.children.rules.collection import may_collect
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, FieldError, Invalid
from service.schemas.children.play import Session
from service.schemas.children.words import Level


async def hold(conn: WriteConnection, caller: Caller, session_id: int, action: Action, what: str) -> Row[Any]:
    """A session that the caller may do this at, held until the transaction ends."""
    row = await sessions.hold_session(conn, caller, session_id)
    if row is None:
        await hide(conn, caller, what, sessions.owner_of(session_id))
    check(caller, standing_of(row), action, what)
    return row


def standing_of(row: Row[Any]) -> Standing:
    """How the caller stands to the child of a row that was read with it."""
    level = cast(Level, row.level)
    return Standing(row.child_id, level, row.child_is_active, row.child_restricted, row.child_timezone)


def session_of(row: Row[Any], level: Level, **more: Any) -> Session:
    """A session as it travels; a device is not told what the family wrote about it."""
    values = {**row._asdict(), **more}
    if level == "key":
        values |= {"parent_notes": None, "parent_rating": None, "parent_observed_behavior": None}
    return Session.model_validate(values)


def require_consent(consented: str | None, policy: str) -> None:
    """Raise `Conflict` unless the guardians' consent lets something new be collected (spec E9)."""
    if not may_collect(consented, policy, today()):
        detail = "the guardians' consent to processing has been withdrawn, or is for an older policy"
        raise Conflict(detail, code="consent_required")


def refuse(found: Sequence[FieldError], *, conflict: bool = False) -> None:
    """Raise for what was found in a body, if anything was: `Invalid`, or `Conflict` with the first code."""
    if not found:
        return
    fields = list(in_body(found))
    detail = "; ".join(f"{field.pointer}: {field.detail}" for field in fields[:3])
    if conflict:
        raise Conflict(detail, code=fields[0].code, errors=fields)
    raise Invalid(detail, errors=fields)


def in_body(found: Iterable[FieldError], place: str = "/body") -> Iterable[FieldError]:
    """Findings with their pointers below a place of the request."""
    return (replace(one, pointer=f"{place}{one.pointer}") for one in found)


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def today() -> date:
    """This date (UTC)."""
    return now().date()
