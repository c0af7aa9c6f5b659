"""Of how many people a part of a window is not known, though its days were looked at (spec D.5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from service.core.database import ReadConnection
from service.crew.queries.states import Whom, both

# Segments of a person never overlap (the database sees to it), so their clipped lengths add up.
_PARTLY: Final = """
    , known AS (
        SELECT crew_id, sum(least(upper(during), :end) - greatest(lower(during), :start)) AS span
        FROM seg GROUP BY crew_id
    )
    SELECT person.station_id, count(*) AS people
    FROM person LEFT JOIN known ON known.crew_id = person.id
    WHERE coalesce(known.span, interval '0') < CAST(:end AS timestamptz) - CAST(:start AS timestamptz)
    GROUP BY person.station_id
"""
PARTLY, PARTLY_THEN = both(_PARTLY)


async def select_partly_known(
    conn: ReadConnection, whom: Whom, start: datetime, end: datetime
) -> Mapping[int, int]:
    """How many of these people are not known throughout a window, by station; without 0."""
    statement = PARTLY if whom.known_at is None else PARTLY_THEN
    rows = await conn.execute(statement, whom.values(start, end))
    return {row.station_id: row.people for row in rows}
