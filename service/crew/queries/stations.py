"""Stations: made from the settings, found by their code."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.crew.models import Member, Station


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station and its zone."""

    id: int
    code: str
    name: str
    zone: str


_ROW = (Station.id, Station.code, Station.name, Station.time_zone)


async def select_stations(conn: ReadConnection) -> Sequence[StationRow]:
    """Every station, by code."""
    return [StationRow(*row) for row in await conn.execute(select(*_ROW).order_by(Station.code))]


async def select_station(conn: ReadConnection, code: str) -> StationRow | None:
    """A station by its code."""
    row = (await conn.execute(select(*_ROW).where(Station.code == code))).one_or_none()
    return None if row is None else StationRow(*row)


async def select_station_of(conn: ReadConnection, crew_id: int) -> StationRow | None:
    """The station of a crew member."""
    of_member = select(*_ROW).join(Member, Member.station_id == Station.id).where(Member.id == crew_id)
    row = (await conn.execute(of_member)).one_or_none()
    return None if row is None else StationRow(*row)


async def select_codes(conn: ReadConnection) -> Sequence[str]:
    """The codes of all stations: a key or a manager can be limited to some."""
    return (await conn.execute(select(Station.code).order_by(Station.code))).scalars().all()


async def put_station(
    conn: WriteConnection,
    code: str,
    *,
    name: str | None = None,
    zone: str = "Europe/London",
    brigade_id: int | None = None,
    brigade_name: str | None = None,
) -> StationRow:
    """The station as the settings have it, made where there is none."""
    values = {
        "name": name or code, "time_zone": zone, "brigade_id": brigade_id, "brigade_name": brigade_name,
    }  # fmt: skip
    statement = insert(Station).values(code=code, **values)
    changed = statement.on_conflict_do_update(index_elements=[Station.code], set_=values).returning(*_ROW)
    return StationRow(*(await conn.execute(changed)).one())
