"""A session goes on: counts rise, feelings change; and guardians say what they think of it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.access.answering import require_version
from service.children.play.held import hold, refuse, require_consent, session_of
from service.children.queries import sessions
from service.children.rules.permissions import Action
from service.children.rules.sessions import (
    COUNTERS,
    LISTS,
    OPEN,
    felt,
    inconsistencies,
    joined,
    overgrown,
    regressions,
)
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict
from service.schemas.children.play import (
    Session,
    SessionFeedbackAsk,
    SessionProgress,
    SessionProgressAsk,
)

UPDATED: Final = "session.update"
RATED: Final = "session.feedback"


async def go_on(
    conn: WriteConnection,
    caller: Caller,
    session_id: int,
    ask: SessionProgressAsk,
    if_match: str | None,
    policy: str,
) -> Session:
    """Take in what has changed in a session under way.

    Raises `Conflict` (`already_final`, `consent_required`, `counter_regression`), `PreconditionFailed`.
    """
    row = await hold(conn, caller, session_id, Action.PLAY, UPDATED)
    if row.completion_status != OPEN:
        raise already_final(row)
    require_version(row.version, if_match)
    require_consent(row.consented, policy)
    changed = await sessions.update_session(conn, session_id, progressed(row, ask))
    await _record(conn, caller, UPDATED, row, ask.model_fields_set)
    return session_of(changed, row.level)


async def rate(
    conn: WriteConnection,
    caller: Caller,
    session_id: int,
    ask: SessionFeedbackAsk,
    if_match: str | None,
) -> Session:
    """Keep what a guardian thinks of a session, also of an ended one; no figure changes by it."""
    row = await hold(conn, caller, session_id, Action.FEEDBACK, RATED)
    require_version(row.version, if_match)
    given = ask.model_dump(include=ask.model_fields_set)
    if "parent_observed_behavior" in given:
        given["parent_observed_behavior"] = given["parent_observed_behavior"] or {}
    if row.completion_status == OPEN:  # the sweeper ends it when the game was last heard of
        given["updated_at"] = row.updated_at
    changed = await sessions.update_session(conn, session_id, given)
    await _record(conn, caller, RATED, row, ask.model_fields_set)
    earned = await sessions.select_earned(conn, session_id)
    return session_of(changed, row.level, **earned._asdict())


def progressed(row: Row[Any], ask: SessionProgress) -> dict[str, Any]:
    """The columns after this progress. Raises `Conflict` and `Invalid` for counts that cannot be."""
    told = ask.model_dump(include=set(COUNTERS), exclude_none=True)
    refuse(regressions(row._asdict(), told), conflict=True)
    refuse(inconsistencies(counts_of(row, told)))
    feelings = felt(row.emotional_data, feelings_of(ask))
    lists = {name: joined(getattr(row, name), getattr(ask, name)) for name in LISTS}
    patterns = {**row.interaction_patterns, **ask.interaction_patterns}
    refuse(overgrown({**feelings, **lists}, patterns))
    return {**told, "emotional_data": feelings, "interaction_patterns": patterns, **lists}


def counts_of(row: Row[Any], told: Mapping[str, Any]) -> dict[str, int]:
    """All counts of a session, with those that are told now."""
    return {name: told.get(name, getattr(row, name)) for name in COUNTERS}


def feelings_of(ask: SessionProgress) -> dict[str, list[Any]]:
    """What is told of feelings, as it is kept."""
    return ask.model_dump(
        mode="json",
        include={"transitions", "stress_indicators", "positive_indicators"},
        by_alias=True,
    )


def already_final(row: Row[Any]) -> Conflict:
    """The session has ended, otherwise than is asked."""
    detail = f"this session is {row.completion_status}; it is not changed any more, only voided"
    return Conflict(detail, code="already_final")


async def _record(conn: WriteConnection, caller: Caller, what: str, row: Row[Any], fields: set[str]) -> None:
    await audit.record(
        conn, caller, what, f"session:{row.id}", child_id=row.child_id, changed_fields=sorted(fields)
    )
