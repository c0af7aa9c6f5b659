"""Figures of several children: side by side, dashboards, caseloads, all who take part."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.children.analytics import across
from service.children.analytics.population import population
from service.children.router.answers import read
from service.children.router.documented import CLOSED, PREFIX, TAGS
from service.children.router.figures import figures_response, figures_responses
from service.children.router.figures_examples import ACROSS
from service.core.auth import Caller, needs, needs_one
from service.core.inbound import RuntimeDep
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.children.across import (
    Caseload,
    CompareAsk,
    Comparing,
    Dashboard,
    Population,
    PopulationAsk,
)
from service.schemas.children.analytics import FiguresAsk
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Reader = Annotated[Caller, Depends(needs("analytics:read"))]
Concerned = Annotated[Caller, Depends(needs_one("analytics:read", "population:read"))]
Statistician = Annotated[Caller, Depends(needs("population:read"))]


@router.get(
    "/compare",
    operation_id="children_compare",
    summary="Two to five children side by side",
    response_model=Comparing,
    responses={
        200: {"content": {"application/json": {"example": ACROSS["compare"]}}},
        **problem_responses(401, 403, 404, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(CompareAsk))],
)
async def compare(runtime: RuntimeDep, caller: Reader, ask: Annotated[CompareAsk, Query()]) -> Response:
    """The same window of children whom you may see, each in its own time zone."""
    return read(await across.compare(runtime, caller, ask))


@router.get(
    "/dashboard",
    operation_id="children_dashboard",
    summary="What concerns you, at a glance",
    response_model=Dashboard,
    responses={
        200: {"content": {"application/json": {"example": ACROSS["dashboard"]}}},
        **problem_responses(401, 403, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def dashboard(runtime: RuntimeDep, caller: Concerned) -> Response:
    """Parents and professionals: their children. Admins: the platform in counts, nobody by name."""
    return read(await across.dashboard(runtime, caller))


@router.get(
    "/caseload",
    operation_id="children_my_caseload",
    summary="The children you are assigned to, in figures",
    response_model=Caseload,
    responses={
        200: {"content": {"application/json": {"example": ACROSS["caseload"]}}},
        **problem_responses(401, 403, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(FiguresAsk))],
)
async def caseload(runtime: RuntimeDep, caller: Reader, ask: Annotated[FiguresAsk, Query()]) -> Response:
    """For professionals: completion, scores, engagement and where they move, by name."""
    return read(await across.caseload(runtime, caller, ask))


@router.get(
    "/population",
    operation_id="children_population",
    summary="Figures over all children who take part, never of few",
    response_model=Population,
    responses=figures_responses(ACROSS["population"]),
    dependencies=[Depends(strict_query(PopulationAsk))],
)
async def of_everybody(
    runtime: RuntimeDep, caller: Statistician, ask: Annotated[PopulationAsk, Query()]
) -> Response:
    """Only children with consent to it; small groups are withheld, and what would tell of them."""
    return figures_response(await population(runtime, caller, ask))
