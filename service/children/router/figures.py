"""Figures worked from sessions."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from service.children.analytics.answers import MODELS, SECTIONS, Answered, answer
from service.children.analytics.explained import explain
from service.children.analytics.page import HEADERS as PAGE_HEADERS
from service.children.analytics.page import View, progress_page
from service.children.router.documented import CLOSED, PREFIX, TAGS
from service.children.router.figures_examples import EXAMPLES, EXPLANATION
from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.reporting.explaining import OFFERED, explanation_response
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import Responses, problem_responses
from service.reporting.query import strict_query
from service.reporting.seen import MinDataVersion, least_versions
from service.schemas.children.analytics import AnalyticsAsk, ExplainAsk, FiguresAsk, StreaksAsk, TimeseriesAsk
from service.schemas.children.figures import Section
from service.schemas.envelope import Explanation
from service.schemas.exports import Locale

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
reader = needs("analytics:read")
_HEADERS: Final = {
    "X-Cache": {"schema": {"type": "string", "enum": ["HIT", "MISS"]}, "description": "Whether it was kept."},
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."},
}
ASKS: Final[dict[str, type[FiguresAsk]]] = {
    "analytics": AnalyticsAsk,
    "timeseries": TimeseriesAsk,
    "streaks": StreaksAsk,
}
TITLES: Final = {
    "summary": "A window of a child in figures",
    "trends": "How figures of a child move",
    "timeseries": "Figures of a child by day, ISO week or month",
    "series": "Completed sessions of a child, one by one",
    "emotions": "States before and after sessions and activities",
    "activities": "Activities of a child in figures",
    "by-type": "Figures of a child by type of session",
    "streaks": "Days in a row with a completed session",
    "comparison": "A window against the one before it",
    "analytics": "All figures of a child over a window",
}


OPERATIONS: Final = {"activities": "activity_figures"}
"""Names of operations where the section's own is another operation's."""


def figures_responses(example: Any, *statuses: int) -> Responses:
    """The responses of a route that answers figures."""
    return {
        200: {"content": {"application/json": {"example": example}}, "headers": _HEADERS},
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def figures_response(answered: Answered) -> Response:
    """Finished figures; clinical, so nobody may keep them."""
    headers = {
        "Cache-Control": "no-store",
        "X-Cache": "HIT" if answered.hit else "MISS",
        "Data-Version": answered.data_version,
    }
    return Response(answered.body, headers=headers, media_type="application/json")


def _section(name: str, ask_model: type[FiguresAsk]) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request,
        runtime: RuntimeDep,
        caller: Any,
        child_id: int,
        ask: Any,
        minimum: MinDataVersion = None,
    ) -> Response:
        least = least_versions(request, minimum)
        return figures_response(await answer(runtime, caller, child_id, name, ask, least))

    endpoint.__annotations__["caller"] = Annotated[Caller, Depends(reader)]
    endpoint.__annotations__["ask"] = Annotated[ask_model, Query()]
    return endpoint


def _add(name: str) -> None:
    ask = ASKS.get(name, FiguresAsk)
    path = "analytics" if name == "analytics" else f"analytics/{name}"
    router.add_api_route(
        f"/{{child_id:int}}/{path}",
        _section(name, ask),
        methods=["GET"],
        operation_id=f"children_{OPERATIONS.get(name, name.replace('-', '_'))}",
        summary=TITLES[name],
        description=MODELS[name].__doc__,
        response_model=MODELS[name],
        responses=figures_responses(EXAMPLES[name], 404),
        dependencies=[Depends(strict_query(ask))],
    )


class ExplainQuery(ExplainAsk):
    """A figure, and how to write why it is so."""

    format: Literal["json", "html", "fragment"] | None = None
    locale: Locale = "en"


def _explanation(section: Section) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request,
        runtime: RuntimeDep,
        caller: Any,
        child_id: int,
        ask: Annotated[ExplainQuery, Query()],
    ) -> Response:
        name = chosen_format(ask.format, request.headers.get("accept"), OFFERED)
        explanation = await explain(runtime, caller, child_id, section, ask)
        answered = explanation_response(
            explanation, name, locale=ask.locale, desk="children", title=TITLES[section]
        )
        answered.headers["Cache-Control"] = "no-store"
        return answered

    endpoint.__annotations__["caller"] = Annotated[Caller, Depends(reader)]
    return endpoint


def _add_explanation(section: Section) -> None:
    router.add_api_route(
        f"/{{child_id:int}}/analytics/{section}/explain",
        _explanation(section),
        methods=["GET"],
        operation_id=f"children_{section.replace('-', '_')}_explain",
        summary=f"Why a figure of “{TITLES[section]}” is what it is",
        description="The rule and every session or activity it is worked from; `figure` is a path such as "
        "`score.mean`, with elements of lists by their name: `buckets.2025-W23.score.mean`.",
        response_model=Explanation,
        responses={
            200: {"content": {"application/json": {"example": EXPLANATION}, "text/html": {}}},
            **problem_responses(401, 403, 404, 406, 422, 429, 503),
        },
        dependencies=[Depends(strict_query(ExplainQuery))],
    )


for _name in TITLES:
    _add(_name)
for _section_name in SECTIONS:
    _add_explanation(_section_name)


class PageAsk(FiguresAsk):
    """A window, for whom the page is, and its language."""

    view: View = Field("parent", description="`parent`: in plain words; `professional`: in figures.")
    locale: Locale = "en"


@router.get(
    "/{child_id:int}/analytics/progress-page",
    operation_id="children_progress_page",
    summary="A child's progress as a page to read and print",
    response_class=HTMLResponse,
    responses={
        200: {"content": {"text/html": {"schema": {"type": "string"}}}},
        **problem_responses(401, 403, 404, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(PageAsk))],
)
async def progress(
    runtime: RuntimeDep,
    caller: Annotated[Caller, Depends(reader)],
    child_id: int,
    ask: Annotated[PageAsk, Query()],
) -> Response:
    """The same figures as the other routes give, with how many sessions each rests on; en and es."""
    page = await progress_page(runtime, caller, child_id, ask.view, ask, ask.locale)
    return HTMLResponse(page, headers=PAGE_HEADERS)
