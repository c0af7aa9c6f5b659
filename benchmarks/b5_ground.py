"""The fire stations of B5: as many as asked, each with 20 people, one appliance and 28 days.

Six stretches a person and day, three an appliance and day: 3,360 of people a station, as in the figures of
crew spec E. All of it in March 2026 before the clocks change, so that a local day is a day of UTC.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import text

from service.core.database import Database

PEOPLE: Final = 20
DAYS: Final = 28
START: Final = datetime(2026, 3, 1, tzinfo=UTC)
NOW: Final = datetime(2026, 3, 11, 12, tzinfo=UTC)
WEEK: Final = "2026-W11"
MONDAY: Final = date(2026, 3, 9)
AHEAD: Final = timedelta(days=14)
_NEW = "BETWEEN CAST(:first AS int) AND CAST(:last AS int)"
_DATA = (
    """INSERT INTO crew.station (id, code, name, brigade_id) OVERRIDING SYSTEM VALUE
       SELECT n, 'S' || n, 'S' || n, n
       FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n""",
    # A station that is made later gets a number of its own.
    "SELECT setval(pg_get_serial_sequence('crew.station', 'id'), 1000000)",
    f"""INSERT INTO crew.crew_member
           (station_id, name_key, grid_name, role, skills, contract_hours, first_seen_at, last_seen_at,
            known_from)
       SELECT s.id, called, called, (ARRAY['WC', 'CM', 'CC', 'FFC', 'FFD', 'FFT'])[1 + n % 6],
              CASE n % 4 WHEN 0 THEN ARRAY['BA', 'TTR'] WHEN 1 THEN ARRAY['BA', 'LGV'] ELSE ARRAY['BA'] END,
              61, '{START}', '{START}', '{START}'
       FROM crew.station s, generate_series(1, {PEOPLE}) AS n,
            LATERAL (SELECT 'PERSON ' || n || ', A') AS p (called)
       WHERE s.id {_NEW} ORDER BY s.id, n""",
    f"""INSERT INTO crew.appliance (station_id, name, gartan_ref)
       SELECT id, 'P' || id || 'P6', id FROM crew.station WHERE id {_NEW} ORDER BY id""",
    f"""INSERT INTO crew.day_snapshot
           (station_id, local_date, fetched_at, source, sha256, resolution_min, parser_version, status,
            outcome)
       SELECT s.id, date '{START:%Y-%m-%d}' + d, '{NOW}', 'gartan', '\\x00', 15, 1, 'ok', 'applied'
       FROM crew.station s, generate_series(0, {DAYS - 1}) AS d WHERE s.id {_NEW} ORDER BY s.id, d""",
    f"""INSERT INTO crew.day_version
           (snapshot_id, station_id, local_date, fetched_at, known_from, covered, listed)
       SELECT v.id, v.station_id, v.local_date, v.fetched_at, '{START - timedelta(days=3)}',
              tstzmultirange(tstzrange(v.local_date::timestamp AT TIME ZONE 'UTC',
                                       (v.local_date + 1)::timestamp AT TIME ZONE 'UTC')),
              (SELECT array_agg(m.id ORDER BY m.id) FROM crew.crew_member m WHERE m.station_id = v.station_id)
       FROM crew.day_snapshot v WHERE v.station_id {_NEW}""",
    f"""INSERT INTO crew.crew_availability (crew_id, local_date, during, state, reason, snapshot_id)
       SELECT m.id, v.local_date,
              tstzrange(midnight + quarter[k] * interval '15 minutes',
                        midnight + quarter[k + 1] * interval '15 minutes'),
              CASE free WHEN true THEN 'available' ELSE 'unavailable' END,
              CASE free WHEN false THEN CASE k % 3 WHEN 0 THEN 'O' ELSE 'W' END END, v.id
       FROM crew.day_snapshot v JOIN crew.crew_member m USING (station_id),
            LATERAL (SELECT m.id AS n, extract(day FROM v.local_date)::int AS d,
                            v.local_date::timestamp AT TIME ZONE 'UTC' AS midnight) AS of_day,
            LATERAL (SELECT ARRAY[0, 20 + (n * 3 + d * 5) % 12, 36 + (n * 7 + d) % 8, 48 + (n + d * 3) % 8,
                                  64 + (n * 5 + d) % 8, 80 + (n + d) % 8, 96] AS quarter) AS cut,
            generate_series(1, 6) AS k, LATERAL (SELECT (n + d + k) % 2 = 0 AS free) AS drawn
       WHERE v.station_id {_NEW} ORDER BY m.id, v.local_date, k""",
    f"""INSERT INTO crew.appliance_availability (appliance_id, local_date, during, state, snapshot_id)
       SELECT a.id, v.local_date,
              tstzrange(midnight + hour[k] * interval '1 hour', midnight + hour[k + 1] * interval '1 hour'),
              CASE k WHEN 2 THEN 'unavailable' ELSE 'available' END, v.id
       FROM crew.day_snapshot v JOIN crew.appliance a USING (station_id), generate_series(1, 3) AS k,
            LATERAL (SELECT v.local_date::timestamp AT TIME ZONE 'UTC' AS midnight,
                            ARRAY[0, 9, 9 + extract(day FROM v.local_date)::int % 8 + 1, 24] AS hour) AS drawn
       WHERE v.station_id {_NEW} ORDER BY a.id, v.local_date, k""",
)
_COUNT = """ANALYZE crew.station, crew.crew_member, crew.appliance, crew.day_snapshot, crew.day_version,
    crew.crew_availability, crew.appliance_availability"""


async def add_stations(db: Database, first: int, last: int) -> None:
    """Stations `first` to `last`, with everything that is known of them.

    Every segment is held against those of its owner as it comes: some 10,000 rows a second.
    """
    numbers = {"first": first, "last": last}
    async with db.write(timeout=1800) as conn:
        for statement in _DATA:
            await conn.execute(text(statement), numbers if ":first" in statement else {})
    async with db.write(timeout=1800) as conn:
        await conn.exec_driver_sql(_COUNT)
