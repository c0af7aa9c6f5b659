"""Points and achievements of made-up children, from their sessions and activities (spec D7.9, D7.10)."""

from collections.abc import Sequence

from sqlalchemy import text

from service.core.database import WriteConnection

_LEDGER = text("""
    INSERT INTO children.point_ledger (child_id, source_type, source_id, points, created_at)
    SELECT child_id, 'session', id, LEAST(GREATEST(score / 10, 1), 100), ended_at
    FROM children.game_sessions WHERE completion_status = 'completed' AND child_id = ANY(:children)
    UNION ALL
    SELECT child_id, 'activity', id, points_earned, completed_at
    FROM children.activities WHERE points_earned > 0 AND child_id = ANY(:children)
    ORDER BY 5, 3
""")
_POINTS = text("""
    UPDATE children.children AS c SET points = l.points, updated_at = c.updated_at
    FROM (SELECT child_id, sum(points) AS points FROM children.point_ledger
          WHERE child_id = ANY(:children) GROUP BY child_id) AS l
    WHERE l.child_id = c.id
""")
_BY_COUNT = text("""
    INSERT INTO children.child_achievements (child_id, achievement_id, earned_at, source_session_id)
    SELECT done.child_id, a.id, done.at, done.session_id
    FROM (
        SELECT child_id, kind, at, session_id,
               row_number() OVER (PARTITION BY child_id, kind ORDER BY at, session_id) AS n
        FROM (
            SELECT child_id, session_type AS kind, ended_at AS at, id AS session_id
            FROM children.game_sessions
            WHERE completion_status = 'completed' AND child_id = ANY(:children)
            UNION ALL
            SELECT child_id, CASE activity_type WHEN 'dental_care' THEN 'dental_visit' ELSE activity_type END,
                   completed_at, NULL
            FROM children.activities WHERE child_id = ANY(:children)
        ) AS every
    ) AS done
    JOIN (VALUES ('dental_rookie', 'dental_visit', 5), ('dental_champion', 'dental_visit', 10),
                 ('dental_master', 'dental_visit', 20), ('therapy_starter', 'therapy_session', 5),
                 ('therapy_dedicated', 'therapy_session', 15), ('therapy_expert', 'therapy_session', 30))
         AS a (id, kind, need) ON a.kind = done.kind AND a.need = done.n
""")
_BY_LEVEL = text("""
    INSERT INTO children.child_achievements (child_id, achievement_id, earned_at)
    SELECT child_id, 'level_up_master', min(created_at)
    FROM (SELECT child_id, created_at, sum(points) OVER (PARTITION BY child_id ORDER BY id) AS have
          FROM children.point_ledger WHERE child_id = ANY(:children)) AS running
    WHERE have >= 900 GROUP BY child_id
""")
_BY_STREAK = text("""
    INSERT INTO children.child_achievements (child_id, achievement_id, earned_at)
    SELECT child_id, a.id, min(at)
    FROM (
        SELECT child_id, at, row_number() OVER (PARTITION BY child_id, island ORDER BY day) AS n
        FROM (
            SELECT child_id, day, at,
                   day - CAST(row_number() OVER (PARTITION BY child_id ORDER BY day) AS int) AS island
            FROM (
                SELECT g.child_id, CAST(g.started_at AT TIME ZONE c.timezone AS date) AS day,
                       min(g.ended_at) AS at
                FROM children.game_sessions AS g JOIN children.children AS c ON c.id = g.child_id
                WHERE g.completion_status = 'completed' AND g.child_id = ANY(:children)
                GROUP BY 1, 2
            ) AS days
        ) AS islands
    ) AS streaks
    JOIN (VALUES ('streak_7', 7), ('streak_30', 30)) AS a (id, need) ON a.need = streaks.n
    GROUP BY child_id, a.id
""")


async def credit(conn: WriteConnection, children: Sequence[int]) -> None:
    """Award what these children have earned, when they had earned it."""
    for statement in (_LEDGER, _POINTS, _BY_COUNT, _BY_LEVEL, _BY_STREAK):
        await conn.execute(statement, {"children": list(children)})
