"""Appliances as callers name them: foreign stations are refused, names found or not."""

from collections.abc import Sequence

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, NotFound
from service.crew.answers.asked import stations_of
from service.crew.queries.appliances import ApplianceRow, select_named, select_of_stations
from service.crew.queries.stations import StationRow


async def appliances_asked(
    conn: ReadConnection, caller: Caller, station: str | None
) -> tuple[Sequence[StationRow], Sequence[ApplianceRow]]:
    """The stations asked for, or that the caller may see, and their appliances; raises as `stations_of`."""
    stations = await stations_of(conn, caller, station)
    return stations, await select_of_stations(conn, [one.code for one in stations])


async def appliance_asked(
    conn: ReadConnection, caller: Caller, name: str, station: str | None, pointer: str = "/query/station"
) -> ApplianceRow:
    """An appliance by its name, at a station where one is asked for.

    Raises `NotFound` (`appliance_not_found`), `Invalid` (`station_required`) where two stations have one of
    this name, and as `stations_of`.
    """
    codes = caller.sites_for(station)
    if station is not None:
        await stations_of(conn, caller, station, pointer)
    found = await select_named(conn, name, codes)
    if not found:
        raise NotFound("no appliance of this name is known here", code="appliance_not_found")
    if len(found) > 1:
        at = ", ".join(one.station.code for one in found)
        detail = f"several stations have an appliance of this name; give station, one of {at}"
        raise Invalid(detail, errors=[FieldError(pointer, "station_required", detail)])
    return found[0]
