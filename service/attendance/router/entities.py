"""People, sites, devices, shift types, holiday lists, leaves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.attendance.queries import browse
from service.attendance.router import examples
from service.attendance.router.answers import MASTERS, CallDep, answer_list, answer_one
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.attendance.router.windows import check_dates
from service.reporting.query import strict_query
from service.reporting.route_responses import list_responses, read_responses
from service.schemas.attendance import (
    Device,
    DevicesAsk,
    HolidayList,
    Leave,
    LeavesAsk,
    MastersAsk,
    PeopleAsk,
    Person,
    ShiftType,
    Site,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/people",
    operation_id="attendance_people",
    summary="People, by name",
    response_model=Listing[Person],
    responses=list_responses(examples.PERSON),
    dependencies=[Depends(strict_query(PeopleAsk))],
)
async def people(call: CallDep, ask: Annotated[PeopleAsk, Query()]) -> Response:
    """Those whom the upstream lists now, with site, company, default shift and holiday list."""
    return await answer_list(call, ask, browse.list_people, [MASTERS])


@router.get(
    "/people/{person:path}",
    operation_id="attendance_person",
    summary="One person",
    response_model=Person,
    responses=read_responses(examples.PERSON, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def person(call: CallDep, person: str) -> Response:
    """By the number payroll knows; a `/` in it is sent as `%2F`."""
    return await answer_one(call, lambda conn, asking: browse.find_person(conn, asking, person), [MASTERS])


@router.get(
    "/sites",
    operation_id="attendance_sites",
    summary="Sites, by name",
    response_model=Listing[Site],
    responses=list_responses(examples.SITE),
    dependencies=[Depends(strict_query(MastersAsk))],
)
async def sites(call: CallDep, ask: Annotated[MastersAsk, Query()]) -> Response:
    """The sites you may see."""
    return await answer_list(call, ask, browse.list_sites, [MASTERS])


@router.get(
    "/devices",
    operation_id="attendance_devices",
    summary="Devices, by name",
    response_model=Listing[Device],
    responses=list_responses(examples.DEVICE),
    dependencies=[Depends(strict_query(DevicesAsk))],
)
async def devices(call: CallDep, ask: Annotated[DevicesAsk, Query()]) -> Response:
    """Clocks that check-ins came from. A key limited to sites sees theirs, and unmapped ones they used."""
    # New devices come, and are used, without a new version of the masters: built anew each time.
    return await answer_list(call, ask, browse.list_devices, [MASTERS], kept=False)


@router.get(
    "/shift-types",
    operation_id="attendance_shift_types",
    summary="Shift types, by name",
    response_model=Listing[ShiftType],
    responses=list_responses(examples.SHIFT_TYPE),
    dependencies=[Depends(strict_query(MastersAsk))],
)
async def shift_types(call: CallDep, ask: Annotated[MastersAsk, Query()]) -> Response:
    """Hours, windows, grace periods and thresholds."""
    return await answer_list(call, ask, browse.list_shift_types, [MASTERS])


@router.get(
    "/holiday-lists",
    operation_id="attendance_holiday_lists",
    summary="Holiday lists, with their days",
    response_model=Listing[HolidayList],
    responses=list_responses(examples.HOLIDAY_LIST),
    dependencies=[Depends(strict_query(MastersAsk))],
)
async def holiday_lists(call: CallDep, ask: Annotated[MastersAsk, Query()]) -> Response:
    """Feasts and weekly rest days."""
    return await answer_list(call, ask, browse.list_holiday_lists, [MASTERS])


@router.get(
    "/leaves",
    operation_id="attendance_leaves",
    summary="Leaves, latest first",
    response_model=Listing[Leave],
    responses=list_responses(examples.LEAVE),
    dependencies=[Depends(strict_query(LeavesAsk))],
)
async def leaves(call: CallDep, ask: Annotated[LeavesAsk, Query()]) -> Response:
    """Applications that overlap `from` to `to`, or all; whatever their state."""
    check_dates(ask, "/query")
    return await answer_list(call, ask, browse.list_leaves, [MASTERS])
