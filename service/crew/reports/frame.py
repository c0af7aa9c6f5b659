"""Which stations, which local days, all that is known of them: what every report of a period begins with."""

import calendar
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.core.settings import Settings
from service.crew.answers.appliances import Known, courses, lists_of, read
from service.crew.answers.asked import stations_of
from service.crew.queries import scopes
from service.crew.queries.appliances import ApplianceRow, select_of_stations
from service.crew.queries.presence import AROUND, select_presence
from service.crew.queries.station_days import Asked, MemberRow
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import OfStation, redacts, zone_of
from service.crew.reports.trust import Trust, trust_of
from service.crew.rules.course import Course
from service.crew.rules.slots import Stretch, midnight
from service.reporting.report import BuildContext, Completeness
from service.schemas.crew.reports import Period, Stations
from service.schemas.envelope import Ask

P = TypeVar("P", bound=Ask)
ONE_DAY: Final = timedelta(days=1)
LONGEST: Final = 366
"""Days of a report (API, answers 5)."""
LONGEST_OF_ALL: Final = 35
"""Days where no station is named: of fifty stations these are 200,000 segments, a year would not fit."""
USUAL_ZONE: Final = "Europe/London"
VERSION: Final = "crew-turnout/1"


@dataclass(frozen=True)
class Frame:
    """Some stations over the same local days, each in its own zone."""

    first: date
    last: date
    stations: Sequence[StationRow]
    known: Known
    appliances: Sequence[ApplianceRow]
    presence: dict[int, tuple[date, date]]
    known_at: datetime | None
    settings: Settings

    @cached_property
    def courses(self) -> dict[int, Course]:
        """What becomes of each appliance, by id."""
        return dict(courses(self.known, self.appliances))

    def window(self, station: StationRow) -> Stretch:
        """The days at a station."""
        return bounds(self.first, self.last, station.zone)

    def appliances_of(self, station: StationRow) -> list[ApplianceRow]:
        """Those of a station, by name."""
        return [one for one in self.appliances if one.station.id == station.id]

    def crew_of(self, station: StationRow) -> list[MemberRow]:
        """The people of a station who were listed around these days, by name."""
        return [one for one in self.known.members_of(station) if one.id in self.presence]

    @property
    def zone(self) -> str:
        """The zone of all stations; UTC where they have several."""
        zones = {station.zone for station in self.stations}
        return zones.pop() if len(zones) == 1 else "UTC"

    @cached_property
    def trusts(self) -> list[Trust]:
        """How far what is told of each station can be trusted."""
        return [trust_of(self, station) for station in self.stations]

    @property
    def rules_version(self) -> str:
        """The version of these rules, with the preset and lists of the settings, and writings of skills."""
        lists = lists_of(self.settings.crew), sorted(self.known.aliases.items())
        digest = hashlib.sha256(repr(lists).encode()).hexdigest()[:8]
        return f"{VERSION} {self.settings.crew.enforced_rule} {digest}"

    def completeness(self, trusts: Sequence[Trust] | None = None) -> Completeness:
        """As `meta` has it: complete where every day is covered, final, and everybody's state is known."""
        found = self.trusts if trusts is None else trusts
        reasons = [reason for trust in found for reason in trust.reasons] or (
            [] if found else ["no station is known here"]
        )
        return Completeness(
            complete=not reasons,
            as_of=min((trust.as_of for trust in found if trust.as_of is not None), default=None),
            complete_through={f"gartan {trust.code}": trust.through for trust in found},
            reasons=reasons,
        )

    def next_change(self, now: datetime) -> datetime | None:
        """When the same data may read otherwise: a look that says the same makes days final, or newer."""
        if all(trust.final for trust in self.trusts):
            return None
        return now + timedelta(seconds=self.settings.upstream.gartan.fresh_today)


async def framed(
    conn: ReadConnection, params: Stations, context: BuildContext, first: date, last: date,
    around: timedelta = timedelta(),
) -> Frame:  # fmt: skip
    """All that is known of the stations asked for over these days, and `around` them; eight statements.

    Raises as `stations_of`.
    """
    stations = await stations_of(conn, context.caller, params.station)
    codes, ids = [one.code for one in stations], tuple(one.id for one in stations)
    windows = [bounds(first, last, one.zone) for one in stations] or [bounds(first, last, USUAL_ZONE)]
    start, end = min(window[0] for window in windows), max(window[1] for window in windows)
    known = await read(
        conn, context.settings, stations, start - around, end + around, known_at=params.known_at
    )
    return Frame(
        first,
        last,
        stations,
        known.shown_as(redact=redacts(params)),
        await select_of_stations(conn, codes),
        dict(await select_presence(conn, Asked(ids, start, end, params.known_at))),
        params.known_at,
        context.settings,
    )


def bounds(first: date, last: date, zone: str) -> Stretch:
    """Local days in UTC, both ends included."""
    return midnight(first, zone), midnight(last + ONE_DAY, zone)


def today_of(params: OfStation, context: BuildContext) -> date:
    """Today at the station asked for, as the settings place it."""
    return context.now.astimezone(ZoneInfo(zone_of(params, context))).date()


def resolved(params: P, context: BuildContext) -> P:
    """The parameters with the month of yesterday where no period is named."""
    if any(getattr(params, name, None) is not None for name in ("month", "week", "from_")):
        return params
    yesterday = today_of(params, context) - ONE_DAY  # type: ignore[arg-type]  # all have a station
    return params.model_copy(update={"month": f"{yesterday:%Y-%m}"})


def period_of(params: Period) -> tuple[date, date]:
    """First and last day: at most 366 of a station, 35 of all together (`range_too_long`)."""
    if params.week is not None:
        return week_days(params.week)
    if params.month is not None:
        return month_of(params.month)
    assert params.from_ is not None
    assert params.to is not None
    return checked(params.from_, params.to, LONGEST if params.station is not None else LONGEST_OF_ALL)


def week_days(word: str) -> tuple[date, date]:
    """Monday and Sunday of `2026-W10`."""
    monday = date.fromisocalendar(int(word[:4]), int(word[6:]), 1)
    return monday, monday + timedelta(days=6)


def month_of(word: str) -> tuple[date, date]:
    """First and last day of `2026-03`."""
    first = date.fromisoformat(word + "-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def checked(first: date, last: date, most: int) -> tuple[date, date]:
    """These days; raises `Invalid` (`range_too_long`) where they are more than `most`."""
    long = (last - first).days + 1
    if long > most:
        detail = f"{first} to {last} are {long} days; at most {most} can be asked for at once"
        raise Invalid(
            detail, code="range_too_long", errors=[FieldError("/query/to", "range_too_long", detail)]
        )
    return first, last


def scopes_over(station: str | None, first: date, last: date) -> list[str]:
    """The data versions of these days, and of the week around them in which people may be listed."""
    code = station or scopes.ANY
    start, weeks = first - AROUND, (last - first + 2 * AROUND).days // 7 + 1
    found = {scopes.of_week(code, start + timedelta(weeks=at)) for at in range(weeks)}
    return [scopes.of_people(code), *sorted(found | {scopes.of_week(code, last + AROUND)})]


def scopes_of(params: Period) -> list[str]:
    """The data versions that a report of a period stands on."""
    return scopes_over(params.station, *period_of(params))
