"""The paths of the earlier system, with its bodies (spec A.12, D.7); `Deprecation` says what to use."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import Response

import service.crew.answers.former as bodies
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.crew.answers import appliance_answers
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.asked import stations_of
from service.crew.answers.hours import WeekAsked, until, week_hours
from service.crew.answers.states import states_of
from service.crew.queries import scopes
from service.crew.queries.appliances import select_named
from service.crew.queries.states import AnyRow, Whom, select_people
from service.crew.queries.stations import StationRow
from service.crew.router import legacy_station
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, TAGS
from service.crew.router.finding import answer_person, scopes_of
from service.crew.router.former import answered, at_both_places, not_found
from service.reporting.entities import Answer, answer
from service.schemas.crew.former import FormerAsk

router = APIRouter(tags=TAGS, dependencies=CLOSED)
Asked = Annotated[FormerAsk, Query()]
WHOLE: Final = (
    "hours_planned_week", "hours_achieved", "hours_this_week", "hours_remaining", "contract_hours",
)  # fmt: skip


@at_both_places(router, "/crew", FormerAsk)
async def crew(call: CallDep, asked: Asked) -> Response:
    """Each once, whatever their bookings; use `/v1/crew`."""
    at = asked.at or call.now

    async def build(conn: ReadConnection) -> Answer:
        stations = await stations_of(conn, call.caller, None)
        whom = Whom([one.id for one in stations])
        found = await states_of(conn, call.runtime.settings, stations, whom, at, call.now)
        profiles = {row.id: row for row in await select_people(conn, whom)}
        listed = sorted(found.rows, key=lambda row: (row.name, row.id))
        body = [bodies.person(row, profiles[row.id], at) for row in listed]
        return answered(body, found.standing.as_of, found.until, "")

    return await answer(call, build, await scopes_of(call, None), kept=False)


@at_both_places(router, "/crew/{crew_id}/available", FormerAsk)
async def available(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """What is not known is false; use `/v1/crew/{crew_id}/availability`, which says so."""
    return await _state(call, crew_id, asked, "available")


@at_both_places(router, "/crew/{crew_id}/duration", FormerAsk)
async def duration(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """Hours with two decimals, or null; use `/v1/crew/{crew_id}/availability`."""
    return await _state(call, crew_id, asked, "duration")


@at_both_places(router, "/crew/{crew_id}/hours-this-week", FormerAsk)
async def hours_this_week(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """All of them; use `/v1/crew/{crew_id}/hours`."""
    return await _hours(call, crew_id, asked, *WHOLE)


@at_both_places(router, "/crew/{crew_id}/hours-planned-week", FormerAsk)
async def hours_planned_week(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """Use `/v1/crew/{crew_id}/hours`."""
    return await _hours(call, crew_id, asked, "hours_planned_week")


@at_both_places(router, "/crew/{crew_id}/contract-hours", FormerAsk)
async def contract_hours(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """Use `/v1/crew/{crew_id}/hours`."""
    return await _hours(call, crew_id, asked, "contract_hours")


@at_both_places(router, "/crew/{crew_id}/hours-achieved", FormerAsk)
async def hours_achieved(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """Use `/v1/crew/{crew_id}/hours`."""
    return await _hours(call, crew_id, asked, "hours_achieved")


@at_both_places(router, "/crew/{crew_id}/hours-remaining", FormerAsk)
async def hours_remaining(call: CallDep, crew_id: str, asked: Asked) -> Response:
    """Null where no contract is known; use `/v1/crew/{crew_id}/hours`."""
    return await _hours(call, crew_id, asked, "hours_remaining")


@at_both_places(router, "/appliances/{name}/available", FormerAsk)
async def appliance_available(call: CallDep, name: str, asked: Asked) -> Response:
    """By the grid and its crewing rule; use `/v1/crew/appliances/{name}/status`."""
    return await _appliance(call, name, asked, 0)


@at_both_places(router, "/appliances/{name}/duration", FormerAsk)
async def appliance_duration(call: CallDep, name: str, asked: Asked) -> Response:
    """Until the grid or the crew ends it; use `/v1/crew/appliances/{name}/status`."""
    return await _appliance(call, name, asked, 1)


async def _state(call: Call, crew_id: str, asked: FormerAsk, field: str) -> Response:
    at = asked.at or call.now

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        whom = Whom([station.id], [row.id])
        found = await states_of(conn, call.runtime.settings, [station], whom, at, call.now)
        body = bodies.person(found.rows[0], row, at)[field]
        return answered(body, found.standing.as_of, found.until, f"/{row.id}/availability")

    return await _of_person(call, crew_id, build, "/availability")


async def _hours(call: Call, crew_id: str, asked: FormerAsk, *fields: str) -> Response:
    at = asked.at or call.now

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        week = WeekAsked(None, at)
        found = await week_hours(conn, call.runtime.settings, station, week, call.now, [row.id])
        whole = bodies.hours(found, row)
        body = {name: whole[name] for name in fields}
        return answered(body, found.standing.as_of, until(found, call.now), f"/{row.id}/hours")

    return await _of_person(call, crew_id, build, "/hours")


async def _of_person(
    call: Call,
    crew_id: str,
    build: Callable[[ReadConnection, StationRow, AnyRow], Awaitable[Answer]],
    successor: str,
) -> Response:
    if not (crew_id.isascii() and crew_id.isdigit() and len(crew_id) < 10):
        return not_found(successor)
    try:
        return await answer_person(call, int(crew_id), build)
    except NotFound:
        return not_found(successor)


async def _appliance(call: Call, name: str, asked: FormerAsk, part: int) -> Response:
    at = asked.at or call.now
    async with call.runtime.database.read() as conn:
        named = [] if "\0" in name else await select_named(conn, name, call.caller.sites_for())
    if not named:
        return not_found("/appliances")
    found = named[0]

    async def build(conn: ReadConnection) -> Answer:
        made = await appliance_answers.statuses(Asking(conn, call.runtime.settings, call.now), [found], at)
        body = bodies.appliance(made.body["items"][0])[part]
        as_of = made.body["data"]["as_of"]
        return answered(body, as_of, made.until, f"/appliances/{quote(found.name)}/status")

    return await answer(call, build, [scopes.of_station(found.station.code)])


router.routes.extend(legacy_station.router.routes)
