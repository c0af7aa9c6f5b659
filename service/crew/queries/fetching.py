"""Whether stations are being read, how the last reading ended, and how far ahead they are known."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

AnyRow = Row[*tuple[Any, ...]]

_LAST: Final = text("""
    SELECT DISTINCT ON (scope) state, coalesce(error ->> 'code', result ->> 'code') AS code
    FROM muster.run WHERE job IN ('crew.sync', 'crew.look_ahead') AND scope = ANY (CAST(:scopes AS text[]))
    ORDER BY scope, created_at DESC
""")
_HELD: Final = text("""
    SELECT coalesce(max(days), 0) FROM (
        SELECT count(*) AS days FROM crew.day_version v JOIN crew.station s ON s.id = v.station_id
        WHERE v.known_to IS NULL AND upper(v.covered) > now() AND s.code = ANY (CAST(:codes AS text[]))
        GROUP BY s.id
    ) AS held
""")


async def select_last_readings(conn: ReadConnection, codes: Sequence[str]) -> Sequence[AnyRow]:
    """The newest reading of each of these stations: its state, and its code where it failed."""
    scopes = [f"crew.sync/{code}" for code in codes]
    return (await conn.execute(_LAST, {"scopes": scopes})).all()


async def select_days_held(conn: ReadConnection, codes: Sequence[str]) -> int:
    """How many days from today on are known, of the station that is known furthest."""
    return int((await conn.execute(_HELD, {"codes": list(codes)})).scalar_one())
