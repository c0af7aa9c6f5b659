"""Hours of a week against the contract."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.crew.answers.asked import station_of
from service.crew.answers.hours import WeekAsked, head, hours_object, until, week_hours
from service.crew.queries.states import AnyRow, Whom
from service.crew.queries.stations import StationRow
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.router.finding import CrewId, answer_person, scopes_of
from service.crew.router.people_examples import DATA
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.crew.hours import PersonHours, StationHours, StationWeekAsk, WeekAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_HEAD: Final[dict[str, Any]] = {
    "station": "P22",
    "week": "2026-W10",
    "from": "2026-03-02T00:00:00Z",
    "to": "2026-03-09T00:00:00Z",
    "week_hours": "168",
    "at": "2026-03-07T12:00:00Z",
}
_HOURS: Final[dict[str, Any]] = {
    "crew_id": 1,
    "name": "ALDER, JO",
    "role": "WC",
    "planned": "40.00",
    "achieved": "28.00",
    "still_planned": "12.00",
    "contract": "61.00",
    "remaining_to_contract": "33.00",
    "projected_shortfall": "21.00",
    "known_hours": "72.00",
    "complete": False,
}
_DATA: Final[dict[str, Any]] = {
    **DATA,
    "complete": False,
    "reasons": ["P22: nothing is known of 2026-03-02T00:00Z – 2026-03-05T00:00Z"],
}


@router.get(
    "/hours",
    operation_id="crew_station_hours",
    summary="Hours of everybody at a station in a week, against their contracts",
    response_model=StationHours,
    responses=read_responses({**_HEAD, "crew": [_HOURS], "data": _DATA}),
    dependencies=[Depends(strict_query(StationWeekAsk))],
)
async def hours_of_station(call: CallDep, ask: Annotated[StationWeekAsk, Query()]) -> Response:
    """By rank and name. A week has 167 to 169 hours where clocks change."""

    async def build(conn: ReadConnection) -> Answer:
        station = await station_of(conn, call.caller, ask.station)
        found = await week_hours(conn, call.runtime.settings, station, _asked(call, ask), call.now)
        crew = [hours_object(row, hours, redact=ask.redact) for row, hours in found.people]
        body = {**head(found), "crew": crew, "data": found.standing.as_json()}
        return Answer(body, until(found, call.now) if ask.at is None else found.standing.until)

    return await answer(call, build, await scopes_of(call, ask.station))


@router.get(
    "/{crew_id:number}/hours",
    operation_id="crew_person_hours",
    summary="Hours of one person in a week, against the contract",
    response_model=PersonHours,
    responses=read_responses({**_HEAD, **_HOURS, "data": _DATA}, 404),
    dependencies=[Depends(strict_query(WeekAsk))],
)
async def hours(call: CallDep, crew_id: CrewId, ask: Annotated[WeekAsk, Query()]) -> Response:
    """Planned, achieved and missing; nothing that is not known is counted."""

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        asked = _asked(call, ask)
        found = await week_hours(conn, call.runtime.settings, station, asked, call.now, [row.id])
        shown = hours_object(*found.people[0], redact=ask.redact)
        body = {**head(found), **shown, "data": found.standing.as_json()}
        return Answer(body, until(found, call.now) if ask.at is None else found.standing.until)

    return await answer_person(
        call, crew_id, build, whom=lambda one: Whom(one.stations, one.people, ask.known_at)
    )


def _asked(call: Call, ask: WeekAsk) -> WeekAsked:
    return WeekAsked(ask.week, ask.at or call.now, ask.known_at)
