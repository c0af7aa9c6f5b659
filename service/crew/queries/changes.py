"""The change feed: what newer observations said otherwise, in the order in which it was committed."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, select, text

from service.core.database import ReadConnection
from service.crew.models import StateChange

AnyRow = Row[*tuple[Any, ...]]

# From the index of each station at most as many as are asked for, whatever lies before and behind them.
_CHANGES: Final = text("""
    SELECT c.id, s.code AS station, s.time_zone AS zone, c.seen_at, c.local_date, c.crew_id,
           m.grid_name AS name,
           c.appliance_id, a.name AS appliance, lower(c.during) AS start, upper(c.during) AS "end",
           c.was, c.was_reason, c.now, c.now_reason
    FROM unnest(CAST(:stations AS integer[])) AS asked (station_id)
    CROSS JOIN LATERAL (
        SELECT * FROM crew.state_change x
        WHERE x.station_id = asked.station_id AND x.id > :after ORDER BY x.id LIMIT :limit
    ) c
    JOIN crew.station s ON s.id = c.station_id
    LEFT JOIN crew.crew_member m ON m.id = c.crew_id
    LEFT JOIN crew.appliance a ON a.id = c.appliance_id
    ORDER BY c.id LIMIT :limit
""")
_NEWEST: Final = text("SELECT coalesce(max(id), 0) FROM crew.state_change")


async def select_changes(
    conn: ReadConnection, stations: Sequence[int], after: int, limit: int
) -> Sequence[AnyRow]:
    """The first `limit` changes of these stations after a place in the feed."""
    return (await conn.execute(_CHANGES, {"stations": list(stations), "after": after, "limit": limit})).all()


async def select_newest(conn: ReadConnection) -> int:
    """The place of the newest change; 0: there was none yet."""
    return int((await conn.execute(_NEWEST)).scalar_one())


def changes_after(stations: Sequence[int], after: int) -> Select[Any]:
    """The same as a statement, to be counted."""
    return select(StateChange.id).where(StateChange.station_id.in_(stations), StateChange.id > after)
