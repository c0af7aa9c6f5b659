"""The statements that put an observation of a day in force (spec D.4)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, insert, text

from service.core.database import WriteConnection
from service.crew.models import DaySnapshot

AnyRow = Row[*tuple[Any, ...]]

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_LOCK_DAY = text("""
    SELECT pg_advisory_xact_lock_shared(hashtextextended(:station, 0)),
           pg_advisory_xact_lock(hashtextextended(:day, 0))
""")
_IN_FORCE = text("""
    SELECT v.snapshot_id, v.fetched_at, v.listed, s.sha256, s.parser_version
    FROM crew.day_version v JOIN crew.day_snapshot s ON s.id = v.snapshot_id
    WHERE v.station_id = :station AND v.local_date = :day AND v.known_to IS NULL
""")
_SEEN_AGAIN = text("""
    UPDATE crew.day_version SET fetched_at = :at
    WHERE station_id = :station AND local_date = :day AND known_to IS NULL
""")

_SEEN = """
    seen AS (
        SELECT key, name, role, coalesce(string_to_array(nullif(skills, ''), ' '), '{}') AS skills,
               contract, booked, raw
        FROM unnest(CAST(:keys AS text[]), CAST(:names AS text[]), CAST(:roles AS text[]),
                    CAST(:skills AS text[]), CAST(:contracts AS numeric[]), CAST(:booked AS numeric[]),
                    CAST(:raws AS text[])) AS t (key, name, role, skills, contract, booked, raw)
    )
"""
# Only who is missing is inserted: each row that is offered spends a number, also where it meets one that is
# there, and of four bytes the looks at 2,000 people, one day changed every five minutes, would in ten years
# leave none.
_NEW_PEOPLE = text(f"""
    WITH {_SEEN}
    INSERT INTO crew.crew_member
        (station_id, name_key, grid_name, role, skills, contract_hours, booked_hours, contract_raw,
         first_seen_at, last_seen_at, known_from)
    SELECT :station, key, name, role, skills, contract, booked, raw, :at, :at, :at
    FROM seen
    WHERE NOT EXISTS (SELECT FROM crew.crew_member m WHERE m.station_id = :station AND m.name_key = seen.key)
    ORDER BY key
    ON CONFLICT (station_id, name_key) DO NOTHING
    RETURNING id
""")  # noqa: S608  our own words
# A profile is that of the newest look, whichever day it was a look at. Locked in one order: looks at two days
# of a station end at the same time.
_PEOPLE = text(f"""
    WITH {_SEEN}, member AS MATERIALIZED (
        SELECT m.* FROM crew.crew_member m
        WHERE m.station_id = :station AND m.name_key = ANY (CAST(:keys AS text[]))
        ORDER BY m.name_key FOR NO KEY UPDATE OF m
    ), changed AS (
        SELECT m.* FROM member m JOIN seen ON seen.key = m.name_key
        WHERE m.last_seen_at <= :at
          AND (m.role, m.skills, m.contract_hours, m.active)
              IS DISTINCT FROM (seen.role, seen.skills, seen.contract, true)
    ), kept AS (
        INSERT INTO crew.crew_member_past
            (crew_id, known_from, known_to, role, skills, contract_hours, booked_hours, active)
        SELECT id, known_from, :at, role, skills, contract_hours, booked_hours, active FROM changed
        WHERE known_from < :at
        ON CONFLICT DO NOTHING
    ), renewed AS (
        UPDATE crew.crew_member m SET
            grid_name = seen.name, role = seen.role, skills = seen.skills, contract_hours = seen.contract,
            booked_hours = seen.booked, contract_raw = seen.raw, active = true, last_seen_at = :at,
            known_from = CASE WHEN m.id IN (SELECT id FROM changed) THEN :at ELSE m.known_from END
        FROM seen
        WHERE m.station_id = :station AND m.name_key = seen.key AND m.last_seen_at <= :at
    )
    SELECT id, name_key, id IN (SELECT id FROM changed) AS changed FROM member
