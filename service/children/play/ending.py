"""A session ends: completed with points and achievements, abandoned or interrupted without."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.children.play.going_on import already_final, counts_of, feelings_of, progressed
from service.children.play.held import hold, now, refuse, require_consent, session_of
from service.children.queries import sessions
from service.children.queries.achievements import insert_earned
from service.children.queries.points import award
from service.children.rules.permissions import Action
from service.children.rules.points import points_of_session
from service.children.rules.sessions import (
    COUNTERS,
    DEED,
    LISTS,
    OPEN,
    duration_of,
    long_pauses,
    quality_of,
    wrong_end,
)
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.schemas.children.play import Ended, Session, SessionEndAsk

_PLAIN: Final = {*COUNTERS, "ended_at", "exit_reason", "final_state", "summary_note"}


async def end(
    conn: WriteConnection,
    caller: Caller,
    session_id: int,
    status: Ended,
    ask: SessionEndAsk,
    policy: str,
) -> tuple[Session, bool]:
    """End a session; also whether this changed anything: a repetition of the same end does not.

    Raises `Conflict` (`already_final`) where it ended otherwise.
    """
    row = await hold(conn, caller, session_id, Action.PLAY, DEED[status])
    if row.completion_status != OPEN:
        return await _again(conn, row, status, ask), False
    require_consent(row.consented, policy)
    moment = now()
    ended_at = ask.ended_at or max(moment, row.started_at)
    refuse(wrong_end(row.started_at, ended_at, moment))
    ended = await sessions.update_session(conn, session_id, _columns(row, status, ask, ended_at))
    earned = await _reward(conn, caller, ended) if status == "completed" else {}
    fields = ["completion_status", *sorted(ask.model_fields_set)]
    await audit.record(
        conn, caller, DEED[status], f"session:{row.id}", child_id=row.child_id, changed_fields=fields
    )
    return session_of(ended, row.level, **earned), True


def _columns(row: Row[Any], status: Ended, ask: SessionEndAsk, ended_at: datetime) -> dict[str, Any]:
    changed = progressed(row, ask)
    counts = counts_of(row, changed)
    duration = duration_of(row.started_at, ended_at)
    refuse(long_pauses(counts["total_pause_seconds"], duration))
    return {
        **changed,
        "completion_status": status,
        "ended_at": ended_at,
        "duration_seconds": duration,
        "exit_reason": ask.exit_reason or ("completed" if status == "completed" else None),
        "final_state": ask.final_state,
        "summary_note": ask.summary_note,
        "session_data_quality": quality_of(counts),
    }


async def _reward(conn: WriteConnection, caller: Caller, ended: Row[Any]) -> dict[str, Any]:
    """Points first: they hold the child's row, so achievements count what ended beside this too."""
    points = points_of_session(ended.score)
    await award(conn, "session", [(ended.child_id, ended.id, points)], actor=caller.person)
    earned = await insert_earned(conn, [ended.child_id], ended.id)
    return {"points_awarded": points, "achievements_earned": [row.achievement_id for row in earned]}


async def _again(conn: WriteConnection, row: Row[Any], status: Ended, ask: SessionEndAsk) -> Session:
    """The answer to an end that was told before, as long as nothing in it is new."""
    told = ask.model_dump(include=_PLAIN, exclude_none=True)
    feelings = feelings_of(ask)
    same = (
        row.completion_status == status
        and all(getattr(row, name) == value for name, value in told.items())
        and all(set(getattr(ask, name)) <= set(getattr(row, name)) for name in LISTS)
        and all(
            not new or row.emotional_data.get(name, [])[-len(new) :] == new for name, new in feelings.items()
        )
        and {**row.interaction_patterns, **ask.interaction_patterns} == row.interaction_patterns
    )
    if not same:
        raise already_final(row)
    earned = await sessions.select_earned(conn, row.id)
    return session_of(row, row.level, **earned._asdict())
