"""What needs somebody at the fire stations today: appliances off the run, grids that are old or locked."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from service.core.database import ReadConnection
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.appliances import Known, courses
from service.crew.answers.asked import stations_of
from service.crew.queries.appliances import select_of_stations
from service.crew.queries.logins import select_logins
from service.crew.queries.stations import StationRow
from service.crew.reports.told_gaps import NOT_KNOWN, OFF, told
from service.crew.rules.gaps import gaps
from service.crew.upstream.site import places
from service.reporting.report import BuildContext
from service.schemas.envelope import Gap

AHEAD: Final = timedelta(hours=24)
STALE: Final = "station_grid_stale"
UNREAD: Final = "station_grid_unread"
LOCKED: Final = "station_login_locked"
CODES: Final = (OFF, NOT_KNOWN, STALE, UNREAD, LOCKED)
"""Every kind of gap that `open_gaps` may find."""


async def open_gaps(conn: ReadConnection, context: BuildContext) -> Sequence[Gap]:
    """Appliances that are not available now or within a day, and stations of which too little is known."""
    asking = Asking(conn, context.settings, context.now)
    stations = await stations_of(conn, context.caller, None)
    if not stations:
        return []
    appliances = await select_of_stations(conn, [one.code for one in stations])
    known = await asking.read(stations, context.now, context.now + AHEAD)
    made = await asyncio.to_thread(courses, known, appliances)
    names = {one.id: one.name for one in known.members}
    followed: dict[str, Sequence[bytes]] = {one.code: one.fingerprints for one in places(context.settings)}
    logins = await select_logins(conn, followed)
    locked = {code for code, login in logins.items() if login.locked}
    return [
        *(gap for one in stations for gap in _of_station(asking, known, one)),
        *(_locked(one) for one in stations if one.code in locked),
        # What was not read is told once for the station, not for each of its appliances.
        *(
            told(gap, one, names)
            for one in appliances
            for gap in gaps(made[one.id])
            if gap.status != "unknown" or gap.intervals[0].covered
        ),
    ]


def _of_station(asking: Asking, known: Known, station: StationRow) -> list[Gap]:
    unread = [one for one in known.slices_of(station) if not one.covered]
    stands = asking.standing(known, station, 0, known.window, ())
    link = f"/v1/crew/stations/{station.code}"
    found = [
        Gap(
            code=UNREAD,
            need=f"the grid of {station.name} for the next day",
            have="none was read of this time",
            from_=one.start,
            to=one.end,
            reasons=["it was not fetched yet, or could not be read"],
            remedies=["start a run for the station, or import its report"],
            subject=station.code,
            link=link,
        )
        for one in unread
    ]
    if stands.stale and stands.as_of is not None:
        found.append(
            Gap(
                code=STALE,
                need=f"a newer look at the grid of {station.name}",
                have=f"the oldest look that is used is of {stands.as_of:%Y-%m-%d %H:%M} UTC",
                from_=stands.as_of,
                reasons=["it is older than three times its freshness"],
                remedies=["see why runs fail or do not begin"],
                subject=station.code,
                link=link,
            )
        )
    return found


def _locked(station: StationRow) -> Gap:
    return Gap(
        code=LOCKED,
        need=f"credentials that Gartan accepts for {station.name}",
        have="they were refused; nothing is fetched, so that the account is not locked out",
        remedies=["correct the user name or password in the settings, or release the lock"],
        subject=station.code,
        link=f"/v1/crew/stations/{station.code}",
    )