""")  # noqa: S608  our own words
_SKILLS = text("""
    INSERT INTO crew.skill (code, label) SELECT code, code FROM unnest(CAST(:codes AS text[])) AS t (code)
    ON CONFLICT DO NOTHING
""")
_NEW_APPLIANCES = text("""
    INSERT INTO crew.appliance (station_id, name, gartan_ref)
    SELECT :station, name, ref
    FROM unnest(CAST(:names AS text[]), CAST(:refs AS integer[])) AS t (name, ref)
    WHERE NOT EXISTS (SELECT FROM crew.appliance a WHERE a.station_id = :station AND a.name = t.name)
    ORDER BY name
    ON CONFLICT (station_id, name) DO NOTHING
    RETURNING id
""")
_APPLIANCES = text("""
    WITH seen AS (
        SELECT a.id, a.name, a.gartan_ref, a.active, coalesce(t.ref, a.gartan_ref) AS ref
        FROM unnest(CAST(:names AS text[]), CAST(:refs AS integer[])) AS t (name, ref)
        JOIN crew.appliance a ON a.station_id = :station AND a.name = t.name
        ORDER BY a.name FOR NO KEY UPDATE OF a
    ), renewed AS (
        UPDATE crew.appliance a SET gartan_ref = seen.ref, active = true
        FROM seen WHERE a.id = seen.id AND (seen.gartan_ref, seen.active) IS DISTINCT FROM (seen.ref, true)
    )
    SELECT id, name FROM seen
""")
_GRID_RULES_ENDED = text("""
    UPDATE crew.crewing_rule r SET valid_to = greatest(:at, r.valid_from + interval '1 microsecond')
    FROM unnest(CAST(:ids AS integer[]), CAST(:names AS text[]), CAST(:requirements AS text[]))
         AS t (id, name, requirements)
    WHERE r.appliance_id = t.id AND r.origin = 'grid' AND r.valid_to IS NULL
      AND (r.name, r.requirements) IS DISTINCT FROM (t.name, CAST(t.requirements AS jsonb))
""")
_GRID_RULES = text("""
    INSERT INTO crew.crewing_rule
        (appliance_id, name, origin, enforced, requirements, valid_from, changed_by)
    SELECT t.id, t.name, 'grid', false, CAST(t.requirements AS jsonb), :at, 'grid'
    FROM unnest(CAST(:ids AS integer[]), CAST(:names AS text[]), CAST(:requirements AS text[]))
         AS t (id, name, requirements)
    WHERE NOT EXISTS (SELECT 1 FROM crew.crewing_rule r
                      WHERE r.appliance_id = t.id AND r.origin = 'grid' AND r.valid_to IS NULL)
    RETURNING id
""")

_CREW_OUT = text("""
    WITH gone AS (
        DELETE FROM crew.crew_availability WHERE local_date = :day
          AND crew_id IN (SELECT id FROM crew.crew_member WHERE station_id = :station)
        RETURNING crew_id, local_date, during, state, reason, snapshot_id
    ), kept AS (
        INSERT INTO crew.crew_availability_past (crew_id, local_date, during, state, reason, snapshot_id)
        SELECT crew_id, local_date, during, state, reason, snapshot_id FROM gone
    )
    SELECT crew_id AS owner, lower(during) AS start, upper(during) AS "end", state, reason FROM gone
    ORDER BY 1, 2
