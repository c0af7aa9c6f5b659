"""The board: the page where a planner begins."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.mill.answers.board import HEADERS, board_of, board_page
from service.mill.queries import scopes
from service.mill.reports import REPORTS
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import seen_by
from service.reporting.formats.html_page import HTML
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.exports import Locale

router = APIRouter(prefix=PREFIX, tags=TAGS, include_in_schema=False, dependencies=CLOSED)
BOARD: Final = f"{PREFIX}/board"


class MillBoardAsk(Ask):
    """In which language."""

    locale: Locale = "en"


@router.get("/board", dependencies=[Depends(strict_query(MillBoardAsk))])
async def board(call: CallDep, asked: Annotated[MillBoardAsk, Query()]) -> Response:
    """Short yarns with their days and culprits, late orders, advice that waits, doubts about the data."""
    async with seen_by(call, scopes.ALL) as seen:
        shown = await board_of(seen.conn, call.now, call.settings.time_zone, asked.locale)
    reports = [(one.name, one.title_in(asked.locale)) for one in REPORTS]
    return Response(board_page(shown, reports), headers=HEADERS, media_type=HTML.media_type)
