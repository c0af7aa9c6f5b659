"""What is known of a station in a window, or was known at an instant: segments, flags, looks, people, rules.

Each is one statement. `known_at` asks for what was in force then (spec, issue 6.4): the newest look of each
day that had been made by that instant, the profiles and the rules that held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from service.core.database import ReadConnection
from service.crew.rules.crewing import Mode, Rule, requirements_of
from service.crew.rules.slots import Segment, Stretch

_AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A window of a station, or of several; `known_at` None: as it is known now."""

    station_id: int | tuple[int, ...]
    start: datetime
    end: datetime
    known_at: datetime | None = None

    @property
    def values(self) -> dict[str, Any]:
        """For the statements; a local day lies within a day of its UTC date."""
        return {
            "stations": _ids(self.station_id),
            "start": self.start,
            "end": self.end,
            "first": (self.start - _AROUND).date(),
            "last": (self.end + _AROUND).date(),
            "known_at": self.known_at,
        }


@dataclass(frozen=True, slots=True)
class Look:
    """The observation in force of a local day."""

    day: date
    fetched_at: datetime
    covered: tuple[Stretch, ...]
    listed: frozenset[int]
    partial: bool
    snapshot_id: int
    station_id: int = 0


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A crew member with the profile that holds."""

    id: int
    name: str
    display_name: str | None
    role: str | None
    skills: frozenset[str]
    contract_hours: Decimal | None
    booked_hours: Decimal | None
    active: bool
    station_id: int = 0


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule of an appliance as it stands in the database."""

    appliance_id: int
    origin: str
    enforced: bool
    rule: Rule


# Owner by owner (OFFSET 0): a plan that is made once for all values would go through the segments of every
# station by their time, and once for each day that was told: 0.5 s among 12 stations instead of 20 ms.
_CREW = text("""
    SELECT a.crew_id AS owner, lower(a.during) AS start, upper(a.during) AS "end", a.state, a.reason
    FROM crew.crew_member m CROSS JOIN LATERAL (
        SELECT b.crew_id, b.during, b.state, b.reason FROM crew.crew_availability b
        WHERE b.crew_id = m.id AND b.local_date BETWEEN :first AND :last
          AND b.during && tstzrange(:start, :end) OFFSET 0
    ) a WHERE m.station_id = ANY (:stations) ORDER BY 1, 2
""")
_CREW_THEN = text("""
    WITH told AS (
        SELECT snapshot_id FROM crew.day_version
        WHERE station_id = ANY (:stations) AND local_date BETWEEN :first AND :last
          AND known_from <= :known_at AND (known_to IS NULL OR known_to > :known_at)
    ), said AS (
        SELECT still.* FROM crew.crew_member m CROSS JOIN LATERAL (
            SELECT a.crew_id, a.during, a.state, a.reason, a.snapshot_id FROM crew.crew_availability a
            WHERE a.crew_id = m.id AND a.local_date BETWEEN :first AND :last OFFSET 0
        ) still WHERE m.station_id = ANY (:stations)
        UNION ALL
        SELECT crew_id, during, state, reason, snapshot_id FROM crew.crew_availability_past
        WHERE snapshot_id = ANY (ARRAY(SELECT snapshot_id FROM told))
    )
    SELECT crew_id AS owner, lower(during) AS start, upper(during) AS "end", state, reason FROM said
    WHERE snapshot_id = ANY (ARRAY(SELECT snapshot_id FROM told)) AND during && tstzrange(:start, :end)
    ORDER BY 1, 2
""")
_FLAGS = text("""
    SELECT a.appliance_id AS owner, lower(a.during) AS start, upper(a.during) AS "end", a.state,
           NULL AS reason
    FROM crew.appliance own CROSS JOIN LATERAL (
        SELECT b.appliance_id, b.during, b.state FROM crew.appliance_availability b
        WHERE b.appliance_id = own.id AND b.local_date BETWEEN :first AND :last
          AND b.during && tstzrange(:start, :end) OFFSET 0
    ) a WHERE own.station_id = ANY (:stations) ORDER BY 1, 2
""")
_FLAGS_THEN = text("""
    WITH told AS (
        SELECT snapshot_id FROM crew.day_version
        WHERE station_id = ANY (:stations) AND local_date BETWEEN :first AND :last
          AND known_from <= :known_at AND (known_to IS NULL OR known_to > :known_at)
    ), said AS (
        SELECT still.* FROM crew.appliance own CROSS JOIN LATERAL (
            SELECT a.appliance_id, a.during, a.state, a.snapshot_id FROM crew.appliance_availability a
            WHERE a.appliance_id = own.id AND a.local_date BETWEEN :first AND :last OFFSET 0
        ) still WHERE own.station_id = ANY (:stations)
        UNION ALL
        SELECT appliance_id, during, state, snapshot_id FROM crew.appliance_availability_past
        WHERE snapshot_id = ANY (ARRAY(SELECT snapshot_id FROM told))
    )
    SELECT appliance_id AS owner, lower(during) AS start, upper(during) AS "end", state, NULL AS reason
    FROM said WHERE snapshot_id = ANY (ARRAY(SELECT snapshot_id FROM told))
      AND during && tstzrange(:start, :end)
    ORDER BY 1, 2
""")
# What was seen of a day by an instant may have been seen again since: the last look until then counts.
FETCHED_AT: Final = """
    CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN v.fetched_at ELSE coalesce((
        SELECT max(x.fetched_at) FROM crew.day_snapshot x
        WHERE x.station_id = v.station_id AND x.local_date = v.local_date
          AND x.outcome IN ('applied', 'unchanged') AND x.fetched_at <= :known_at
    ), v.known_from) END
"""
_LOOKS = text(f"""
    SELECT v.station_id, v.local_date, {FETCHED_AT} AS fetched_at, v.snapshot_id, v.listed, s.status,
           (SELECT array_agg(lower(r) ORDER BY r) FROM unnest(v.covered) r) AS starts,
           (SELECT array_agg(upper(r) ORDER BY r) FROM unnest(v.covered) r) AS ends
    FROM crew.day_version v JOIN crew.day_snapshot s ON s.id = v.snapshot_id
    WHERE v.station_id = ANY (:stations) AND v.local_date BETWEEN :first AND :last
      AND v.covered && tstzrange(:start, :end)
      AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN v.known_to IS NULL
               ELSE v.known_from <= :known_at AND (v.known_to IS NULL OR v.known_to > :known_at) END
    ORDER BY v.station_id, v.local_date
""")  # noqa: S608  our own words
_MEMBERS = text("""
    SELECT m.id, m.grid_name AS name, m.display_name, p.role, p.skills, p.contract_hours, p.booked_hours,
           p.active, m.station_id
    FROM crew.crew_member m
    CROSS JOIN LATERAL (
        SELECT m.role, m.skills, m.contract_hours, m.booked_hours, m.active
        WHERE CAST(:known_at AS timestamptz) IS NULL OR m.known_from <= :known_at
        UNION ALL
        SELECT b.role, b.skills, b.contract_hours, b.booked_hours, b.active FROM crew.crew_member_past b
        WHERE b.crew_id = m.id AND b.known_from <= :known_at AND b.known_to > :known_at
    ) AS p
    WHERE m.station_id = ANY (:stations) ORDER BY m.grid_name
""")
_RULES = text("""
    SELECT r.appliance_id, r.origin, r.enforced, r.name, r.mode, r.tier, r.requirements
    FROM crew.crewing_rule r JOIN crew.appliance a ON a.id = r.appliance_id
    WHERE a.station_id = ANY (:stations)
      AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN r.valid_to IS NULL
               ELSE r.valid_from <= :known_at AND (r.valid_to IS NULL OR r.valid_to > :known_at) END
    ORDER BY r.appliance_id, r.tier, r.id
""")
_APPLIANCES = text(
    "SELECT id, name FROM crew.appliance WHERE station_id = ANY (:stations) AND active ORDER BY name"
)

