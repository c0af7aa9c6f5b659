"""Many people, names or appliances in one statement each (spec E)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, TextClause, text

from service.core.database import ReadConnection
from service.crew.queries.states import PEOPLE, Whom

Match = Literal["overlap", "within"]
AnyRow = Row[*tuple[Any, ...]]

_NAMED = text("""
    SELECT t.place, m.id AS crew_id, s.code AS station, m.grid_name, m.role
    FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS t (key, place)
    JOIN crew.crew_member m ON m.name_key = t.key AND m.station_id = ANY (CAST(:stations AS integer[]))
    JOIN crew.station s ON s.id = m.station_id
    ORDER BY t.place, s.code
""")
_PEOPLE = text(
    f"WITH {PEOPLE} SELECT id, station_id, station FROM person ORDER BY id LIMIT :most"  # noqa: S608  our words
)
_APPLIANCES = text("""
    SELECT a.id, a.name, a.station_id, s.code AS station FROM crew.appliance a
    JOIN crew.station s ON s.id = a.station_id
    WHERE a.station_id = ANY (CAST(:stations AS integer[])) AND a.name = ANY (CAST(:names AS text[]))
    ORDER BY s.code, a.name
""")
# `AND state = 'available'` as it stands in the partial index, so that a short window is read from it.
_NOW: Final = """
    SELECT {owner} AS owner, lower(during) AS start, upper(during) AS "end" FROM crew.{table}
    WHERE state = 'available' AND {owner} = ANY (CAST(:owners AS integer[]))
      AND during {match} tstzrange(:start, :end)
    ORDER BY 1, 2
"""
_THEN: Final = """
    WITH told AS (
        SELECT snapshot_id FROM crew.day_version
        WHERE station_id = ANY (CAST(:stations AS integer[])) AND local_date BETWEEN :first AND :last
          AND known_from <= :known_at AND (known_to IS NULL OR known_to > :known_at)
    ), said AS (
        SELECT {owner}, during, state, snapshot_id FROM crew.{table}
        WHERE {owner} = ANY (CAST(:owners AS integer[])) AND local_date BETWEEN :first AND :last
        UNION ALL
        SELECT {owner}, during, state, snapshot_id FROM crew.{table}_past
        WHERE snapshot_id IN (SELECT snapshot_id FROM told)
    )
    SELECT {owner} AS owner, lower(during) AS start, upper(during) AS "end"
    FROM said JOIN told USING (snapshot_id)
    WHERE state = 'available' AND {owner} = ANY (CAST(:owners AS integer[]))
      AND during {match} tstzrange(:start, :end)
    ORDER BY 1, 2
"""
_TABLES: Final = {
    "crew": ("crew_id", "crew_availability"),
    "appliance": ("appliance_id", "appliance_availability"),
}
_SIGNS: Final = {"overlap": "&&", "within": "<@"}
STATEMENTS: Final[dict[tuple[str, str, bool], TextClause]] = {
    (kind, match, then): text((_THEN if then else _NOW).format(owner=owner, table=table, match=sign))
    for kind, (owner, table) in _TABLES.items()
    for match, sign in _SIGNS.items()
    for then in (False, True)
}
"""The statement of each kind, match and whether it asks what was known then."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A range, and whether segments have to lie within it."""

    start: datetime
    end: datetime
    match: Match


async def select_named(
    conn: ReadConnection, stations: Sequence[int], keys: Sequence[str]
) -> Sequence[AnyRow]:
    """The people of these name keys, each with the place (from 1) of the key."""
    return (await conn.execute(_NAMED, {"keys": list(keys), "stations": list(stations)})).all()


async def select_members_of(conn: ReadConnection, whom: Whom, most: int) -> Sequence[AnyRow]:
    """Number and station of these people, or of all who are (or then were) there, `most` of them."""
    values = {
        "stations": list(whom.stations),
        "people": None if whom.people is None else list(whom.people),
        "known_at": whom.known_at,
        "most": most,
    }
    return (await conn.execute(_PEOPLE, values)).all()


async def select_appliances_named(
    conn: ReadConnection, stations: Sequence[int], names: Sequence[str]
) -> Sequence[AnyRow]:
    """The appliances of these names."""
    return (await conn.execute(_APPLIANCES, {"stations": list(stations), "names": list(names)})).all()


async def select_available(
    conn: ReadConnection, kind: Literal["crew", "appliance"], owners: Sequence[int], whom: Whom, asked: Ranged
) -> dict[int, list[AnyRow]]:
    """The available segments of people or appliances of the stations of `whom`, by owner."""
    values = {"owners": list(owners), "start": asked.start, "end": asked.end}
    if whom.known_at is not None:
        values |= {
            key: value for key, value in whom.values(asked.start, asked.end).items() if key != "people"
        }
    found: dict[int, list[AnyRow]] = {owner: [] for owner in owners}
    for row in await conn.execute(STATEMENTS[kind, asked.match, whom.known_at is not None], values):
        found[row.owner].append(row)
    return found
