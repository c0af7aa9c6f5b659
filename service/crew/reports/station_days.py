"""The window of a report on a station, what is read of it, and how complete that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.appliances import Known
from service.crew.answers.asked import station_of
from service.crew.queries import scopes
from service.crew.queries.appliances import ApplianceRow, select_of_stations
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import redacts
from service.crew.rules.slots import midnight
from service.reporting.report import BuildContext, Built
from service.schemas.crew.appliance_reports import StationDays

DAYS_AHEAD: Final = 13
SOURCE: Final = "gartan"
P = TypeVar("P", bound=StationDays)


def resolved(params: P, context: BuildContext) -> P:
    """With its dates: by default today at the station and the 13 dates after it."""
    if params.from_ is not None:
        return params
    configured = {one.code: one.time_zone for one in context.settings.upstream.gartan.stations}
    zone = ZoneInfo(configured.get(params.station, "Europe/London"))
    today = context.now.astimezone(zone).date()
    return params.model_copy(update={"from_": today, "to": today + timedelta(days=DAYS_AHEAD)})


def period_of(params: StationDays) -> tuple[date, date]:
    """The dates of parameters that are resolved."""
    assert params.from_ is not None
    assert params.to is not None
    return params.from_, params.to


def scope_of(params: Any) -> list[str]:
    """The data version that an answer about a station stands on."""
    return [scopes.of_station(params.station)]


@dataclass(frozen=True, slots=True)
class Read:
    """A station over some dates."""

    asking: Asking
    station: StationRow
    known: Known

    def built(
        self, rows: Sequence[dict[str, Any]], reasons: Sequence[str], version: int, **more: Any
    ) -> Built:
        """The rows with how complete they are."""
        window = self.known.window
        stands = self.asking.standing(self.known, self.station, version, window, reasons)
        return Built(
            rows=rows,
            completeness=stands.completeness(SOURCE, self.through),
            timezone=self.station.zone,
            next_change=stands.until,
            **more,
        )

    @property
    def through(self) -> datetime | None:
        """Up to where the days of the window have been looked at."""
        ends = [end for look in self.known.looks_of(self.station) for _, end in look.covered]
        return min(max(ends), self.known.window[1]) if ends else None


async def read_days(conn: ReadConnection, params: StationDays, context: BuildContext) -> Read:
    """What is known of a station over the dates of the parameters.

    Raises `SiteNotAllowed` for a station that the caller may not see, `Invalid` for one that is not there.
    """
    asking = Asking(conn, context.settings, context.now, params.known_at)
    station = await station_of(conn, context.caller, params.station)
    first, last = period_of(params)
    start, end = midnight(first, station.zone), midnight(last + timedelta(days=1), station.zone)
    known = await asking.read([station], start, end)
    return Read(asking, station, known.shown_as(redact=redacts(params)))


async def appliances_of(
    conn: ReadConnection, station: StationRow, name: str | None, pointer: str = "/query/appliance"
) -> list[ApplianceRow]:
    """The appliances of a station, or the one of this name. Raises `Invalid` where there is none."""
    found = await select_of_stations(conn, [station.code])
    chosen = [one for one in found if name is None or one.name == name]
    if name is not None and not chosen:
        raise unknown_value(pointer, "appliance", name, [one.name for one in found])
    return chosen
