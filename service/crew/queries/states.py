"""How people stand at an instant: one statement for all of some stations (spec D.5).

Thirty-five days to either side bound the work; a run that is longer ends there, as a lower bound. `known_at`
asks for what was in force then: the newest look of each day made by that instant, the profiles that held.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import Row, TextClause, text

from service.core.database import ReadConnection
from service.crew.queries.station_days import FETCHED_AT, Look

AROUND: Final = timedelta(days=35)
ROWS_IN_A_BLOCK: Final = 500
"""Of an export: some 60 kB of lines."""
AnyRow = Row[*tuple[Any, ...]]

PEOPLE: Final = """
    person AS (
        SELECT m.id, m.station_id, s.code AS station, s.time_zone, m.grid_name AS name, m.display_name,
               m.contract_raw, m.first_seen_at, m.last_seen_at, p.*
        FROM crew.crew_member m
        JOIN crew.station s ON s.id = m.station_id
        CROSS JOIN LATERAL (
            SELECT m.role, m.skills, m.contract_hours, m.booked_hours, m.active
            WHERE CAST(:known_at AS timestamptz) IS NULL OR m.known_from <= :known_at
            UNION ALL
            SELECT b.role, b.skills, b.contract_hours, b.booked_hours, b.active FROM crew.crew_member_past b
            WHERE b.crew_id = m.id AND b.known_from <= :known_at AND b.known_to > :known_at
        ) AS p
        WHERE m.station_id = ANY (CAST(:stations AS integer[]))
          AND CASE WHEN CAST(:people AS integer[]) IS NULL THEN p.active ELSE m.id = ANY (:people) END
    )
"""
"""Those of some stations who are there, or some by number; with the profile that holds."""
# `OFFSET 0`: of each person by the index. Planned for all of them at once, the days of 20 people were sought
# among all 140,000 segments of 50 stations.
SAID: Final = """
    seg AS (
        SELECT person.id AS crew_id, own.local_date, own.during, own.state, own.reason
        FROM person CROSS JOIN LATERAL (
            SELECT a.local_date, a.during, a.state, a.reason FROM crew.crew_availability a
            WHERE a.crew_id = person.id AND a.local_date BETWEEN :first AND :last
              AND a.during && tstzrange(:start, :end)
            OFFSET 0
        ) own
    )
"""
SAID_THEN: Final = """
    told AS (
        SELECT snapshot_id FROM crew.day_version
        WHERE station_id = ANY (CAST(:stations AS integer[])) AND local_date BETWEEN :first AND :last
          AND known_from <= :known_at AND (known_to IS NULL OR known_to > :known_at)
    ), once AS (
        SELECT person.id AS crew_id, own.local_date, own.during, own.state, own.reason, own.snapshot_id
        FROM person CROSS JOIN LATERAL (
            SELECT a.local_date, a.during, a.state, a.reason, a.snapshot_id FROM crew.crew_availability a
            WHERE a.crew_id = person.id AND a.local_date BETWEEN :first AND :last
            OFFSET 0
        ) own
        UNION ALL
        SELECT crew_id, local_date, during, state, reason, snapshot_id FROM crew.crew_availability_past
        WHERE snapshot_id IN (SELECT snapshot_id FROM told) AND crew_id IN (SELECT id FROM person)
    ), seg AS (
        SELECT crew_id, local_date, during, state, reason FROM once
        WHERE snapshot_id = ANY (ARRAY(SELECT snapshot_id FROM told)) AND during && tstzrange(:start, :end)
    )
