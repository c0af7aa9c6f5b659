"""What the desk is asked for, made certain: stations that the caller may see, ranges, weeks, people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, NotFound, unknown_value
from service.crew.queries.stations import StationRow, select_station, select_stations
from service.crew.rules.slots import midnight

LONGEST: Final = timedelta(days=35)
"""Of a range (spec D.7)."""


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week at a place: 167, 168 or 169 hours in London."""

    word: str
    start: datetime
    end: datetime


def checked_range(start: datetime, end: datetime, place: str = "/query") -> None:
    """Raise `Invalid` unless `from` comes before `to`, at most 35 days apart."""
    if start >= end:
        raise _refused(place, "from_not_before_to", "`from` has to come before `to`")
    if end - start > LONGEST:
        detail = f"at most {LONGEST.days} days can be asked for at once"
        raise _refused(place, "range_too_long", detail)


async def stations_of(
    conn: ReadConnection, caller: Caller, code: str | None, pointer: str = "/query/station"
) -> Sequence[StationRow]:
    """The station asked for, else all that the caller may see.

    Raises `SiteNotAllowed` for a foreign one, whether or not it exists, and `Invalid` for one that does not.
    """
    allowed = caller.sites_for(code)
    if code is None:
        return [one for one in await select_stations(conn) if allowed is None or one.code in allowed]
    found = await select_station(conn, code)
    if found is None:
        known = [one.code for one in await select_stations(conn) if caller.sees(one.code)]
        raise unknown_value(pointer, "station", code, known)
    return [found]


async def station_of(
    conn: ReadConnection, caller: Caller, code: str, pointer: str = "/query/station"
) -> StationRow:
    """The one station asked for; raises as `stations_of`."""
    return (await stations_of(conn, caller, code, pointer))[0]


def no_such_person(crew_id: int) -> NotFound:
    """The 404 for somebody who is not there, or whom the caller may not see."""
    return NotFound(f"there is no crew member {crew_id}", code="crew_not_found")


def week_of(word: str | None, zone: str, now: datetime) -> Week:
    """The ISO week of this name, by default the one that an instant lies in there."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if word is None:
        year, number, _ = today.isocalendar()
        word = f"{year}-W{number:02}"
    monday = date.fromisocalendar(int(word[:4]), int(word[6:]), 1)
    return Week(word, midnight(monday, zone), midnight(monday + timedelta(days=7), zone))


def _refused(place: str, code: str, detail: str) -> Invalid:
    return Invalid(
        detail, code=code, errors=[FieldError(f"{place}/{end}", code, detail) for end in ("from", "to")]
    )
