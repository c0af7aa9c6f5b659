"""Appliances: on the run or not, until when, gaps, what if; coverage."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.crew.answers import appliance_answers
from service.crew.answers.appliance_answers import Answered, Asking
from service.crew.answers.appliances import Known
from service.crew.answers.asked import checked_range, station_of, stations_of
from service.crew.answers.coverage import coverage as coverage_of
from service.crew.answers.coverage import day_of
from service.crew.answers.finding import appliances_asked
from service.crew.queries import scopes
from service.crew.queries.appliances import ApplianceRow
from service.crew.router import appliance_examples as examples
from service.crew.router import crewing_rules
from service.crew.router.answers import CallDep
from service.crew.router.appliance_calls import Name, answer_about, found, range_of
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.rules.sweep import Overlay
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.crew.appliances import (
    ApplianceGaps,
    Appliances,
    AppliancesAsk,
    ApplianceStatus,
    CoverageAsk,
    CoverageMatrix,
    ForecastAsk,
    Forecasts,
    GapsAsk,
    StatusAsk,
    WhatIf,
    WhatIfAsk,
)
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/appliances",
    operation_id="crew_appliances",
    summary="Appliances at an instant: on the run or not, and until when",
    response_model=Appliances,
    responses=read_responses(examples.APPLIANCES),
    dependencies=[Depends(strict_query(AppliancesAsk))],
)
async def appliances(call: CallDep, ask: Annotated[AppliancesAsk, Query()]) -> Response:
    """Those of a station, or of all stations that you may see."""

    async def build(conn: ReadConnection) -> Answer:
        at_which, named = await appliances_asked(conn, call.caller, ask.station)
        asking = Asking(conn, call.runtime.settings, call.now, ask.known_at)
        made = await appliance_answers.statuses(asking, named, ask.at or call.now, at_which)
        return Answer(made.body, made.until)

    async with call.runtime.database.read() as conn:
        stations = await stations_of(conn, call.caller, ask.station)
    seen = [scopes.of_station(one.code) for one in stations]
    # A list of all is kept by nobody: a station that is new raises none of the versions of those before it.
    return await answer(call, build, seen, kept=ask.station is not None)


@router.get(
    "/appliances/{name}/status",
    operation_id="crew_appliance_status",
    summary="Whether an appliance is on the run, why, and until when",
    response_model=ApplianceStatus,
    responses=read_responses(examples.STATUS, 404),
    dependencies=[Depends(strict_query(StatusAsk))],
)
async def status(call: CallDep, name: Name, ask: Annotated[StatusAsk, Query()]) -> Response:
    """By the grid's flag and the crewing rule over those who are available (spec D.6)."""
    appliance = await found(call, name, ask.station)

    async def build(asking: Asking) -> Answered:
        return await appliance_answers.status(asking, appliance, ask.at or call.now)

    return await answer_about(call, appliance, ask.known_at, build)


@router.get(
    "/appliances/{name}/forecast",
    operation_id="crew_appliance_forecast",
    summary="What becomes of an appliance over a range",
    response_model=Forecasts,
    responses=read_responses(examples.FORECAST, 404),
    dependencies=[Depends(strict_query(ForecastAsk))],
)
async def forecast(call: CallDep, name: Name, ask: Annotated[ForecastAsk, Query()]) -> Response:
    """Stretches of one status without holes, each with its parts of one crew."""
    start, end = range_of(call, ask)
    appliance = await found(call, name, ask.station)

    async def build(asking: Asking) -> Answered:
        return await appliance_answers.forecast(asking, appliance, start, end)

    return await answer_about(call, appliance, ask.known_at, build, kept=ask.from_ is not None)


@router.get(
    "/appliances/{name}/gaps",
    operation_id="crew_appliance_gaps",
    summary="When an appliance is not available, and who would close the gaps",
    response_model=ApplianceGaps,
    responses=read_responses(examples.GAPS, 404),
    dependencies=[Depends(strict_query(GapsAsk))],
)
async def gaps(call: CallDep, name: Name, ask: Annotated[GapsAsk, Query()]) -> Response:
    """Only people who are known to be unavailable are proposed, never those of whom nothing is known."""
    start, end = range_of(call, ask)
    appliance = await found(call, name, ask.station)

    async def build(asking: Asking) -> Answered:
        least = timedelta(minutes=ask.min_minutes)
        return await appliance_answers.gaps_between(asking, appliance, start, end, least)

    return await answer_about(call, appliance, ask.known_at, build, kept=ask.from_ is not None)


@router.post(
    "/appliances/{name}/what-if",
    operation_id="crew_appliance_what_if",
    summary="What would become of an appliance if people booked on or off",
    response_model=WhatIf,
    responses=read_responses(examples.WHAT_IF, 404),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.WHAT_IF_ASK}}}},
)
async def what_if(call: CallDep, name: Name, asked: WhatIfAsk) -> Response:
    """Nothing is written."""
    start = asked.from_ or min(one.from_ for one in asked.changes)
    end = asked.to or max(one.to for one in asked.changes)
    checked_range(start, end, "/body")
    appliance = await found(call, name, asked.station, "/body/station")
    overlay = [Overlay(one.crew_id, one.from_, one.to, one.state) for one in asked.changes]

    async def build(asking: Asking) -> Answered:
        known = await asking.read([appliance.station], start, end)
        _are_there(known, appliance, overlay)
        return await appliance_answers.what_if(known, asking, appliance, overlay)

    return await answer_about(call, appliance, asked.known_at, build, kept=False)


@router.get(
    "/coverage",
    operation_id="crew_coverage_matrix",
    summary="A station slot by slot: crew, officers, drivers, breathing apparatus, appliances",
    response_model=CoverageMatrix,
    responses=read_responses(examples.COVERAGE),
    dependencies=[Depends(strict_query(CoverageAsk))],
)
async def coverage(call: CallDep, ask: Annotated[CoverageAsk, Query()]) -> Response:
    """A local day has 92, 96 or 100 quarter hours; null is where nobody looked."""
    async with call.runtime.database.read() as conn:
        station = await station_of(conn, call.caller, ask.station)
    start = ask.from_ or day_of(station, call.now)[0]
    end = ask.to or day_of(station, start)[1]
    checked_range(start, end)

    async def build(conn: ReadConnection) -> Answer:
        asking = Asking(conn, call.runtime.settings, call.now, ask.known_at)
        made = await coverage_of(asking, station, start, end, timedelta(minutes=ask.step))
        return Answer(made.body, made.until)

    return await answer(call, build, [scopes.of_station(station.code)], kept=ask.from_ is not None)


def _are_there(known: Known, appliance: ApplianceRow, overlay: list[Overlay]) -> None:
    there = {one.id for one in known.members_of(appliance.station)}
    detail = f"{appliance.station.code} has nobody of this number"
    problems = [
        FieldError(f"/body/changes/{at}/crew_id", "unknown_crew_member", detail)
        for at, one in enumerate(overlay)
        if one.crew_id not in there
    ]
    if problems:
        raise Invalid(detail, errors=problems)


router.routes.extend(crewing_rules.router.routes)
