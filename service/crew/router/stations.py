"""Stations: how far the grids are, the live display, the login; and reading them now."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import audit
from service.core import queries
from service.core.auth import Caller, needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, NotFound, unknown_value
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.versions import raise_versions, token
from service.crew.answers.display import compared
from service.crew.answers.following import detail, freshness, summaries
from service.crew.answers.standing import standing, station_versions
from service.crew.queries import logins, scopes
from service.crew.queries.logins import select_logins
from service.crew.queries.station_days import Asked, select_looks
from service.crew.queries.stations import StationRow, select_station, select_stations
from service.crew.router import stations_examples as examples
from service.crew.router.answers import WRITES, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.rules.planning import local_date
from service.crew.rules.slots import day_bounds
from service.crew.upstream.looking import live as look_at_display
from service.crew.upstream.signing_in import require_open
from service.crew.upstream.signing_in import standing as login_of
from service.crew.upstream.site import Place, place_of, places
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.reporting.runs import run_of
from service.schemas.crew.jobs import CrewSyncAsk, CrewSyncParams
from service.schemas.crew.stations import LiveAsk, StationDetail, StationLive, StationSummary, Unlocked
from service.schemas.envelope import Ask, Listing, Run

Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/stations",
    operation_id="crew_stations",
    summary="Stations that you may see",
    response_model=Listing[StationSummary],
    responses=read_responses(examples.STATIONS),
    dependencies=[Depends(strict_query(Ask))],
)
async def stations(call: CallDep) -> Response:
    """All at once, by code: when each was last seen, until when it is known, how signing in stands."""

    async def build(conn: ReadConnection) -> Answer:
        seen = [one for one in await select_stations(conn) if call.caller.sees(one.code)]
        known = await select_logins(conn, _followed(call.runtime))
        items = await summaries(conn, seen, known, call.now)
        page = {"next": None, "has_more": False, "limit": max(1, len(items))}
        return Answer({"items": items, "page": page})

    return await answer(call, build, [], kept=False)


@router.get(
    "/stations/{code}",
    operation_id="crew_station",
    summary="How a station is followed",
    response_model=StationDetail,
    responses=read_responses(examples.DETAIL, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def station(call: CallDep, code: str) -> Response:
    """Its days of last week and ahead with their freshness, its last runs, what is odd, the lock."""
    call.caller.sites_for(code)

    async def build(conn: ReadConnection) -> Answer:
        found = await _station(conn, code)
        known = await select_logins(conn, _followed(call.runtime))
        [short] = await summaries(conn, [found], known, call.now)
        settings = call.runtime.settings
        more = await detail(conn, settings, found, freshness(settings.upstream.gartan), call.now)
        return Answer({**short, **more})

    return await answer(call, build, [scopes.of_station(code)], kept=False)


@router.get(
    "/stations/{code}/live",
    operation_id="crew_station_live",
    summary="The station display, beside what the grid says",
    response_model=StationLive,
    responses=read_responses(examples.LIVE, 404, 423, 502),
    dependencies=[Depends(strict_query(LiveAsk))],
)
async def live(call: CallDep, code: str, ask: Annotated[LiveAsk, Query()]) -> Response:
    """Looked at upstream at most once in 30 seconds; who and what is told otherwise by the grid."""
    call.caller.sites_for(code)
    async with call.runtime.database.read() as conn:
        found = await _station(conn, code)
    place = place_of(call.runtime.settings, code)
    if place is None:
        raise NotFound(f"station {code} is not followed here", code="station_not_followed")
    look = await look_at_display(call.runtime, place, found)

    async def build(conn: ReadConnection) -> Answer:
        start, end = day_bounds(local_date(look.at, found.zone), found.zone)
        looks = await select_looks(conn, Asked(found.id, start, end))
        version = (await station_versions(conn, [code]))[code]
        reasons = () if looks else (f"{start:%Y-%m-%d} was never read",)
        data = standing(call.runtime.settings, version, looks, found.zone, call.now, reasons)
        body = await compared(conn, found, look.display, look.at, redact=ask.redact)
        return Answer({"station": code, "at": look.at, **body, "data": data.as_json()})

    return await answer(call, build, [scopes.of_station(code)], kept=False)


@router.post(
    "/sync",
    operation_id="crew_sync",
    summary="Read a station now",
    status_code=202,
    response_model=Run,
    responses=written_responses(202, examples.RUN, 409, 423),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.SYNC_ASK}}}},
)
async def sync(asked: CrewSyncAsk, request: Request, runtime: RuntimeDep, caller: Writer) -> Response:
    """A run at once; where one is under way, 409 with its id in `errors` and its address in `Location`."""
    place = _place(runtime, caller, asked.station)
    login = await login_of(runtime.database, place)
    if login.locked_at is not None:
        require_open(login, login.locked_at)

    async def start(conn: WriteConnection) -> Answered:
        params = CrewSyncParams(**asked.model_dump())
        run = await _started(runtime, conn, params, caller)
        await audit.record(
            conn, caller, "crew.sync_started", f"station:{place.code}", after=params.model_dump(mode="json")
        )
        return Answered(run_of(run), 202, {"Location": f"/v1/runs/{run.id}"})

    return await write_once(runtime.database, request, caller.id, start)


@router.post(
    "/stations/{code}/unlock",
    operation_id="crew_unlock",
    summary="End the lock of a login",
    response_model=Unlocked,
    responses=written_responses(200, examples.UNLOCKED, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def unlock(code: str, request: Request, runtime: RuntimeDep, caller: Writer) -> Response:
    """The next run signs in again; first put right what was refused, or the upstream locks the account."""
    caller.sites_for(code)
    place = place_of(runtime.settings, code)

    async def effect(conn: WriteConnection) -> Answered:
        await _station(conn, code)
        gone = await logins.unlock(conn, code, () if place is None else place.fingerprints)
        await audit.record(conn, caller, "crew.unlocked", f"station:{code}", after={"was_locked": gone})
        versions = await raise_versions(conn, [scopes.of_station(code)])
        return Answered(Unlocked(station=code, unlocked=gone), headers={"Data-Version": token(versions)})

    return await write_once(runtime.database, request, caller.id, effect)


def _followed(runtime: Runtime) -> dict[str, Any]:
    return {one.code: one.fingerprints for one in places(runtime.settings)}


async def _station(conn: ReadConnection, code: str) -> StationRow:
    found = await select_station(conn, code)
    if found is None:
        raise NotFound(f"there is no station {code}", code="station_not_found")
    return found


def _place(runtime: Runtime, caller: Caller, code: str) -> Place:
    caller.sites_for(code)
    place = place_of(runtime.settings, code)
    if place is None:
        known = [one.code for one in places(runtime.settings) if caller.sees(one.code)]
        raise unknown_value("/body/station", "station", code, known)
    return place


async def _started(runtime: Runtime, conn: WriteConnection, params: CrewSyncParams, caller: Caller) -> Any:
    try:
        return await runtime.tasks.start("crew.sync", params, caller.id, conn)
    except Conflict as busy:
        active = await queries.select_active_run(conn, f"crew.sync/{params.station}")
        if active is None:
            raise
        told = f"station {params.station} is being read by run {active.id}"
        raise Conflict(
            told,
            code="run_in_progress",
            errors=[FieldError("/body/station", "run_in_progress", str(active.id))],
            headers={"Location": f"/v1/runs/{active.id}"},
        ) from busy
