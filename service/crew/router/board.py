"""The board: a page for the station, a control room, or a display on the wall."""

from datetime import UTC
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from service.crew.answers.appliance_answers import Asking
from service.crew.answers.asked import stations_of
from service.crew.answers.board import HEADERS, Board, boards, station_board
from service.crew.queries.logins import OPEN, select_logins
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.upstream.site import places
from service.reporting.formats.html_page import HTML
from service.reporting.query import strict_query
from service.schemas.crew.fields import Code, Moment
from service.schemas.envelope import Ask
from service.schemas.exports import Locale

router = APIRouter(prefix=PREFIX, tags=TAGS, include_in_schema=False, dependencies=CLOSED)
BOARD: Final = f"{PREFIX}/board"


class BoardAsk(Ask):
    """Which station, when, and for whose eyes."""

    station: Code | None = Field(None, description="Default: all that you may see, or the only one.")
    at: Moment | None = Field(None, description="Default: now, renewed every minute.")
    known_at: Moment | None = None
    redact: bool = Field(False, description="Numbers in place of names, for displays that everybody sees.")
    locale: Locale = "en"


@router.get("/board", dependencies=[Depends(strict_query(BoardAsk))])
async def board(call: CallDep, asked: Annotated[BoardAsk, Query()]) -> Response:
    """Appliances with their light, who can turn out until when, and what would close the gaps ahead."""
    async with call.runtime.database.snapshot() as conn:
        stations = await stations_of(conn, call.caller, asked.station)
        asking = Asking(conn, call.runtime.settings, call.now, asked.known_at)
        shown = _board(call, asked, asking)
        if len(stations) == 1:
            [station] = stations
            followed = {one.code: one.fingerprints for one in places(call.runtime.settings)}
            known = {station.code: followed[station.code]} if station.code in followed else {}
            logins = await select_logins(conn, dict(known))
            page = await station_board(shown, station, logins.get(station.code, OPEN))
        else:
            page = await boards(shown, stations)
    return Response(page, headers=HEADERS, media_type=HTML.media_type)


def _board(call: Call, asked: BoardAsk, asking: Asking) -> Board:
    query = {"station": asked.station or "", "redact": "1" if asked.redact else ""}
    if asked.locale != "en":
        query["locale"] = asked.locale
    for name, given in (("at", asked.at), ("known_at", asked.known_at)):
        if given is not None:
            query[name] = given.astimezone(UTC).isoformat().replace("+00:00", "Z")
    at = asked.at or asked.known_at or call.now
    live = asked.at is None and asked.known_at is None
    return Board(asking, at, asked.locale, asked.redact, live, query)
