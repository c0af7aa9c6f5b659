"""What a dashboard shows of each child, as sections beside those of D7, and the counts of the platform."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text

from service.children.queries.figures.population import TAKING_PART
from service.core.database import ReadConnection

_LATELY: Final = """
SELECT {rows}.child_id, CAST(jsonb_build_object(
    'month', jsonb_build_object({figures_of_month}),
    'week', jsonb_build_object({figures_of_week}),
    'last_at', max({rows}.{moment}){more}
) AS text) AS doc
FROM {rows} JOIN asked ON asked.child_id = {rows}.child_id GROUP BY {rows}.child_id
"""
_PLAYED: Final = """'finished', count(*) FILTER (WHERE w.f{when}),
    'completed', count(*) FILTER (WHERE w.c{when}),
    'active_seconds', coalesce(sum(w.active_seconds) FILTER (WHERE w.f{when}), 0)"""
_DONE: Final = "'activities', count(*) FILTER (WHERE a.f{when})"

_LATEST: Final = """
SELECT asked.child_id, CAST(jsonb_agg(jsonb_build_object(
    'activity_id', l.id, 'child_id', asked.child_id, 'activity_type', l.activity_type,
    'activity_name', l.activity_name, 'completed_at', l.completed_at
)) AS text) AS doc
FROM asked CROSS JOIN LATERAL (
    SELECT id, activity_type, activity_name, completed_at FROM children.activities AS l
    WHERE l.child_id = asked.child_id AND l.deleted_at IS NULL AND asked.level IS NOT NULL
    ORDER BY completed_at DESC, id DESC LIMIT 10
) AS l GROUP BY asked.child_id
"""
_POINTS: Final = """
SELECT asked.child_id, CAST(jsonb_build_object(
    'points', c.points, 'level', c.level,
    'days', (
        SELECT jsonb_agg(jsonb_build_object('day', d.day, 'points', d.points)) FROM (
            SELECT CAST(g.day AS date) AS day, coalesce(sum(p.points), 0) AS points
            FROM generate_series(CAST(asked.today - 6 AS timestamp), CAST(asked.today AS timestamp),
                                 interval '1 day') AS g (day)
            LEFT JOIN children.point_ledger AS p ON p.child_id = asked.child_id
                 AND CAST(p.created_at AT TIME ZONE asked.zone AS date) = CAST(g.day AS date)
            GROUP BY g.day
        ) AS d)
) AS text) AS doc
FROM asked JOIN children.children AS c ON c.id = asked.child_id WHERE asked.level IS NOT NULL
"""


def _lately(rows: str, moment: str, figures: str, more: str) -> str:
    week = f" AND {rows}.day > asked.today - 7"
    return _LATELY.format(
        rows=rows,
        moment=moment,
        more=more,
        figures_of_month=figures.format(when=""),
        figures_of_week=figures.format(when=week),
    )


ACROSS: Final[Mapping[str, tuple[str, str]]] = {
    "lately": ("w", _lately("w", "started_at", _PLAYED, ", 'open', count(*) FILTER (WHERE NOT w.f)")),
    "lately_around": ("a", _lately("a", "completed_at", _DONE, "")),
    "latest": ("", _LATEST),
    "points": ("", _POINTS),
}
"""Name → the tables that it reads, and its statement; as `SECTIONS`."""

_PLATFORM: Final = text(f"""
    SELECT (SELECT jsonb_object_agg(role, k) FROM (
               SELECT role, count(*) AS k FROM muster.auth_users WHERE status = 'active' GROUP BY role) AS r
           ) AS people,
           (SELECT count(*) FROM muster.auth_users WHERE created_at >= CAST(:now AS timestamptz)
                - interval '30 days') AS new_people,
           (SELECT count(*) FROM children.children WHERE is_active AND deleted_at IS NULL) AS children,
           played.*
    FROM (
        SELECT count(*) FILTER (WHERE started_at >= CAST(:now AS timestamptz) - interval '7 days') AS week,
               count(DISTINCT child_id) FILTER (
                   WHERE started_at >= CAST(:now AS timestamptz) - interval '7 days') AS week_children,
               count(*) AS month, count(DISTINCT child_id) AS month_children
        FROM children.game_sessions AS g JOIN children.children AS c ON c.id = g.child_id
        WHERE g.deleted_at IS NULL AND g.started_at >= CAST(:now AS timestamptz) - interval '30 days'
          AND {TAKING_PART}
    ) AS played
""")  # noqa: S608  put together from constants


async def select_platform(conn: ReadConnection, now: datetime) -> Row[Any]:
    """The platform in counts: active people by role, children; sessions of those who take part in statistics,
    and how many children they are of.
    """
    found: Row[Any] = (await conn.execute(_PLATFORM, {"now": now})).one()
    return found