"""
_STATES: Final = """
    , agg AS (
        SELECT crew_id, range_agg(during) FILTER (WHERE state = 'available') AS avail,
               range_agg(during) AS known, min(lower(during)) FILTER (WHERE lower(during) > :at) AS begins
        FROM seg GROUP BY crew_id
    )
    SELECT person.*, here.state, here.reason, coalesce(upper(here.during), agg.begins) AS changes,
           lower(cur.r) AS since, upper(cur.r) AS until,
           lower(kn.r) AS known_from, upper(kn.r) AS known_until,
           lower(nxt.r) AS next_from, upper(nxt.r) AS next_until, upper(later.r) AS next_known_until,
           look.listed IS NOT NULL AS fetched, coalesce(person.id = ANY (look.listed), false) AS listed
    FROM person
    LEFT JOIN agg ON agg.crew_id = person.id
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.avail) r WHERE r @> CAST(:at AS timestamptz)) cur ON true
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.known) r WHERE r @> CAST(:at AS timestamptz)) kn ON true
    LEFT JOIN LATERAL (
        SELECT r FROM unnest(agg.avail) r WHERE lower(r) > :at ORDER BY lower(r) LIMIT 1
    ) nxt ON true
    LEFT JOIN LATERAL (SELECT r FROM unnest(agg.known) r WHERE r @> lower(nxt.r)) later ON true
    LEFT JOIN LATERAL (
        SELECT s.during, s.state, s.reason FROM seg s
        WHERE s.crew_id = person.id AND s.during @> CAST(:at AS timestamptz)
    ) here ON true
    LEFT JOIN LATERAL (
        SELECT v.listed FROM crew.day_version v
        WHERE v.station_id = person.station_id AND v.covered @> CAST(:at AS timestamptz)
          AND v.local_date BETWEEN CAST(:near AS date) - 1 AND CAST(:near AS date) + 1
          AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN v.known_to IS NULL
                   ELSE v.known_from <= :known_at AND (v.known_to IS NULL OR v.known_to > :known_at) END
    ) look ON true
    ORDER BY person.id
"""
_LOOKS = text(f"""
    SELECT v.station_id, v.local_date, v.snapshot_id, v.listed, s.status, {FETCHED_AT} AS fetched_at,
           (SELECT array_agg(lower(r) ORDER BY r) FROM unnest(v.covered) r) AS starts,
           (SELECT array_agg(upper(r) ORDER BY r) FROM unnest(v.covered) r) AS ends
    FROM crew.day_version v JOIN crew.day_snapshot s ON s.id = v.snapshot_id
    WHERE v.station_id = ANY (CAST(:stations AS integer[])) AND v.local_date BETWEEN :first AND :last
      AND v.covered && tstzrange(:start, :end)
      AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN v.known_to IS NULL
               ELSE v.known_from <= :known_at AND (v.known_to IS NULL OR v.known_to > :known_at) END
    ORDER BY v.station_id, v.local_date
""")  # noqa: S608  our own words
_PEOPLE = text(f"WITH {PEOPLE} SELECT * FROM person ORDER BY id")  # noqa: S608  our own words
_SEGMENTS: Final = """
    SELECT crew_id, local_date, lower(during) AS start, upper(during) AS "end", state, reason FROM seg
    ORDER BY crew_id, during
"""
_EXPORT: Final = """
    SELECT seg.crew_id, person.station, person.name, seg.local_date, lower(seg.during) AS start,
           upper(seg.during) AS "end", seg.state, seg.reason
    FROM seg JOIN person ON person.id = seg.crew_id
    ORDER BY seg.crew_id, seg.local_date, seg.during
