"""Why a day came out as it did."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from service.attendance.reports.explain import explain_day
from service.attendance.reports.monthly_sheet import EXPLANATION
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.core.inbound import CallerDep, RuntimeDep
from service.reporting.explaining import OFFERED, explanation_response
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.report import BuildContext
from service.schemas.asked import CalendarDate
from service.schemas.envelope import Ask, Explanation

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


class ExplainAsk(Ask):
    """Which of the day's results, and how to write the answer."""

    shift: str | None = Field(None, description="Name of a shift type, where the day has several.")
    rule_set: str | None = Field(None, description="Name of a rule set; default `recommended`.")
    format: Literal["json", "html", "fragment"] | None = None
    locale: Literal["en", "es"] = "en"


@router.get(
    "/days/{person:path}/{day}/explain",
    operation_id="attendance_explain_day",
    summary="Why a day came out as it did",
    response_model=Explanation,
    responses={
        200: {"content": {"application/json": {"example": EXPLANATION}, "text/html": {}}},
        **problem_responses(401, 403, 404, 406, 422, 503),
    },
    dependencies=[Depends(strict_query(ExplainAsk))],
)
async def explain(
    request: Request,
    runtime: RuntimeDep,
    caller: CallerDep,
    person: str,
    day: CalendarDate,
    asked: Annotated[ExplainAsk, Query()],
) -> Response:
    """The shift that was chosen, its windows, each check-in with the reason of its place, each rule."""
    name = chosen_format(asked.format, request.headers.get("accept"), OFFERED)
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=runtime.settings)
    async with runtime.database.snapshot() as conn:
        explanation = await explain_day(conn, person, day, context, asked.shift, asked.rule_set)
    return explanation_response(explanation, name, locale=asked.locale, desk="attendance", title="Day")
