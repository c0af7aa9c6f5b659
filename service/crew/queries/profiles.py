"""People of a station as a file finds them: by the key of their name, with all that is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, text

from service.core.database import ReadConnection, WriteConnection
from service.crew.models import Member

_SHOWN = text("""
    UPDATE crew.crew_member m SET display_name = t.name
    FROM unnest(CAST(:ids AS integer[]), CAST(:names AS text[])) AS t (id, name) WHERE m.id = t.id
""")


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A crew member, with the contract as it was printed."""

    id: int
    name_key: str
    grid_name: str
    display_name: str | None
    role: str | None
    skills: tuple[str, ...]
    contract_hours: Decimal | None
    booked_hours: Decimal | None
    contract_raw: str | None


async def select_profiles(conn: ReadConnection, station_id: int) -> dict[str, ProfileRow]:
    """Everybody of a station, by name key."""
    statement = select(
        Member.id,
        Member.name_key,
        Member.grid_name,
        Member.display_name,
        Member.role,
        Member.skills,
        Member.contract_hours,
        Member.booked_hours,
        Member.contract_raw,
    ).where(Member.station_id == station_id)
    rows = await conn.execute(statement)
    return {
        row.name_key: ProfileRow(*row[:5], tuple(row.skills), *row[6:])
        for row in rows
    }  # fmt: skip


async def put_display_names(conn: WriteConnection, names: Mapping[int, str | None]) -> None:
    """What these people are called when they are shown."""
    if names:
        await conn.execute(_SHOWN, {"ids": list(names), "names": list(names.values())})
