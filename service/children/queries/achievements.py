"""What children have of what achievements count, and what they have earned (spec D7.9, D7.10)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.children.rules.achievements import ACHIEVEMENTS
from service.core.database import ReadConnection, WriteConnection

# Child by child, each from its own index: what a child has costs what it has, however many others there are.
_HAVE: Final = """
    WITH whose AS (
        SELECT id, level, timezone FROM children.children WHERE id = ANY (CAST(:children AS bigint[]))
    ), have AS (
        SELECT whose.id AS child_id, figure.counts, figure.have
        FROM whose CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE session_type = 'dental_visit') AS dental,
                   count(*) FILTER (WHERE session_type = 'therapy_session') AS therapy
            FROM children.game_sessions
            WHERE child_id = whose.id AND deleted_at IS NULL AND completion_status = 'completed'
        ) AS played CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE activity_type = 'dental_care') AS dental,
                   count(*) FILTER (WHERE activity_type = 'therapy_session') AS therapy
            FROM children.activities WHERE child_id = whose.id AND deleted_at IS NULL
        ) AS done CROSS JOIN LATERAL (
            SELECT coalesce(max(days), 0) AS longest FROM (
                SELECT count(*) AS days FROM (
                    SELECT day - (row_number() OVER (ORDER BY day))::int AS island FROM (
                        SELECT DISTINCT (started_at AT TIME ZONE whose.timezone)::date AS day
                        FROM children.game_sessions
                        WHERE child_id = whose.id AND deleted_at IS NULL AND completion_status = 'completed'
                    ) AS days
                ) AS islands
                GROUP BY island
            ) AS runs
        ) AS streak CROSS JOIN LATERAL (VALUES
            ('dental', played.dental + done.dental),
            ('therapy', played.therapy + done.therapy),
            ('level', whose.level),
            ('streak', streak.longest)
        ) AS figure (counts, have)
    ), defined AS (
        SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:counts AS text[]), CAST(:needs AS int[]))
            AS d (id, counts, need)
    )
"""
_EARN = text(f"""{_HAVE}
    INSERT INTO children.child_achievements (child_id, achievement_id, source_session_id)
    SELECT have.child_id, defined.id, CAST(:session AS bigint)
    FROM have JOIN defined USING (counts) WHERE have.have >= defined.need
    ON CONFLICT DO NOTHING
    RETURNING child_id, achievement_id
""")  # noqa: S608  put together from constants
_PROGRESS = text(f"""{_HAVE}
    SELECT defined.id, have.have, earned.earned_at, earned.source_session_id, child.points, child.level
    FROM defined JOIN have USING (counts) JOIN children.children AS child ON child.id = have.child_id
    LEFT JOIN children.child_achievements AS earned
        ON earned.child_id = have.child_id AND earned.achievement_id = defined.id
""")  # noqa: S608  put together from constants
_DEFINED: Final = {
    "ids": [one.id for one in ACHIEVEMENTS],
    "counts": [one.counts for one in ACHIEVEMENTS],
    "needs": [one.need for one in ACHIEVEMENTS],
}


async def insert_earned(
    conn: WriteConnection, children: Sequence[int], session_id: int | None = None
) -> Sequence[Row[Any]]:
    """Give children what they have earned by now; the new ones: `child_id`, `achievement_id`.

    It counts what this transaction did too. Two that run at once count each other's only where the child's
    row was updated or locked before: then the later one starts this when the earlier has committed.
    """
    asked = {**_DEFINED, "children": sorted(set(children)), "session": session_id}
    return (await conn.execute(_EARN, asked)).all()


async def select_progress(conn: ReadConnection, child_id: int) -> Sequence[Row[Any]]:
    """How far a child is with each: `id`, `have`, `earned_at`, `source_session_id`; its points and level."""
    return (await conn.execute(_PROGRESS, {**_DEFINED, "children": [child_id]})).all()
