"""Hours of a week of all people of some stations: one statement (spec D.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.queries.states import Whom, both

# Segments of a person never overlap (the database sees to it), so their clipped lengths add up.
_HOURS: Final = """
    SELECT person.id, person.station_id, person.station, person.name, person.role, person.contract_hours,
           coalesce(sum(s.planned), 0) AS planned, coalesce(sum(s.achieved), 0) AS achieved,
           coalesce(sum(s.known), 0) AS known
    FROM person
    LEFT JOIN LATERAL (
        SELECT CASE seg.state WHEN 'available' THEN w.span ELSE 0 END AS planned,
               CASE seg.state WHEN 'available' THEN w.done ELSE 0 END AS achieved, w.span AS known
        FROM seg CROSS JOIN LATERAL (
            SELECT extract(epoch FROM least(upper(seg.during), :end) - greatest(lower(seg.during), :start))
                       AS span,
                   extract(epoch FROM greatest(interval '0', least(upper(seg.during), :end, :now)
                                                             - greatest(lower(seg.during), :start))) AS done
        ) w
        WHERE seg.crew_id = person.id
    ) s ON true
    GROUP BY person.id, person.station_id, person.station, person.name, person.role, person.contract_hours
    ORDER BY person.id
"""
HOURS, HOURS_THEN = both(_HOURS)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A person's week in seconds: available in all, of these past, and known at all."""

    id: int
    station_id: int
    station: str
    name: str
    role: str | None
    contract_hours: Decimal | None
    planned: Decimal
    achieved: Decimal
    known: Decimal


async def select_hours(
    conn: ReadConnection, whom: Whom, start: datetime, end: datetime, now: datetime
) -> Sequence[HoursRow]:
    """The hours of these people between two instants, by number; `now` divides what is past."""
    statement = HOURS if whom.known_at is None else HOURS_THEN
    values: dict[str, Any] = {**whom.values(start, end), "now": now}
    return [HoursRow(*row) for row in await conn.execute(statement, values)]
