"""The station a report is of: the one asked for, or the only one there is for who asks."""

from typing import Protocol, TypeVar

from service.core.auth import Caller
from service.core.errors import FieldError, Invalid
from service.crew.queries import scopes
from service.reporting.report import BuildContext
from service.schemas.crew.fields import Redacting
from service.schemas.envelope import Ask


class OfStation(Protocol):
    """Parameters that name a station."""

    @property
    def station(self) -> str | None:
        """Its code."""


P = TypeVar("P", bound=Ask)


def with_station(params: P, context: BuildContext) -> P:
    """The parameters with the station. Raises `Invalid` (`station_missing`) where there are several."""
    if getattr(params, "station", None) is not None:
        return params
    allowed = context.caller.sites
    configured = [one.code for one in context.settings.upstream.gartan.stations]
    codes = configured if allowed is None else sorted(allowed)
    if len(codes) != 1:
        detail = "say which station this is about, such as station=P22"
        raise Invalid(detail, errors=[FieldError("/query/station", "station_missing", detail)])
    return params.model_copy(update={"station": codes[0]})


def redacts(params: Ask) -> bool:
    """Whether numbers are asked for in place of names, of a report that takes it."""
    return isinstance(params, Redacting) and params.redact


def zone_of(params: OfStation, context: BuildContext) -> str:
    """The zone of the station as the settings have it."""
    stations = context.settings.upstream.gartan.stations
    return next((one.time_zone for one in stations if one.code == params.station), "Europe/London")


def sites(params: OfStation, caller: Caller) -> frozenset[str] | None:
    """Stations are the sites of this desk."""
    return caller.sites_for(params.station)


def station_scopes(params: OfStation) -> list[str]:
    """The data versions of everything of the station."""
    code = params.station
    return [] if code is None else [scopes.of_station(code), scopes.of_people(code)]
