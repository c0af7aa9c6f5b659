"""Points by hand, the ledger, and what there is to earn."""

from typing import Any, Final

from service.access import audit
from service.children.door import admit
from service.children.queries import achievements
from service.children.queries.points import award
from service.children.rules.achievements import ACHIEVEMENTS, progress_of
from service.children.rules.permissions import Action
from service.children.rules.points import level_of, next_level_at
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.schemas.children.points import Achievements, PointsAsk, PointsAwarded

AWARDED: Final = "points.award"
LEDGER_READ: Final = "points.read"
ACHIEVEMENTS_READ: Final = "achievements.read"


async def give(conn: WriteConnection, caller: Caller, child_id: int, ask: PointsAsk) -> PointsAwarded:
    """Award points by hand, with their reason in the ledger."""
    await admit(conn, caller, child_id, Action.AWARD_POINTS, AWARDED)
    given = [(child_id, None, ask.points)]
    [row] = await award(conn, "manual", given, reason=ask.reason, actor=caller.person)
    earned = await achievements.insert_earned(conn, [child_id])
    await audit.record(
        conn, caller, AWARDED, f"child:{child_id}", child_id=child_id, changed_fields=["points"]
    )
    before = level_of(row.total - row.added)
    return PointsAwarded(
        points_added=row.added,
        total_points=row.total,
        old_level=before,
        new_level=row.level,
        level_up=row.level > before,
        achievements=sorted(one.achievement_id for one in earned),
    )


async def read_achievements(conn: ReadConnection, caller: Caller, child_id: int) -> Achievements:
    """Everything there is to earn, in its order, and how far the child is."""
    await admit(conn, caller, child_id, Action.READ, ACHIEVEMENTS_READ)
    rows = {row.id: row for row in await achievements.select_progress(conn, child_id)}
    first = next(iter(rows.values()))
    items: list[dict[str, Any]] = [
        {
            "id": one.id,
            "title": one.title,
            "counts": one.counts,
            "have": rows[one.id].have,
            "need": one.need,
            "progress": progress_of(rows[one.id].have, one.need),
            "earned_at": rows[one.id].earned_at,
            "source_session_id": rows[one.id].source_session_id,
        }
        for one in ACHIEVEMENTS
    ]
    told = {
        "child_id": child_id,
        "points": first.points,
        "level": first.level,
        "next_level_at": next_level_at(first.level),
        "earned": sum(item["earned_at"] is not None for item in items),
        "items": items,
    }
    return Achievements.model_validate(told)
