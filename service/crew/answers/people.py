"""Profiles as they are answered, and what their skills count as."""

from typing import Any

from service.core.database import ReadConnection
from service.core.settings import CrewSettings, Settings
from service.crew.answers.standing import Standing, standing, station_versions
from service.crew.answers.states import shown_name
from service.crew.queries.skills import select_aliases
from service.crew.queries.states import AnyRow, Whom, select_looks_of
from service.crew.queries.stations import StationRow
from service.crew.rules.crewing import Lists
from service.crew.rules.roles import Skilled
from service.crew.rules.slots import Stretch


async def skilled(conn: ReadConnection, settings: CrewSettings) -> Skilled:
    """Who counts as what here: the lists of the settings, and the other writings of skills."""
    lists = Lists(settings.officer_roles, settings.officer_skills, settings.driver_skills)
    return Skilled(lists, await select_aliases(conn))


async def person_object(
    conn: ReadConnection, settings: Settings, station: StationRow, row: AnyRow, today: Stretch,
    *, redact: bool = False,
) -> tuple[dict[str, Any], Standing]:  # fmt: skip
    """A profile, which the look at the day of `today` renews, with how far it can be trusted."""
    counts = await skilled(conn, settings.crew)
    looks = await select_looks_of(conn, Whom([station.id]), *today)
    versions = await station_versions(conn, [station.code])
    listed = any(row.id in look.listed for look in looks.get(station.id, []))
    reasons = [] if listed else [f"{station.code}: the grid of today does not list them, or was not read"]
    stands = standing(
        settings, versions[station.code], looks.get(station.id, []), station.zone, today[0], reasons
    )
    body = {
        "crew_id": row.id,
        "station": station.code,
        "name": shown_name(row.id, row.name, redact=redact),
        "display_name": None if redact else row.display_name,
        "role": row.role,
        "skills": sorted(row.skills),
        "officer": counts.officer(row.role, row.skills),
        "driver": counts.driver(row.skills),
        "contract_hours": row.contract_hours,
        "booked_hours": row.booked_hours,
        "contract": row.contract_raw,
        "active": row.active,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
        "data": stands.as_json() | {"as_of": row.last_seen_at},
    }
    return body, stands
