"""Many people with four segments a day each, laid down by a few statements: for sizes, not for rules."""

from datetime import UTC, datetime

from sqlalchemy import text

from tests.crew.house import House
from tests.crew.scenario import station

FIRST = datetime(2026, 2, 1, tzinfo=UTC)
DAYS = 35
_PEOPLE = """
    INSERT INTO crew.crew_member (station_id, name_key, grid_name, skills)
    SELECT :station, 'PERSON ' || n, 'PERSON ' || n, '{BA}' FROM generate_series(1, :people) n
"""
_LOOKS = """
    WITH days AS (SELECT d FROM generate_series(CAST(:first AS timestamptz),
                                                :first + (:days - 1) * interval '1 day', '1 day') d),
    seen AS (
        INSERT INTO crew.day_snapshot
            (station_id, local_date, fetched_at, source, sha256, parser_version, status, outcome)
        SELECT s.id, d::date, :first, 'replay', '', 1, 'ok', 'applied' FROM crew.station s CROSS JOIN days
        RETURNING id, station_id, local_date
    )
    INSERT INTO crew.day_version (snapshot_id, station_id, local_date, fetched_at, covered, listed, known_from)
    SELECT id, station_id, local_date, :first,
           tstzmultirange(tstzrange(local_date::timestamptz, local_date::timestamptz + interval '1 day')),
           array(SELECT m.id FROM crew.crew_member m WHERE m.station_id = seen.station_id), :first
    FROM seen
"""
_SEGMENTS = """
    INSERT INTO crew.crew_availability (crew_id, local_date, during, state, reason, snapshot_id)
    SELECT m.id, v.local_date,
           tstzrange(v.local_date::timestamptz + h * interval '6 hours',
                     v.local_date::timestamptz + (h + 1) * interval '6 hours'),
           CASE (m.id + h) % 2 WHEN 0 THEN 'available' ELSE 'unavailable' END,
           CASE (m.id + h) % 2 WHEN 0 THEN NULL ELSE 'W' END, v.snapshot_id
    FROM crew.day_version v JOIN crew.crew_member m ON m.station_id = v.station_id
    CROSS JOIN generate_series(0, 3) h
"""


async def gather(house: House, stations: int, people: int, days: int = DAYS, *, guarded: bool = True) -> int:
    """So many people at each of so many stations, from 1 February 2026 on; how many segments.

    Not `guarded`: without the constraint against overlaps, which costs three minutes for a million rows.
    """
    made = [await station(house.runtime, f"C{number}") for number in range(stations)]
    async with house.runtime.database.write(timeout=900) as conn:
        if not guarded:
            drop = "ALTER TABLE crew.crew_availability DROP CONSTRAINT ex_crew_availability_overlap"
            await conn.execute(text(drop))
        for one in made:
            await conn.execute(text(_PEOPLE), {"station": one.id, "people": people})
        await conn.execute(text(_LOOKS), {"first": FIRST, "days": days})
        await conn.execute(text(_SEGMENTS))
        await conn.execute(text("ANALYZE"))
    return stations * people * days * 4
