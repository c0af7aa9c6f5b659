"""Check-ins, day results and the upstream's own attendance: windows of dates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.attendance.queries import browse
from service.attendance.router import examples, standing
from service.attendance.router.answers import MASTERS, CallDep, answer_window
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.attendance.router.windows import a_week_before, first_of_month, month_scopes, with_window
from service.reporting.query import strict_query
from service.reporting.route_responses import list_responses
from service.schemas.attendance import (
    Checkin,
    CheckinsAsk,
    Day,
    DaysAsk,
    UpstreamAttendance,
    UpstreamAttendanceAsk,
)
from service.schemas.envelope import Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
COMPLETENESS = "attendance/completeness"
"""The data version of watermarks and gaps."""


@router.get(
    "/checkins",
    operation_id="attendance_checkins",
    summary="Check-ins, latest first",
    response_model=Listing[Checkin],
    responses=list_responses(examples.CHECKIN, examples.META),
    dependencies=[Depends(strict_query(CheckinsAsk))],
)
async def checkins(call: CallDep, ask: Annotated[CheckinsAsk, Query()]) -> Response:
    """Punches as the upstream has them. Those of numbers that are nobody's are shown to unlimited keys."""
    asked = with_window(ask, call.today, a_week_before)
    scopes = [MASTERS, COMPLETENESS, *month_scopes(asked)]
    return await answer_window(call, asked, browse.list_checkins, standing.CHECKINS, scopes)


@router.get(
    "/days",
    operation_id="attendance_days",
    summary="Day results, by date",
    response_model=Listing[Day],
    responses=list_responses(examples.DAY, examples.META),
    dependencies=[Depends(strict_query(DaysAsk))],
)
async def days(call: CallDep, ask: Annotated[DaysAsk, Query()]) -> Response:
    """One row for each person, date and shift under one rule set."""
    asked = with_window(ask, call.today, first_of_month)
    scopes = [MASTERS, COMPLETENESS, *month_scopes(asked)]
    return await answer_window(call, asked, browse.list_days, standing.DAYS, scopes)


@router.get(
    "/upstream-attendance",
    operation_id="attendance_upstream_attendance",
    summary="The upstream's own attendance, by date",
    response_model=Listing[UpstreamAttendance],
    responses=list_responses(examples.UPSTREAM_ATTENDANCE, examples.META),
    dependencies=[Depends(strict_query(UpstreamAttendanceAsk))],
)
async def upstream_attendance(call: CallDep, ask: Annotated[UpstreamAttendanceAsk, Query()]) -> Response:
    """What the upstream itself concluded, in its words; `reports/reconciliation` compares it with ours."""
    asked = with_window(ask, call.today, first_of_month)
    scopes = [MASTERS, COMPLETENESS, *month_scopes(asked)]
    sources = standing.UPSTREAM_ATTENDANCE
    return await answer_window(call, asked, browse.list_upstream_attendance, sources, scopes)
