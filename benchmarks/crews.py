"""Invented stations with weeks of segments, written by SQL: what the benchmarks of the crew desk stand on."""

from sqlalchemy import text

from service.core.database import Database

ZONE = "Europe/London"
START = "2026-03-02"
"""A Monday; no clock changes within the four weeks after it."""


async def make_stations(db: Database, stations: int, people: int, days: int) -> int:
    """Each person is available a quarter of an hour in three hours, off otherwise; answers the segments."""
    async with db.write(timeout=600) as conn:
        for statement in _CREWS:
            await conn.exec_driver_sql(
                statement.format(stations=stations, people=people, days=days, start=START, zone=ZONE)
            )
        for name in ("crew_member", "crew_availability", "day_version", "day_snapshot"):
            await conn.execute(text(f"ANALYZE crew.{name}"))
        return int((await conn.execute(text("SELECT count(*) FROM crew.crew_availability"))).scalar_one())


_CREWS = (
    """INSERT INTO crew.station (code, name, time_zone, brigade_id)
       SELECT 'P' || 100 + n, 'P' || 100 + n, '{zone}', 100 + n FROM generate_series(1, {stations}) n""",
    """INSERT INTO crew.crew_member (station_id, name_key, grid_name, role, skills, contract_hours)
       SELECT s.id, 'PERSON ' || n || ', AB', 'PERSON ' || n || ', AB',
              (ARRAY['WC', 'CM', 'CC', 'FFC', 'FFD'])[1 + n % 5],
              CASE n % 5 WHEN 0 THEN ARRAY['BA', 'TTR'] WHEN 3 THEN ARRAY['BA', 'LGV']
                         ELSE ARRAY['BA'] END, 61
       FROM crew.station s, generate_series(1, {people}) n""",
    """INSERT INTO crew.day_snapshot (station_id, local_date, fetched_at, source, sha256, resolution_min,
                                       parser_version, status, outcome)
       SELECT s.id, d::date, d AT TIME ZONE '{zone}', 'gartan', decode(md5(s.id || d::text), 'hex'), 15, 1,
              'ok', 'applied'
       FROM crew.station s,
            generate_series(date '{start}', date '{start}' + {days} - 1, interval '1 day') d""",
    """INSERT INTO crew.day_version
         (snapshot_id, station_id, local_date, fetched_at, covered, listed, known_from)
       SELECT x.id, x.station_id, x.local_date, x.fetched_at,
              tstzmultirange(tstzrange(x.local_date::timestamp AT TIME ZONE '{zone}',
                                       (x.local_date + 1)::timestamp AT TIME ZONE '{zone}')),
              (SELECT array_agg(m.id) FROM crew.crew_member m WHERE m.station_id = x.station_id), x.fetched_at
       FROM crew.day_snapshot x""",
    """INSERT INTO crew.crew_availability (crew_id, local_date, during, state, reason, snapshot_id)
       SELECT m.id, x.local_date, tstzrange(t + k.lower, t + k.upper), k.state, k.reason, x.id
       FROM crew.day_snapshot x JOIN crew.crew_member m USING (station_id),
            LATERAL (SELECT x.local_date::timestamp AT TIME ZONE '{zone}' AS midnight) AS day,
            generate_series(0, 7) n,
            LATERAL (SELECT midnight + n * interval '3 hours' AS t) AS slot,
            (VALUES (interval '0', interval '15 min', 'available', NULL),
                    (interval '15 min', interval '3 hours', 'unavailable', 'W'))
              AS k (lower, upper, state, reason)
       ORDER BY m.id, x.local_date""",
)
