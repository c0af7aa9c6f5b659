"""Figures over all children whose guardians agreed to platform statistics (spec E8, consent `analytics`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.schemas.children.across import Dimension

_AGE: Final = """coalesce(
    CAST(extract(year FROM age(CAST(:today AS date), c.date_of_birth)) AS int),
    c.age + CAST(extract(year FROM age(CAST(:today AS date), c.age_recorded_on)) AS int))"""
_DIMENSIONS: Final[Mapping[Dimension, str]] = {
    "age_category": f"""CASE WHEN {_AGE} < 3 THEN 'early_intervention' WHEN {_AGE} < 6 THEN 'preschool'
        WHEN {_AGE} < 12 THEN 'elementary' WHEN {_AGE} < 18 THEN 'adolescent' ELSE 'adult' END""",
    "support_level": "coalesce(CAST(c.support_level AS text), 'none')",
    "communication_style": "coalesce(c.communication_style, 'none')",
    "session_type": "g.session_type",
}
TAKING_PART: Final = """c.deleted_at IS NULL AND c.is_active AND c.restricted_at IS NULL
      AND EXISTS (SELECT FROM children.consents AS k WHERE k.child_id = c.id AND k.purpose = 'analytics'
                  AND k.withdrawn_at IS NULL)"""
"""Whose sessions statistics over all are worked from: children `c` with the consent, and not restricted."""
# Each child first by itself, then the children together: who plays most does not count most, and no mean is
# that of one child.
_CELLS: Final = """
WITH each AS (
    SELECT c.id, {dimensions} AS key, count(*) AS finished,
           100.0 * count(*) FILTER (WHERE g.completion_status = 'completed') / count(*) AS completion,
           avg(g.score) FILTER (WHERE g.completion_status = 'completed') AS score,
           avg(g.engagement_score) AS engagement, avg(g.accuracy_pct) AS accuracy,
           avg(g.active_seconds) / 60 AS minutes
    FROM children.children AS c JOIN children.game_sessions AS g ON g.child_id = c.id
    WHERE {taking_part} AND g.deleted_at IS NULL AND g.completion_status <> 'in_progress'
      AND g.started_at >= :from_at AND g.started_at < :to_at
    GROUP BY c.id, 2
)
SELECT key, count(*) AS n, avg(finished) AS finished, avg(completion) AS completion, avg(score) AS score,
       count(score) AS score_n, avg(engagement) AS engagement, count(engagement) AS engagement_n,
       avg(accuracy) AS accuracy, count(accuracy) AS accuracy_n, avg(minutes) AS minutes,
       count(minutes) AS minutes_n
FROM each GROUP BY key ORDER BY key
"""
_BOUNDS: Final = text("""
    SELECT first, last, CAST(first AS timestamp) AT TIME ZONE :zone AS from_at,
           CAST(last + 1 AS timestamp) AT TIME ZONE :zone AS to_at
    FROM (SELECT coalesce(CAST(:first AS date), today - (CAST(:days AS int) - 1)) AS first,
                 coalesce(CAST(:last AS date), today) AS last
          FROM (SELECT CAST(CAST(:now AS timestamptz) AT TIME ZONE :zone AS date) AS today) AS t) AS b
""")


async def select_bounds(conn: ReadConnection, **span: Any) -> Row[Any]:
    """Days and instants of a window, from `first` and `last` or `days`, with `zone` and `now`."""
    found: Row[Any] = (await conn.execute(_BOUNDS, span)).one()
    return found


async def select_cells(
    conn: ReadConnection, by: Sequence[Dimension], from_at: datetime, to_at: datetime, today: Any
) -> Sequence[Row[Any]]:
    """Groups of children with their figures; `key` holds the values of the dimensions in their order."""
    listed = ", ".join(_DIMENSIONS[dimension] for dimension in by)
    statement = text(_CELLS.format(dimensions=f"CAST(ARRAY[{listed}] AS text[])", taking_part=TAKING_PART))
    values = {"from_at": from_at, "to_at": to_at}
    if "age_category" in by:
        values["today"] = today
    return (await conn.execute(statement, values)).all()
