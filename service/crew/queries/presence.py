"""From when to when the grid lists people: between two days on which it does, they are expected on each."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import text

from service.core.database import ReadConnection
from service.crew.queries.station_days import Asked

AROUND: Final = timedelta(days=7)
"""So far around a window days are looked at: who comes back within a week had not left."""

_PRESENCE = text("""
    SELECT crew_id, min(v.local_date) AS first, max(v.local_date) AS last
    FROM crew.day_version v CROSS JOIN LATERAL unnest(v.listed) AS crew_id
    WHERE v.station_id = ANY (:stations) AND v.local_date BETWEEN :first AND :last
      AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN v.known_to IS NULL
               ELSE v.known_from <= :known_at AND (v.known_to IS NULL OR v.known_to > :known_at) END
    GROUP BY crew_id
""")


async def select_presence(conn: ReadConnection, asked: Asked) -> Mapping[int, tuple[date, date]]:
    """The first and the last day on which each person is listed, in a window and a week around it."""
    values = asked.values
    ranged = {**values, "first": values["first"] - AROUND, "last": values["last"] + AROUND}
    del ranged["start"], ranged["end"]
    return {row.crew_id: (row.first, row.last) for row in await conn.execute(_PRESENCE, ranged)}
