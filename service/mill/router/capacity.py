"""What work centres and machines can do over some weeks, and what is asked of them."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.mill.answers import plant as shown
from service.mill.answers.standing import data_of, standing_of
from service.mill.queries import scopes
from service.mill.queries.known import require_known
from service.mill.router import plant_examples as examples
from service.mill.router.answers import Call, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.mill import plant as wire

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/capacity/work-centers",
    operation_id="mill_capacity_centers",
    summary="What work centres can do, and what open orders ask of them",
    response_model=wire.MillCenterCapacities,
    responses=read_responses(examples.CENTERS),
    dependencies=[Depends(strict_query(wire.MillCapacityAsk))],
)
async def centers(call: CallDep, ask: Annotated[wire.MillCapacityAsk, Query()]) -> Response:
    """From the begin of today at the mill. Load is what orders due in these weeks ask for, whatever there is
    room for: above 85 % WARNING, above 95 % CRITICAL, above 100 % OVERLOAD.
    """

    async def build(conn: ReadConnection) -> Answer:
        floor = await _floor(conn, call, ask)
        items = await call.runtime.compute.in_thread(shown.center_capacities, floor, ask)
        return await _told(conn, call, ask, floor, items)

    return await answer(call, build, scopes.ALL)


@router.get(
    "/capacity/machines",
    operation_id="mill_capacity_machines",
    summary="What machines can do, and what the published schedule has them do",
    response_model=wire.MillMachineCapacities,
    responses=read_responses(examples.MACHINES),
    dependencies=[Depends(strict_query(wire.MillCapacityAsk))],
)
async def machines(call: CallDep, ask: Annotated[wire.MillCapacityAsk, Query()]) -> Response:
    """From the begin of today at the mill. `rating` by pounds a day: EXCELLENT from 2,000, GOOD from 1,000,
    AVERAGE from 500, BELOW_AVERAGE from 100, else POOR.
    """

    async def build(conn: ReadConnection) -> Answer:
        floor = await _floor(conn, call, ask)
        items = await shown.machine_capacities(conn, floor, ask)
        return await _told(conn, call, ask, floor, items)

    return await answer(call, build, scopes.ALL)


async def _floor(conn: ReadConnection, call: Call, ask: wire.MillCapacityAsk) -> shown.Floor:
    await require_known(conn, ask)
    zone = call.settings.time_zone
    return await shown.read_floor(conn, zone, shown.midnight(call.now, zone))


async def _told(
    conn: ReadConnection,
    call: Call,
    ask: wire.MillCapacityAsk,
    floor: shown.Floor,
    items: list[dict[str, Any]],
) -> Answer:
    body = {
        "weeks": ask.weeks,
        "from": floor.clock.epoch,
        "items": items,
        "data": data_of(await standing_of(conn, call.now, shown.NEEDS)),
    }
    tomorrow = floor.clock.instant(floor.clock.begin_of(floor.clock.today + timedelta(days=1)))
    return Answer(body, until=tomorrow)
