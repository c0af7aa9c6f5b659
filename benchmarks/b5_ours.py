"""The crew desk's own answers, as its routes ask for them, and how they compare with the plain statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.b5_ground import AHEAD, NOW, WEEK
from benchmarks.b5_peers import Plain
from service.core.database import Database, ReadConnection
from service.core.settings import Settings
from service.crew.answers.appliance_answers import Answered, Asking, forecast
from service.crew.answers.appliances import read
from service.crew.answers.coverage import coverage
from service.crew.answers.hours import WeekAsked, WeekHours, week_hours
from service.crew.answers.states import States, states_of
from service.crew.queries.appliances import select_of_stations
from service.crew.queries.states import Whom
from service.crew.queries.stations import StationRow, select_station

QUARTER: Final = timedelta(minutes=15)
SETTINGS: Final = Settings.model_validate({"secret_keys": ["b" * 32]})


class Ours:
    """Each question in one snapshot, with how fresh and how complete its answer is."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def states(self, number: int) -> States:
        """How each person stands now."""
        async with self.db.snapshot() as conn:
            station = await _station(conn, number)
            return await states_of(conn, SETTINGS, [station], Whom([station.id]), NOW, NOW)

    async def states_then(self, number: int) -> States:
        """The same as it was known then."""
        async with self.db.snapshot() as conn:
            station = await _station(conn, number)
            whom = Whom([station.id], known_at=NOW)
            return await states_of(conn, SETTINGS, [station], whom, NOW, NOW)

    async def forecast(self, number: int, known_at: datetime | None = None) -> Answered:
        """Two weeks of the station's appliance."""
        async with self.db.snapshot() as conn:
            [appliance] = await select_of_stations(conn, [f"S{number}"])
            return await forecast(Asking(conn, SETTINGS, NOW, known_at), appliance, NOW, NOW + AHEAD)

    async def forecast_then(self, number: int) -> Answered:
        """The same as it was known then."""
        return await self.forecast(number, NOW)

    async def coverage(self, number: int) -> Answered:
        """Two weeks in quarter hours."""
        async with self.db.snapshot() as conn:
            station = await _station(conn, number)
            return await coverage(Asking(conn, SETTINGS, NOW), station, NOW, NOW + AHEAD, QUARTER)

    async def hours(self, number: int) -> WeekHours:
        """The hours of a week of each person."""
        async with self.db.snapshot() as conn:
            return await week_hours(conn, SETTINGS, await _station(conn, number), WeekAsked(WEEK, NOW), NOW)

    async def differing(self, number: int, plain: Plain) -> int:
        """People, slots and stretches of a station of which the two say something else."""
        counted = 0
        states = {row.id: row for row in (await self.states(number)).rows}
        for row in await plain.states(number):
            own = states[row.id]
            said = (own.state, own.reason, own.since, own.until, own.next_from, own.known_until)
            counted += said != (row.state, row.reason, row.since, row.until, row.next_from, row.known_until)
        hours = {row.id: of for row, of in (await self.hours(number)).people}
        for row in await plain.hours(number):
            counted += (hours[row.id].planned, hours[row.id].achieved) != (row.planned, row.achieved)
        slots = (await self.coverage(number)).body["items"]
        for slot, row in zip(slots, await plain.coverage(number), strict=True):
            counted += (slot["at"], slot["crew"], slot["driver"]) != (row.slot, row.crew, row.drivers)
        return counted + await self._swept(number, plain)

    async def _swept(self, number: int, plain: Plain) -> int:
        """Quarter hours in which another crew is there."""
        async with self.db.snapshot() as conn:
            station = await _station(conn, number)
            known = await read(conn, SETTINGS, [station], NOW, NOW + AHEAD)
        own = [(one.start, one.end, one.crew) for one in known.slices_of(station)]
        theirs = [(row.a, row.b, frozenset(row.crew)) for row in await plain.sweep(number)]
        return sum(
            _at(own, NOW + QUARTER * n) != _at(theirs, NOW + QUARTER * n) for n in range(AHEAD // QUARTER)
        )


def _at(stretches: Sequence[tuple[Any, Any, frozenset[int]]], at: Any) -> frozenset[int]:
    return next(crew for start, end, crew in stretches if start <= at < end)


async def _station(conn: ReadConnection, number: int) -> StationRow:
    station = await select_station(conn, f"S{number}")
    assert station is not None
    return station