Said = dict[int, list[Segment]]


async def select_crew(conn: ReadConnection, asked: Asked) -> Said:
    """The segments of each person that touch the window, in order, as stored (not clipped)."""
    statement = _CREW if asked.known_at is None else _CREW_THEN
    return _said((await conn.execute(statement, asked.values)).all())


async def select_flags(conn: ReadConnection, asked: Asked) -> Said:
    """The same of each appliance."""
    statement = _FLAGS if asked.known_at is None else _FLAGS_THEN
    return _said((await conn.execute(statement, asked.values)).all())


async def select_looks(conn: ReadConnection, asked: Asked) -> Sequence[Look]:
    """The observations that cover a part of the window, by day."""
    return [
        Look(
            row.local_date,
            row.fetched_at,
            tuple(zip(row.starts, row.ends, strict=True)),
            frozenset(row.listed),
            row.status == "partial",
            row.snapshot_id,
            row.station_id,
        )
        for row in await conn.execute(_LOOKS, asked.values)
    ]


async def select_members(
    conn: ReadConnection, station_id: int | tuple[int, ...], known_at: datetime | None = None
) -> Sequence[MemberRow]:
    """Everybody of the station or stations, by name; then only those who were known by then."""
    rows = await conn.execute(_MEMBERS, {"stations": _ids(station_id), "known_at": known_at})
    return [
        MemberRow(
            row.id, row.name, row.display_name, row.role, frozenset(row.skills), row.contract_hours,
            row.booked_hours, row.active, row.station_id,
        )
        for row in rows
    ]  # fmt: skip


async def select_rules(
    conn: ReadConnection, station_id: int | tuple[int, ...], known_at: datetime | None = None
) -> Sequence[StoredRule]:
    """The rules of the appliances of the station or stations, lowest tier first."""
    return [
        StoredRule(
            row.appliance_id,
            row.origin,
            row.enforced,
            Rule(row.name, requirements_of(row.requirements), _mode(row.mode), row.tier),
        )
        for row in await conn.execute(_RULES, {"stations": _ids(station_id), "known_at": known_at})
    ]


async def select_appliances(conn: ReadConnection, station_id: int) -> dict[int, str]:
    """The names of the station's appliances by id."""
    rows = await conn.execute(_APPLIANCES, {"stations": _ids(station_id)})
    return {row.id: row.name for row in rows}


def _ids(station_id: int | tuple[int, ...]) -> list[int]:
    return [station_id] if isinstance(station_id, int) else list(station_id)


def _mode(stored: str) -> Mode:
    return "seats" if stored == "seats" else "overlap"


def _said(rows: Sequence[Any]) -> Said:
    said: Said = {}
    for row in rows:
        said.setdefault(row.owner, []).append(Segment(row.start, row.end, row.state, row.reason))
    return said
