"""How far the stations that are followed are known: for health pages, alerts and metrics."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.reporting.desk import SourceState

AnyRow = Row[*tuple[Any, ...]]

# A station without a look at its today is known as of its newest look at all.
_FOLLOWED = text("""
    SELECT s.code,
           coalesce(max(v.fetched_at) FILTER (WHERE v.local_date = (now() AT TIME ZONE s.time_zone)::date),
                    max(v.fetched_at)) AS seen_at,
           max(upper(v.covered)) AS known_until
    FROM crew.station s LEFT JOIN crew.day_version v ON v.station_id = s.id AND v.known_to IS NULL
         AND v.local_date >= (now() AT TIME ZONE s.time_zone)::date - 31
    WHERE s.brigade_id IS NOT NULL GROUP BY s.code ORDER BY s.code
""")


async def select_followed(conn: ReadConnection) -> Sequence[AnyRow]:
    """Of each followed station: when its today was seen, and until when anything is known."""
    return (await conn.execute(_FOLLOWED)).all()


async def select_freshness(conn: ReadConnection) -> Mapping[str, datetime | None]:
    """Complete through when, by station: the last look at its today."""
    return {row.code: row.seen_at for row in await select_followed(conn)}


async def source_states(conn: ReadConnection) -> list[SourceState]:
    """Gartan: its newest look, and the instant that every station's today was seen at or after."""
    seen = [row.seen_at for row in await select_followed(conn)]
    if not seen:
        return []
    through = None if None in seen else min(seen)
    return [SourceState("gartan", None, max((at for at in seen if at is not None), default=None), through)]
