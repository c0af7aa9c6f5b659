"""Many people at once: names to numbers, and the availability of up to 500."""

from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.core.database import ReadConnection
from service.crew.answers.asked import checked_range
from service.crew.answers.batches import batch, lookup
from service.crew.router.answers import CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.router.finding import scopes_of
from service.crew.router.people_examples import DATA
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.crew.batches import Batch, BatchAsk, Lookup, LookupAsk
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN: Final = [Depends(strict_query(Ask))]
_NAMES: Final = {"names": ["ALDER, JO", "NOBODY, NO"], "station": "P22"}
_NAMED: Final[dict[str, Any]] = {
    "items": [{"name": "ALDER, JO", "crew_id": 1, "station": "P22", "grid_name": "ALDER, JO", "role": "WC"}],
    "missing": ["NOBODY, NO"],
}
_ASK: Final = {
    "crew_ids": [1, 99],
    "appliance_names": ["P22P6"],
    "from": "2026-03-05T00:00:00Z",
    "to": "2026-03-05T12:00:00Z",
    "match": "overlap",
}
_MORNING: Final = {"from": "2026-03-05T00:00:00Z", "until": "2026-03-05T09:00:00Z"}
_BATCH: Final[dict[str, Any]] = {
    "from": "2026-03-05T00:00:00Z",
    "to": "2026-03-05T12:00:00Z",
    "match": "overlap",
    "items": [{"crew_id": 1, "station": "P22", "available": [_MORNING]}],
    "appliances": [{"appliance": "P22P6", "station": "P22", "available": [_MORNING]}],
    "missing": {"crew_ids": [99], "appliance_names": []},
    "data": DATA,
}


def _body(example: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": example}}}}


@router.post(
    "/lookup",
    operation_id="crew_lookup",
    summary="Find people by the names that the grid has for them",
    response_model=Lookup,
    responses=read_responses(_NAMED),
    dependencies=_PLAIN,
    openapi_extra=_body(_NAMES),
)
async def find_names(call: CallDep, asked: LookupAsk) -> Response:
    """In the order asked for; names that nobody has are listed."""

    async def build(conn: ReadConnection) -> Answer:
        return Answer(await lookup(conn, call.caller, asked))

    return await answer(call, build, await scopes_of(call, asked.station), kept=False)


@router.post(
    "/availability/batch",
    operation_id="crew_availability_batch",
    summary="When many people and appliances are available",
    response_model=Batch,
    responses=read_responses(_BATCH),
    dependencies=_PLAIN,
    openapi_extra=_body(_ASK),
)
async def availability_batch(call: CallDep, asked: BatchAsk) -> Response:
    """Segments as they are stored, each of one local day; whom there is not is listed."""
    checked_range(asked.from_, asked.to, "/body")

    async def build(conn: ReadConnection) -> Answer:
        made = await batch(conn, call.caller, call.runtime.settings, asked, call.now)
        return Answer(made.body)

    return await answer(call, build, await scopes_of(call, asked.station), kept=False)
