"""What a station's page shows: its days, their last looks, its last runs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

AnyRow = Row[*tuple[Any, ...]]

_DAYS = text("""
    WITH last AS (
        SELECT DISTINCT ON (local_date) local_date, fetched_at, outcome, code FROM crew.day_snapshot
        WHERE station_id = :station AND local_date >= :since ORDER BY local_date, fetched_at DESC, id DESC
    ), in_force AS (
        SELECT v.local_date, v.fetched_at, v.covered, cardinality(v.listed) AS people, s.status, s.warnings,
               s.resolution_min
        FROM crew.day_version v JOIN crew.day_snapshot s ON s.id = v.snapshot_id
        WHERE v.station_id = :station AND v.known_to IS NULL AND v.local_date >= :since
    )
    SELECT local_date AS day, f.fetched_at AS seen_at, lower(f.covered) AS known_from,
           upper(f.covered) AS known_until, f.people, f.status, f.resolution_min,
           coalesce((SELECT array_agg(DISTINCT w ->> 'code') FROM jsonb_array_elements(f.warnings) w), '{}')
               AS warnings,
           l.fetched_at AS last_at, l.outcome, l.code
    FROM last l FULL JOIN in_force f USING (local_date) ORDER BY local_date
""")
_RUNS = text("""
    SELECT id, job, state, created_at, finished_at, counts,
           coalesce(error ->> 'code', result ->> 'code') AS code
    FROM muster.run WHERE job IN ('crew.sync', 'crew.look_ahead') AND scope = :scope
    ORDER BY created_at DESC LIMIT :most
""")


async def select_days(conn: ReadConnection, station_id: int, since: date) -> Sequence[AnyRow]:
    """Each day from `since` on that was looked at, in order."""
    return (await conn.execute(_DAYS, {"station": station_id, "since": since})).all()


async def select_runs(conn: ReadConnection, scope: str, most: int) -> Sequence[AnyRow]:
    """The newest runs of a station."""
    return (await conn.execute(_RUNS, {"scope": scope, "most": most})).all()