""")
_CREW_IN = text("""
    INSERT INTO crew.crew_availability (crew_id, local_date, during, state, reason, snapshot_id)
    SELECT owner, :day, tstzrange(start, "end"), state, reason, :snapshot
    FROM unnest(CAST(:owners AS integer[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),
                CAST(:states AS text[]), CAST(:reasons AS text[])) AS t (owner, start, "end", state, reason)
""")
_APPLIANCES_OUT = text("""
    WITH gone AS (
        DELETE FROM crew.appliance_availability WHERE local_date = :day
          AND appliance_id IN (SELECT id FROM crew.appliance WHERE station_id = :station)
        RETURNING appliance_id, local_date, during, state, snapshot_id
    ), kept AS (
        INSERT INTO crew.appliance_availability_past (appliance_id, local_date, during, state, snapshot_id)
        SELECT appliance_id, local_date, during, state, snapshot_id FROM gone
    )
    SELECT appliance_id AS owner, lower(during) AS start, upper(during) AS "end", state, NULL AS reason
    FROM gone ORDER BY 1, 2
""")
_APPLIANCES_IN = text("""
    INSERT INTO crew.appliance_availability (appliance_id, local_date, during, state, snapshot_id)
    SELECT owner, :day, tstzrange(start, "end"), state, :snapshot
    FROM unnest(CAST(:owners AS integer[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),
                CAST(:states AS text[]), CAST(:reasons AS text[])) AS t (owner, start, "end", state, reason)
""")
_RUNS = text("""
    SELECT appliance_id AS owner, lower(during) AS start, upper(during) AS "end", state, NULL AS reason
    FROM crew.appliance_availability
    WHERE local_date = :day AND appliance_id IN (SELECT id FROM crew.appliance WHERE station_id = :station)
    ORDER BY 1, 2
""")
_COUNTS_OUT = text("DELETE FROM crew.grid_count WHERE station_id = :station AND local_date = :day")
_COUNTS_IN = text("""
    INSERT INTO crew.grid_count (station_id, local_date, label, during, value, snapshot_id)
    SELECT :station, :day, label, tstzrange(start, "end"), value, :snapshot
    FROM unnest(CAST(:labels AS text[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),
                CAST(:values AS integer[])) AS t (label, start, "end", value)
""")
_CHANGES = text("""
    INSERT INTO crew.state_change
        (station_id, seen_at, local_date, crew_id, appliance_id, during, was, was_reason, now, now_reason)
    SELECT :station, :at, :day, crew, appliance, tstzrange(start, "end"), was, was_reason, now, now_reason
    FROM unnest(CAST(:crews AS integer[]), CAST(:appliances AS integer[]), CAST(:starts AS timestamptz[]),
                CAST(:ends AS timestamptz[]), CAST(:was AS text[]), CAST(:was_reasons AS text[]),
                CAST(:nows AS text[]), CAST(:now_reasons AS text[]))
         AS t (crew, appliance, start, "end", was, was_reason, now, now_reason)
""")
_VERSION_ENDED = text("""
    UPDATE crew.day_version SET known_to = :at
    WHERE station_id = :station AND local_date = :day AND known_to IS NULL
""")
_VERSION = text("""
    INSERT INTO crew.day_version
        (snapshot_id, station_id, local_date, fetched_at, covered, listed, known_from)
    SELECT :snapshot, :station, :day, :at,
           (SELECT coalesce(range_agg(tstzrange(start, "end")), '{}')
            FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS t (start, "end")),
           CAST(:listed AS integer[]), :at
""")
_PAGE = text("INSERT INTO crew.day_page (snapshot_id, body, expires_at) VALUES (:snapshot, :body, :expires)")


async def lock_day(conn: WriteConnection, station: int, day: date) -> None:
    """Nobody else puts this day in force until the transaction ends."""
    await conn.execute(_LOCK_DAY, {"station": f"crew/{station}", "day": f"crew/{station}/{day}"})


async def lock_station(conn: WriteConnection, station: int) -> None:
    """Nobody else puts any day of this station in force until the transaction ends.

    For what puts many in force at once: one lock after the other, it would meet a sync that has the next day
    and waits for the people of the last one.
    """
    await conn.execute(_LOCK, {"name": f"crew/{station}"})


async def select_in_force(conn: WriteConnection, station: int, day: date) -> AnyRow | None:
    """The observation in force of a day, with its hash; None: the day was never seen."""
    return (await conn.execute(_IN_FORCE, {"station": station, "day": day})).one_or_none()


async def add_snapshot(conn: WriteConnection, values: Mapping[str, Any]) -> int:
    """Record an observation; its number."""
    return (await conn.execute(insert(DaySnapshot).values(values).returning(DaySnapshot.id))).scalar_one()


async def add_page(conn: WriteConnection, snapshot: int, body: bytes, expires: datetime) -> None:
    """Keep the raw page of an observation until an instant."""
    await conn.execute(_PAGE, {"snapshot": snapshot, "body": body, "expires": expires})


async def see_again(conn: WriteConnection, station: int, day: date, at: datetime) -> None:
    """The same content was observed once more."""
    await conn.execute(_SEEN_AGAIN, {"station": station, "day": day, "at": at})


async def put_people(
    conn: WriteConnection, station: int, at: datetime, people: Mapping[str, Sequence[Any]]
) -> tuple[dict[str, int], bool]:
    """The ids of these people by name key, made or brought up to date; and whether any profile changed."""
    values = {"station": station, "at": at, **people}
    made = (await conn.execute(_NEW_PEOPLE, values)).all()
    rows = (await conn.execute(_PEOPLE, values)).all()
    return {row.name_key: row.id for row in rows}, bool(made) or any(row.changed for row in rows)


async def put_skills(conn: WriteConnection, codes: Sequence[str]) -> None:
    """Codes that were never met become skills."""
    await conn.execute(_SKILLS, {"codes": list(codes)})


async def put_appliances(
    conn: WriteConnection, station: int, names: Sequence[str], refs: Sequence[int | None]
) -> tuple[dict[str, int], bool]:
    """The ids of these appliances by name; and whether any is new."""
    values = {"station": station, "names": list(names), "refs": list(refs)}
    made = (await conn.execute(_NEW_APPLIANCES, values)).all()
    rows = (await conn.execute(_APPLIANCES, values)).all()
    return {row.name: row.id for row in rows}, bool(made)


async def put_grid_rules(
    conn: WriteConnection, at: datetime, rules: Mapping[int, tuple[str, list[dict[str, Any]]]]
) -> bool:
    """The rules that titles state, by appliance: name and requirements. Whether any is new."""
    values = {
        "at": at,
        "ids": list(rules),
        "names": [name for name, _ in rules.values()],
        "requirements": [orjson.dumps(requirements).decode() for _, requirements in rules.values()],
    }
    await conn.execute(_GRID_RULES_ENDED, values)
    return bool((await conn.execute(_GRID_RULES, values)).all())


async def replace_crew(
    conn: WriteConnection, where: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]
) -> Sequence[AnyRow]:
    """Segments of people on a day: those that were in force go to the past and are returned."""
    gone = (await conn.execute(_CREW_OUT, where)).all()
    await conn.execute(_CREW_IN, {**where, **rows})
    return gone


async def replace_appliances(
    conn: WriteConnection, where: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]
) -> Sequence[AnyRow]:
    """The same of appliances."""
    gone = (await conn.execute(_APPLIANCES_OUT, where)).all()
    await conn.execute(_APPLIANCES_IN, {**where, **rows})
    return gone


async def select_runs(conn: WriteConnection, where: Mapping[str, Any]) -> Sequence[AnyRow]:
    """The segments of appliances that are in force on a day."""
    values = {name: where[name] for name in ("station", "day")}
    return (await conn.execute(_RUNS, values)).all()


async def replace_counts(
    conn: WriteConnection, where: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]
) -> None:
    """The counts that the grid itself states of a day."""
    await conn.execute(_COUNTS_OUT, where)
    await conn.execute(_COUNTS_IN, {**where, **rows})


async def replace_version(
    conn: WriteConnection, where: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]
) -> None:
    """From now on this observation is in force."""
    await conn.execute(_VERSION_ENDED, where)
    await conn.execute(_VERSION, {**where, **rows})


async def add_changes(
    conn: WriteConnection, where: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]
) -> None:
    """What the new observation says otherwise.

    Numbers are given in the order of the commits, over all stations: who has read the feed up to a number has
    missed nothing. The lock is held to the end of the transaction, of which one statement is left.
    """
    await conn.execute(_LOCK, {"name": "crew.state_change"})
    await conn.execute(_CHANGES, {**where, **rows})


def where_of(station: int, day: date, snapshot: int, at: datetime) -> dict[str, Any]:
    """What every statement of one day's application takes."""
    return {"station": station, "day": day, "snapshot": snapshot, "at": at}
