"""Which days of a station were looked at and when, and what of its runs decides what is due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.crew.rules.planning import Seen

AnyRow = Row[*tuple[Any, ...]]

_SEEN = text("""
    SELECT local_date, max(in_force) AS in_force, max(last) AS last FROM (
        SELECT local_date, fetched_at AS in_force, NULL AS last FROM crew.day_version
        WHERE station_id = :station AND known_to IS NULL AND local_date >= :since
        UNION ALL
        SELECT local_date, NULL, max(fetched_at) FROM crew.day_snapshot
        WHERE station_id = :station AND local_date >= :since GROUP BY local_date
    ) AS looks GROUP BY local_date
""")
_AHEAD = text("""
    SELECT asked.code, count(r.id) AS tried,
           coalesce(bool_or(r.state IN ('queued', 'running', 'done', 'partial')), false) AS done
    FROM unnest(CAST(:codes AS text[]), CAST(:sinces AS timestamptz[])) AS asked (code, since)
    LEFT JOIN muster.run r ON r.job = :job AND r.created_at >= asked.since
                          AND r.params ->> 'station' = asked.code
    GROUP BY asked.code
""")


async def select_seen(conn: ReadConnection, station_id: int, since: date) -> Seen:
    """When each day from `since` on was looked at."""
    rows = (await conn.execute(_SEEN, {"station": station_id, "since": since})).all()
    return Seen(
        {row.local_date: row.in_force for row in rows if row.in_force is not None},
        {row.local_date: row.last for row in rows if row.last is not None},
    )


async def select_looks_ahead(
    conn: ReadConnection, job: str, since: Mapping[str, datetime]
) -> Sequence[AnyRow]:
    """Of each station: how often this job was begun since its instant, and whether one was not in vain."""
    values = {"job": job, "codes": list(since), "sinces": list(since.values())}
    return (await conn.execute(_AHEAD, values)).all()
