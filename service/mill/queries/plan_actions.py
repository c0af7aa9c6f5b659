"""What people decide about the advice of plans."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, func, select, text, update

from service.core.database import WriteConnection
from service.mill import models
from service.mill.models.plans import WHOLE

_ACTION = models.PlanAction.__table__.c
_CARRY = text("""
    UPDATE mill.plan_actions n
    SET state = CASE WHEN b.state = 'superseded' THEN 'open' ELSE b.state END, assignee = b.assignee,
        note = b.note, decided_by = b.decided_by, decided_at = b.decided_at
    FROM mill.plan_actions b
    WHERE n.run_id = :number AND b.run_id = :before AND b.key = n.key
      AND (b.state <> 'open' OR b.assignee IS NOT NULL OR b.note IS NOT NULL)
""")
_LATER = text("""
    UPDATE mill.plan_actions n
    SET state = b.state, assignee = coalesce(n.assignee, b.assignee), note = coalesce(n.note, b.note),
        decided_by = b.decided_by, decided_at = b.decided_at, row_version = n.row_version + 1
    FROM mill.plan_actions b JOIN mill.plan_runs o ON o.id = b.run_id, mill.plan_runs r
    WHERE b.run_id = :number AND b.seq = :seq AND n.key = b.key AND n.run_id > :number AND n.state = 'open'
      AND (b.state <> 'open' OR n.decided_at IS NULL)
      AND r.id = n.run_id
      AND (r.kind = o.kind
           OR r.kind = ANY (CAST(:whole AS text[])) AND o.kind = ANY (CAST(:whole AS text[])))
""")
_SUPERSEDE = text("""
    UPDATE mill.plan_actions SET state = 'superseded', row_version = row_version + 1
    WHERE run_id = :before AND state IN ('open', 'accepted')
      AND key NOT IN (SELECT key FROM mill.plan_actions WHERE run_id = :number)
""")


async def lock_action(conn: WriteConnection, number: int, seq: int) -> Row[Any] | None:
    """The advice as it stands, so that nobody else decides about it meanwhile."""
    query: Select[Any] = select(_ACTION.row_version, _ACTION.state, _ACTION.assignee, _ACTION.note)
    query = query.where(_ACTION.run_id == number, _ACTION.seq == seq).with_for_update()
    row: Row[Any] | None = (await conn.execute(query)).one_or_none()
    return row


async def put_action(
    conn: WriteConnection, number: int, seq: int, changes: Mapping[str, Any], who: str
) -> None:
    """Change state, assignee or note of an advice."""
    query = update(models.PlanAction).where(_ACTION.run_id == number, _ACTION.seq == seq)
    decided = {"decided_by": who, "decided_at": func.now(), "row_version": _ACTION.row_version + 1}
    await conn.execute(query.values(**changes, **decided))


async def decide_later(conn: WriteConnection, number: int, seq: int) -> int:
    """What was just decided holds for the same advice of later plans that nobody decided about; how many."""
    return (await conn.execute(_LATER, {"number": number, "seq": seq, "whole": list(WHOLE)})).rowcount


async def carry_decided(conn: WriteConnection, before: int, number: int) -> int:
    """What was decided about the advice of an earlier plan holds for the same advice of a later; how many."""
    return (await conn.execute(_CARRY, {"before": before, "number": number})).rowcount


async def supersede(conn: WriteConnection, before: int, number: int) -> int:
    """Advice of an earlier plan that a later one has no more is superseded; how many."""
    return (await conn.execute(_SUPERSEDE, {"before": before, "number": number})).rowcount
