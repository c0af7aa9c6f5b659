"""Whom a kept answer is about, and whether they are seen still."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Select, func, select

from service.children.models import (
    Activity,
    Assessment,
    CareAssignment,
    Child,
    Consent,
    DataRequest,
    GameSession,
    ProgressNote,
    Report,
)
from service.children.queries.visibility import visible
from service.core.auth import Caller
from service.core.database import ReadConnection

OWNED: Final[Mapping[str, Any]] = {
    "session_id": GameSession,
    "activity_id": Activity,
    "note_id": ProgressNote,
    "assessment_id": Assessment,
    "report_id": Report,
    "consent_id": Consent,
    "assignment_id": CareAssignment,
    "erasure_id": DataRequest,
    "export_id": DataRequest,
}
"""What a path names by an id of its own."""


def owner_named(name: str, identifier: Any) -> Select[int]:
    """Whose such a thing is, one that was taken away since too: its removal may be what is repeated."""
    model = OWNED[name]
    return select(model.child_id).where(model.id == identifier)


async def all_seen(conn: ReadConnection, caller: Caller, child_ids: Collection[int]) -> bool:
    """Whether the caller may see every one of these children."""
    seen = select(func.count()).where(Child.id.in_(child_ids), visible(caller, Child.id.expression))
    return (await conn.execute(seen)).scalar_one() == len(set(child_ids))
