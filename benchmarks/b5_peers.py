"""What B5 is held against: the statements of crew spec D.5 as they stand there, on the same tables."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from benchmarks.b5_ground import AHEAD, MONDAY, NOW
from service.core.database import Database

_STATE = text("""
    WITH seg AS (
      SELECT a.crew_id, a.during, a.state, a.reason
      FROM crew.crew_availability a JOIN crew.crew_member m ON m.id = a.crew_id
      WHERE m.station_id = :station
        AND a.during && tstzrange(CAST(:at AS timestamptz) - interval '35 days',
                                  CAST(:at AS timestamptz) + interval '35 days')
    ), agg AS (
      SELECT crew_id, range_agg(during) FILTER (WHERE state = 'available') AS avail,
             range_agg(during) AS known
      FROM seg GROUP BY crew_id)
    SELECT m.id, m.grid_name, m.role,
      CASE WHEN cur.r IS NOT NULL THEN 'available' WHEN kn.r IS NOT NULL THEN 'unavailable'
           ELSE 'unknown' END AS state,
      why.reason, lower(cur.r) AS since, upper(cur.r) AS until,
      upper(cur.r) = upper(kn.r) AS until_is_lower_bound, lower(nxt.r) AS next_from,
      upper(kn.r) AS known_until
    FROM crew.crew_member m LEFT JOIN agg ON agg.crew_id = m.id
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.avail) r WHERE r @> CAST(:at AS timestamptz)) cur ON true
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.known) r WHERE r @> CAST(:at AS timestamptz)) kn ON true
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.avail) r WHERE lower(r) > CAST(:at AS timestamptz)
                       ORDER BY lower(r) LIMIT 1) nxt ON true
    LEFT JOIN LATERAL (SELECT s.reason FROM seg s WHERE s.crew_id = m.id AND s.state = 'unavailable'
                       AND s.during @> CAST(:at AS timestamptz)) why ON true
    WHERE m.station_id = :station AND m.active ORDER BY m.id
""")
_HOURS = text("""
    WITH w AS (
      SELECT tstzrange(CAST(:monday AS date)::timestamp AT TIME ZONE s.time_zone,
                       (CAST(:monday AS date) + 7)::timestamp AT TIME ZONE s.time_zone) AS wk,
             tstzrange(CAST(:monday AS date)::timestamp AT TIME ZONE s.time_zone,
                       greatest(CAST(:monday AS date)::timestamp AT TIME ZONE s.time_zone,
                                least(CAST(:now AS timestamptz),
                                      (CAST(:monday AS date) + 7)::timestamp AT TIME ZONE s.time_zone))
             ) AS done
      FROM crew.station s WHERE s.id = :station)
    SELECT m.id,
      round(coalesce((SELECT sum(extract(epoch FROM upper(x) - lower(x)))
                      FROM unnest(a.mr * tstzmultirange(w.wk)) x), 0) / 3600, 2) AS planned,
      round(coalesce((SELECT sum(extract(epoch FROM upper(x) - lower(x)))
                      FROM unnest(a.mr * tstzmultirange(w.done)) x), 0) / 3600, 2) AS achieved
    FROM crew.crew_member m CROSS JOIN w
    LEFT JOIN LATERAL (SELECT range_agg(during) mr FROM crew.crew_availability
                       WHERE crew_id = m.id AND state = 'available' AND during && w.wk) a ON true
    WHERE m.station_id = :station ORDER BY 1
""")
_COVERAGE = text("""
    SELECT g.t AS slot, count(a.crew_id) AS crew, count(*) FILTER (WHERE m.skills && '{LGV,ERD}') AS drivers
    FROM generate_series(CAST(:start AS timestamptz), CAST(:end AS timestamptz) - interval '15 minutes',
                         interval '15 minutes') AS g (t)
    LEFT JOIN crew.crew_availability a ON a.state = 'available' AND a.during @> g.t
         AND a.crew_id IN (SELECT id FROM crew.crew_member WHERE station_id = :station)
    LEFT JOIN crew.crew_member m ON m.id = a.crew_id
    GROUP BY 1 ORDER BY 1
""")
_SWEEP = text("""
    WITH seg AS (
      SELECT a.crew_id, a.during * tstzrange(:start, :end) AS r
      FROM crew.crew_availability a JOIN crew.crew_member m ON m.id = a.crew_id
      WHERE m.station_id = :station AND a.state = 'available' AND a.during && tstzrange(:start, :end)),
    pt AS (SELECT CAST(:start AS timestamptz) AS t UNION SELECT :end UNION SELECT lower(r) FROM seg
           UNION SELECT upper(r) FROM seg),
    iv AS (SELECT t AS a, lead(t) OVER (ORDER BY t) AS b FROM pt)
    SELECT iv.a, iv.b,
           coalesce(array_agg(seg.crew_id ORDER BY seg.crew_id) FILTER (WHERE seg.crew_id IS NOT NULL),
                    '{}') AS crew
    FROM iv LEFT JOIN seg ON seg.r @> tstzrange(iv.a, iv.b)
    WHERE iv.b IS NOT NULL GROUP BY 1, 2 ORDER BY 1
""")


class Plain:
    """Each question as one statement."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def states(self, station: int) -> Sequence[Row[Any]]:
        """How each person stands now."""
        return await self._rows(_STATE, station=station, at=NOW)

    async def hours(self, station: int) -> Sequence[Row[Any]]:
        """The hours of a week of each person."""
        return await self._rows(_HOURS, station=station, monday=MONDAY, now=NOW)

    async def coverage(self, station: int) -> Sequence[Row[Any]]:
        """Two weeks in quarter hours."""
        return await self._rows(_COVERAGE, station=station, start=NOW, end=NOW + AHEAD)

    async def sweep(self, station: int) -> Sequence[Row[Any]]:
        """Two weeks in stretches of one crew."""
        return await self._rows(_SWEEP, station=station, start=NOW, end=NOW + AHEAD)

    async def _rows(self, statement: Any, **values: int | date | datetime) -> Sequence[Row[Any]]:
        async with self.db.read() as conn:
            return (await conn.execute(statement, values)).all()
