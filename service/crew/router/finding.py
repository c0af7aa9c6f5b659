"""Whom a request is about: found before its snapshot, because the data versions bear the station's code."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from service.core.database import ReadConnection
from service.crew.answers.asked import no_such_person
from service.crew.queries import scopes
from service.crew.queries.states import AnyRow, Whom, select_people
from service.crew.queries.stations import StationRow, select_codes, select_station_of
from service.crew.router.answers import Call
from service.reporting.entities import Answer, answer
from service.reporting.row_numbers import AS_ASKED

CrewId = Annotated[int, AS_ASKED, Path(description="Number of a crew member.")]
OfPerson = Callable[[ReadConnection, StationRow, AnyRow], Awaitable[Answer]]


async def station_holding(call: Call, crew_id: int) -> StationRow:
    """The station of a person. Raises `NotFound` where there is none that the caller may see."""
    async with call.runtime.database.read() as conn:
        station = await select_station_of(conn, crew_id)
    if station is None or not call.caller.sees(station.code):
        raise no_such_person(crew_id)
    return station


async def answer_person(
    call: Call, crew_id: int, build: OfPerson, *, whom: Callable[[Whom], Whom] = lambda whom: whom
) -> Response:
    """An answer about one person: `build` gets the station and the profile that holds (`whom` may say when).

    Raises `NotFound` (`crew_not_found`), also for somebody who was not known yet at `known_at`.
    """
    station = await station_holding(call, crew_id)

    async def build_one(conn: ReadConnection) -> Answer:
        people = await select_people(conn, whom(Whom([station.id], [crew_id])))
        if not people:
            raise no_such_person(crew_id)
        return await build(conn, station, people[0])

    return await answer(call, build_one, [scopes.of_station(station.code), scopes.of_people(station.code)])


async def scopes_of(call: Call, code: str | None) -> Sequence[str]:
    """The data versions of the station asked for, or of all that the caller may see.

    Refuses a foreign station.
    """
    allowed = call.caller.sites_for(code)
    if allowed is None:
        async with call.runtime.database.read() as conn:
            allowed = frozenset(await select_codes(conn))
    of_each = [scope for one in sorted(allowed) for scope in (scopes.of_station(one), scopes.of_people(one))]
    return of_each if code is not None else [*of_each, scopes.of_people(scopes.ANY)]
