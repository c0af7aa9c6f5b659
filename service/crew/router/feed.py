"""What changed, what is to come, and both as they happen."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from service.core.database import ReadConnection
from service.core.paging import Cursors, count_up_to, filter_hash, next_link
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.asked import checked_range, stations_of
from service.crew.answers.changes import change_object, feed_standing, place_of, turn_object, upcoming
from service.crew.answers.listening import Hearing, Listeners
from service.crew.queries.changes import changes_after, select_changes
from service.crew.router import feed_examples as examples
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.router.finding import scopes_of
from service.reporting.entities import Answer, answer
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.crew.changes import ChangesAsk, ChangesListing, StreamAsk, Upcoming, UpcomingAsk
from service.schemas.envelope import Page, PageAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
AHEAD: Final = timedelta(hours=24)
_STREAM: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_OBSERVED, _TO_COME = "crew.changes", "crew.upcoming"
Seen = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=30, description="Number of the last change that came."),
]


@router.get(
    "/changes",
    operation_id="crew_changes",
    summary="What newer observations said otherwise, oldest first",
    response_model=ChangesListing,
    responses=read_responses(examples.CHANGES, 410),
    dependencies=[Depends(strict_query(ChangesAsk))],
)
async def changes(call: CallDep, ask: Annotated[ChangesAsk, Query()]) -> Response:
    """A feed without holes: ask again with `after` of `last`, and nothing is missed or comes twice."""
    filters, cursors = filter_hash(_OBSERVED, ask, []), Cursors.of(call.runtime.settings)
    [after] = [ask.after] if ask.cursor is None else cursors.verify(ask.cursor, filters)

    async def build(conn: ReadConnection) -> Answer:
        stations = await stations_of(conn, call.caller, ask.station)
        ids = [one.id for one in stations]
        rows = await select_changes(conn, ids, after, ask.limit + 1)
        shown = rows[: ask.limit]
        last = shown[-1].id if shown else after
        following = cursors.sign([last], filters) if len(rows) > ask.limit else None
        counted = (
            await count_up_to(conn, changes_after(ids, ask.after))
            if ask.include == "total"
            else (None, False)
        )
        stands = await feed_standing(conn, call.runtime.settings, stations, call.now)
        body = {
            "items": [change_object(row, redact=ask.redact) for row in shown],
            "page": _page(ask, following, *counted),
            "last": last,
            "data": stands.as_json(),
        }
        return Answer(body, stands.until, next_link(str(call.request.url), following))

    return await answer(call, build, await scopes_of(call, ask.station), kept=ask.station is not None)


@router.get(
    "/changes/upcoming",
    operation_id="crew_upcoming",
    summary="What is to come: when states of people and appliances become others",
    response_model=Upcoming,
    responses=read_responses(examples.UPCOMING, 410),
    dependencies=[Depends(strict_query(UpcomingAsk))],
)
async def to_come(call: CallDep, ask: Annotated[UpcomingAsk, Query()]) -> Response:
    """By instant; the pages of one list are of one range."""
    filters, cursors = filter_hash(_TO_COME, ask, []), Cursors.of(call.runtime.settings)
    place: tuple[Any, ...] = () if ask.cursor is None else cursors.verify(ask.cursor, filters)
    start, end = place[:2] if place else _range(call, ask)

    async def build(conn: ReadConnection) -> Answer:
        stations = await stations_of(conn, call.caller, ask.station)
        asking = Asking(conn, call.runtime.settings, call.now, ask.known_at)
        found, stands = await upcoming(asking, stations, start, end)
        rest = [one for one in found if place_of(one) > place[2:]] if place else found
        shown = rest[: ask.limit]
        following = None
        if len(rest) > ask.limit:
            following = cursors.sign([start, end, *place_of(shown[-1])], filters)
        body = {
            "items": [turn_object(one, redact=ask.redact) for one in shown],
            "page": _page(ask, following, len(found) if ask.include == "total" else None),
            "from": start,
            "to": end,
            "data": stands.as_json(),
        }
        return Answer(body, stands.until, next_link(str(call.request.url), following))

    kept = ask.station is not None and ask.from_ is not None
    return await answer(call, build, await scopes_of(call, ask.station), kept=kept)


@router.get(
    "/stream",
    operation_id="crew_stream",
    summary="Changes as they happen, as server-sent events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": examples.STREAM}}},
        **problem_responses(401, 403, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(StreamAsk))],
)
async def stream(
    call: CallDep, ask: Annotated[StreamAsk, Query()], last_event_id: Seen = None
) -> StreamingResponse:
    """`start`, then each `change` with its number as id; `version` when anything of a station is new.

    It lasts a minute; browsers come back by themselves with `Last-Event-ID`, and miss nothing.
    """
    async with call.runtime.database.read() as conn:
        await stations_of(conn, call.caller, ask.station)
    hearing = Hearing(call.caller.sites_for(ask.station), ask.redact)
    listeners = _listeners(call.request, call)
    listeners.require_room()
    said = listeners.events(hearing, _number(last_event_id))
    return StreamingResponse(said, headers=_STREAM, media_type="text/event-stream")


def _range(call: Call, ask: UpcomingAsk) -> tuple[datetime, datetime]:
    start = ask.from_ or call.now
    end = ask.to or start + AHEAD
    checked_range(start, end)
    return start, end


def _page(
    ask: PageAsk, following: str | None, total: int | None = None, capped: bool = False
) -> dict[str, Any]:
    page = Page(
        next=following, has_more=following is not None, limit=ask.limit, total=total, total_capped=capped
    )
    return page.model_dump()


def _number(given: str | None) -> int | None:
    """The place that a browser came to; anything that is none of ours begins anew."""
    known = given is not None and given.isascii() and given.isdigit() and len(given) < 19
    return int(given) if known and given is not None else None


def _listeners(request: Request, call: Call) -> Listeners:
    state = request.app.state
    found: Listeners | None = getattr(state, "crew_listeners", None)
    if found is None:
        found = state.crew_listeners = Listeners(call.runtime)
    return found
