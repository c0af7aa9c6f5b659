"""What happened to stations since an instant: later looks, what they say otherwise, rules, profiles.

A look happened when it was made, or when the run that brought it in began, whichever is later: a report that
is imported may be older than what it changes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

AnyRow = Row[*tuple[Any, ...]]

_LOOKS = text("""
    SELECT s.code AS station, v.local_date, v.known_from AS at,
           greatest(v.known_from, r.created_at) AS came_at,
           NOT EXISTS (SELECT 1 FROM crew.day_version b WHERE b.station_id = v.station_id
                       AND b.local_date = v.local_date AND b.known_from < v.known_from) AS is_first,
           v.listed, d.source,
           coalesce(c.changes, '[]') AS changes
    FROM crew.day_version v
    JOIN crew.station s ON s.id = v.station_id
    JOIN crew.day_snapshot d ON d.id = v.snapshot_id
    LEFT JOIN muster.run r ON r.id = d.run_id
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                   'crew_id', x.crew_id, 'appliance_id', x.appliance_id, 'from', lower(x.during),
                   'to', upper(x.during), 'was', x.was, 'was_reason', x.was_reason, 'now', x.now,
                   'now_reason', x.now_reason) ORDER BY lower(x.during), x.id) AS changes
        FROM crew.state_change x
        WHERE x.station_id = v.station_id AND x.local_date = v.local_date AND x.seen_at = v.known_from
    ) AS c ON true
    WHERE s.code = ANY (:codes) AND v.local_date BETWEEN :first AND :last
      AND greatest(v.known_from, r.created_at) >= :since
    ORDER BY v.local_date, v.known_from
""")
_RULES = text("""
    SELECT s.code AS station, a.id AS appliance_id, r.name, r.origin, r.valid_from, r.valid_to
    FROM crew.crewing_rule r
    JOIN crew.appliance a ON a.id = r.appliance_id
    JOIN crew.station s ON s.id = a.station_id
    WHERE s.code = ANY (:codes) AND (r.valid_from >= :since OR r.valid_to >= :since)
    ORDER BY coalesce(r.valid_to, r.valid_from), r.id
""")
_PROFILES = text("""
    SELECT s.code AS station, m.id AS crew_id, m.known_from AS at,
           m.role, m.skills, m.contract_hours, m.active, b.crew_id IS NULL AS is_new,
           b.role AS was_role, b.skills AS was_skills, b.contract_hours AS was_contract,
           b.active AS was_active
    FROM crew.crew_member m
    JOIN crew.station s ON s.id = m.station_id
    LEFT JOIN LATERAL (
        SELECT p.* FROM crew.crew_member_past p WHERE p.crew_id = m.id AND p.known_from < :since
        ORDER BY p.known_from DESC LIMIT 1
    ) AS b ON true
    WHERE s.code = ANY (:codes) AND m.known_from >= :since
    ORDER BY m.known_from, m.id
""")
_IDS = text("""
    SELECT s.code AS station, 'appliance' AS kind, a.id, a.name
    FROM crew.appliance a JOIN crew.station s ON s.id = a.station_id WHERE s.code = ANY (:codes)
    UNION ALL
    SELECT s.code, 'crew', m.id, m.grid_name
    FROM crew.crew_member m JOIN crew.station s ON s.id = m.station_id WHERE s.code = ANY (:codes)
""")


@dataclass(frozen=True, slots=True)
class Happened:
    """Rows of what happened, oldest first, and the ids of appliances and people by station, kind, name."""

    looks: Sequence[AnyRow]
    rules: Sequence[AnyRow]
    profiles: Sequence[AnyRow]
    ids: dict[tuple[str, str, str], int]


async def select_happened(
    conn: ReadConnection, codes: Collection[str], first: date, last: date, since: datetime
) -> Happened:
    """What happened to the days of these stations, to their rules and profiles; four statements."""
    named = {"codes": sorted(codes)}
    known = {**named, "since": since}
    looks = await conn.execute(_LOOKS, {**known, "first": first, "last": last})
    rules = await conn.execute(_RULES, known)
    profiles = await conn.execute(_PROFILES, known)
    ids = {(row.station, row.kind, row.name): row.id for row in await conn.execute(_IDS, named)}
    return Happened(looks.all(), rules.all(), profiles.all(), ids)
