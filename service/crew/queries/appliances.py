"""Appliances: found by name, and those of some stations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from service.core.database import ReadConnection
from service.crew.models import Appliance, Station
from service.crew.queries.stations import StationRow


@dataclass(frozen=True, slots=True)
class ApplianceRow:
    """An appliance with its station."""

    id: int
    name: str
    station: StationRow


_ROW = (Appliance.id, Appliance.name, Station.id, Station.code, Station.name, Station.time_zone)


async def select_named(
    conn: ReadConnection, name: str, codes: Collection[str] | None
) -> Sequence[ApplianceRow]:
    """The appliances of this name at these stations (None: at any), by station."""
    return await _select(conn, codes, Appliance.name == name)


async def select_of_stations(conn: ReadConnection, codes: Collection[str] | None) -> Sequence[ApplianceRow]:
    """The appliances of these stations (None: of all), by station and name."""
    return await _select(conn, codes)


async def _select(
    conn: ReadConnection, codes: Collection[str] | None, *where: ColumnElement[bool]
) -> Sequence[ApplianceRow]:
    statement = (
        select(*_ROW)
        .join(Station, Station.id == Appliance.station_id)
        .where(Appliance.active, *where)
        .order_by(Station.code, Appliance.name)
    )
    if codes is not None:
        statement = statement.where(Station.code.in_(sorted(codes)))
    rows = await conn.execute(statement)
    return [ApplianceRow(row[0], row[1], StationRow(*row[2:])) for row in rows]