"""


@dataclass(frozen=True, slots=True)
class Whom:
    """People of some stations: all who are there, or some by number; now or as it was known."""

    stations: Sequence[int]
    people: Sequence[int] | None = None
    known_at: datetime | None = None

    def values(self, start: datetime, end: datetime) -> dict[str, Any]:
        """For statements about a window; a local day lies within a day of its UTC date."""
        return {
            "stations": list(self.stations),
            "people": None if self.people is None else list(self.people),
            "known_at": self.known_at,
            "start": start,
            "end": end,
            "first": (start - timedelta(days=1)).date(),
            "last": (end + timedelta(days=1)).date(),
        }


@dataclass(frozen=True, slots=True)
class StateRow:
    """A person and how they stand: of `since` … `until` the run, of `known_…` what is known around it.

    `changes` is the next instant at which anything known of them begins or ends.
    """

    id: int
    station_id: int
    station: str
    zone: str
    name: str
    display_name: str | None
    role: str | None
    skills: frozenset[str]
    contract_hours: Decimal | None
    state: Literal["available", "unavailable", "unknown"]
    reason: str | None
    cause: Literal["not_fetched", "not_listed", "unclassified"] | None
    since: datetime | None
    until: datetime | None
    known_from: datetime | None
    known_until: datetime | None
    next_from: datetime | None
    next_until: datetime | None
    next_known_until: datetime | None
    changes: datetime | None


def both(rest: str) -> tuple[TextClause, TextClause]:
    """A statement over `person` and `seg`: as it is known now, and as it was known at an instant."""
    return text(f"WITH {PEOPLE}, {SAID} {rest}"), text(f"WITH {PEOPLE}, {SAID_THEN} {rest}")


STATES, STATES_THEN = both(_STATES)
SEGMENTS, SEGMENTS_THEN = both(_SEGMENTS)
EXPORT, EXPORT_THEN = both(_EXPORT)


async def select_states(conn: ReadConnection, whom: Whom, at: datetime) -> list[StateRow]:
    """How each of these people stands at an instant, by number."""
    values = {**whom.values(at - AROUND, at + AROUND), "at": at, "near": at.date()}
    statement = STATES if whom.known_at is None else STATES_THEN
    return [_state_row(row) for row in await conn.execute(statement, values)]


async def select_looks_of(
    conn: ReadConnection, whom: Whom, start: datetime, end: datetime
) -> dict[int, list[Look]]:
    """The looks that cover a part of a window, by station."""
    values = whom.values(start, end)
    del values["people"]
    looks: dict[int, list[Look]] = {}
    for row in await conn.execute(_LOOKS, values):
        covered = tuple(zip(row.starts, row.ends, strict=True))
        look = Look(
            row.local_date, row.fetched_at, covered, frozenset(row.listed), row.status == "partial",
            row.snapshot_id,
        )  # fmt: skip
        looks.setdefault(row.station_id, []).append(look)
    return looks


async def select_people(conn: ReadConnection, whom: Whom) -> Sequence[AnyRow]:
    """Profiles, by number."""
    values = {"stations": list(whom.stations), "known_at": whom.known_at}
    people = None if whom.people is None else list(whom.people)
    return (await conn.execute(_PEOPLE, {**values, "people": people})).all()


async def select_segments(
    conn: ReadConnection, whom: Whom, start: datetime, end: datetime
) -> Sequence[AnyRow]:
    """The segments that touch a window as they are stored, by person and time."""
    statement = SEGMENTS if whom.known_at is None else SEGMENTS_THEN
    return (await conn.execute(statement, whom.values(start, end))).all()


def _state_row(row: AnyRow) -> StateRow:
    return StateRow(
        row.id, row.station_id, row.station, row.time_zone, row.name, row.display_name, row.role,
        frozenset(row.skills), row.contract_hours, row.state or "unknown", row.reason, _cause(row),
        row.since, row.until, row.known_from, row.known_until, row.next_from, row.next_until,
        row.next_known_until, row.changes,
    )  # fmt: skip


def _cause(row: AnyRow) -> Literal["not_fetched", "not_listed", "unclassified"] | None:
    if row.state is not None:
        return None
    if not row.fetched:
        return "not_fetched"
    return "unclassified" if row.listed else "not_listed"


async def stream_segments(
    conn: ReadConnection, whom: Whom, start: datetime, end: datetime
) -> AsyncIterator[Sequence[AnyRow]]:
    """The segments that touch a window with whose they are, in blocks read through a cursor of the server."""
    statement = EXPORT if whom.known_at is None else EXPORT_THEN
    result = await conn.stream(statement, whom.values(start, end))
    async for block in result.partitions(ROWS_IN_A_BLOCK):
        yield block
