"""The earlier system's paths about the station itself: its display, and reading it now (spec A.12)."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

import service.crew.answers.former as bodies
from service.access import audit
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.errors import Conflict, UpstreamError
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.crew.queries.fetching import select_days_held, select_last_readings
from service.crew.queries.logins import select_logins
from service.crew.queries.stations import select_station
from service.crew.router.answers import WRITES, CallDep
from service.crew.router.documented import CLOSED, TAGS
from service.crew.router.former import at_both_places, former, headers, not_found
from service.crew.upstream.looking import live as look_at_display
from service.crew.upstream.signing_in import require_open
from service.crew.upstream.site import Place, places
from service.schemas.crew.former import FormerStationAsk
from service.schemas.crew.jobs import MOST_DAYS

router = APIRouter(tags=TAGS, dependencies=CLOSED)
MORE: Final = 7
"""Days beyond those that are known."""
ACTIVE: Final = frozenset({"queued", "running"})
Writer = Annotated[Caller, Depends(needs(WRITES))]
Asked = Annotated[FormerStationAsk, Query()]


@at_both_places(router, "/station/now", FormerStationAsk)
async def station_now(call: CallDep, asked: Asked) -> Response:
    """Its appliances, else its crew; use `/v1/crew/stations/{code}/live`."""
    followed = _followed(call.runtime, call.caller, asked.station)
    if not followed:
        return not_found("/stations")
    place = followed[0]
    async with call.runtime.database.read() as conn:
        station = await select_station(conn, place.code)
    if station is None:
        return not_found("/stations")
    successor = f"/stations/{place.code}/live"
    try:
        look = await look_at_display(call.runtime, place, station)
    except UpstreamError:
        return former({"error": "Failed"}, 502, successor)
    shown = bodies.display(look.display)
    if shown is None:
        return former({"error": "Failed"}, 502, successor)
    answer = former(shown, 200, successor)
    answer.headers.update(headers(successor, look.at))
    return answer


@at_both_places(router, "/retrieve_more", FormerStationAsk, method="POST")
async def retrieve_more(request: Request, runtime: RuntimeDep, caller: Writer, asked: Asked) -> Response:
    """A week more than is known, at most 60 days; use `POST /v1/crew/sync`."""
    followed = _followed(runtime, caller, asked.station)
    if not followed:
        return not_found("/sync")
    async with runtime.database.read() as conn:
        known = await select_logins(conn, {one.code: one.fingerprints for one in followed})
    for login in known.values():
        if login.locked_at is not None:
            require_open(login, login.locked_at)

    async def effect(conn: WriteConnection) -> Answered:
        held = await select_days_held(conn, [one.code for one in followed])
        days = min(held + MORE, MOST_DAYS)
        started = [one.code for one in followed if await _started(runtime, conn, one, days, caller)]
        for code in started:
            await audit.record(conn, caller, "crew.sync_started", f"station:{code}", after={"days": days})
        body = {"status": "ok", "message": f"Fetch started for {days} days"}
        if not started:
            body = {"status": "error", "message": "Fetch already in progress"}
        return Answered(body, 200 if started else 400, headers("/sync"))

    return await write_once(runtime.database, request, caller.id, effect)


@at_both_places(router, "/fetch_status", FormerStationAsk)
async def fetch_status(call: CallDep, asked: Asked) -> Response:
    """And what went wrong the last time; use `/v1/crew/stations/{code}`."""
    codes = [one.code for one in _followed(call.runtime, call.caller, asked.station)]
    async with call.runtime.database.read() as conn:
        last = await select_last_readings(conn, codes)
    wrong = [row.code or row.state for row in last if row.state in {"failed", "partial"}]
    body = {"in_progress": any(row.state in ACTIVE for row in last), "error": ", ".join(wrong) or None}
    return former(body, 200, "/stations")


def _followed(runtime: Runtime, caller: Caller, code: str | None) -> Sequence[Place]:
    allowed = caller.sites_for(code)
    return [one for one in places(runtime.settings) if allowed is None or one.code in allowed]


async def _started(runtime: Runtime, conn: WriteConnection, place: Place, days: int, caller: Caller) -> bool:
    try:
        await runtime.tasks.start("crew.sync", {"station": place.code, "days": days}, caller.id, conn)
    except Conflict:
        return False
    return True
