"""Whose a file is: a station that is known, one of the settings, or a new one whose zone is said."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.core.database import ReadConnection, WriteConnection
from service.core.errors import FieldError, Invalid, unknown_value
from service.core.settings import Settings
from service.crew.queries.stations import StationRow, put_station, select_codes, select_station


async def find_station(
    conn: ReadConnection,
    settings: Settings,
    code: str,
    zone: str | None,
    sees: Callable[[str], bool] = lambda _: True,
) -> StationRow | None:
    """The station; None: it can be made. `sees`: which stations may be named to who asks.

    Raises `Invalid`: `zone_unknown`, `zone_differs`, or for a code that is nowhere and has no zone.
    """
    if zone is not None:
        _check(zone)
    known = await select_station(conn, code)
    stands = known.zone if known is not None else _followed(settings).get(code)
    if stands is None and zone is None:
        codes = [one for one in (*await select_codes(conn), *_followed(settings)) if sees(one)]
        remedy = "say its zone, such as Europe/London, and it is made"
        raise unknown_value("/query/station", "station", code, codes, remedy)
    if stands is not None and zone not in {None, stands}:
        raise _refused("zone_differs", f"the clocks of {code} show {stands}, not {zone}")
    return known


async def settled_station(
    conn: WriteConnection, settings: Settings, code: str, zone: str | None
) -> StationRow:
    """The same, made where it is new."""
    known = await find_station(conn, settings, code, zone)
    if known is not None:
        return known
    for one in settings.upstream.gartan.stations:
        if one.code == code:
            return await put_station(
                conn,
                code,
                name=one.name,
                zone=one.time_zone,
                brigade_id=one.brigade_id,
                brigade_name=one.brigade_name or code,
            )
    return await put_station(conn, code, zone=zone or "Europe/London")


def _followed(settings: Settings) -> dict[str, str]:
    return {one.code: one.time_zone for one in settings.upstream.gartan.stations}


def _check(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        raise _refused("zone_unknown", f"{zone!r} is no IANA time zone such as Europe/London") from None


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(detail, code=code, errors=[FieldError("/query/zone", code, detail)])
