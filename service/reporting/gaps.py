"""`/v1/gaps`, also as a page: what is missing at every desk the caller may read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy import column
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import ReadConnection
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors, Paging, SortKey, next_link
from service.core.runtime import Runtime
from service.reporting.desk import Desk
from service.reporting.formats.html_page import HTML
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.pages import templates
from service.reporting.pages.shown import gap_shown
from service.reporting.query import strict_query
from service.reporting.report import BuildContext
from service.reporting.subscriptions.failing import failing_deliveries
from service.reporting.words import words
from service.schemas.envelope import Gap, GapListing, PageAsk
from service.schemas.exports import Locale

KINDS = {"json": "application/json", "html": "text/html"}
_ORDER = (SortKey("place", column("place")),)
_EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "code": "missing_punch",
            "need": "an OUT after 09:02",
            "have": "one check-in",
            "from": "2026-10-07T09:02:00+05:30",
            "to": "2026-10-07T18:00:00+05:30",
            "reasons": ["no later check-in arrived"],
            "remedies": ["ask for an attendance request"],
            "subject": "HR-EMP-00017",
            "link": "/v1/attendance/days/HR-EMP-00017/2026-10-07/explain",
        }
    ],
    "page": {"next": None, "has_more": False, "limit": 100},
    "desks": {"attendance": 1},
}
Known = Annotated[Caller, Depends(needs())]


class GapsAsk(PageAsk):
    """Which gaps to list."""

    desk: str | None = Field(None, max_length=100, description="Only gaps of this desk.")
    format: Literal["json", "html"] | None = Field(None, description="Default: what `Accept` asks for.")
    locale: Locale = "en"


class Placed:
    """A gap with its place in the list: desk, beginning, then what tells two gaps apart."""

    def __init__(self, desk: str, gap: Gap) -> None:
        self.desk = desk
        self.gap = gap
        start = "" if gap.from_ is None else gap.from_.astimezone(UTC).isoformat()
        self.place = "\x1f".join([desk, start, gap.code, gap.subject or "", gap.need, gap.have])


def gap_routes(desks: Sequence[Desk]) -> APIRouter:
    """The list of all desks' open gaps."""
    router = APIRouter(prefix="/v1/gaps", tags=["gaps"])

    @router.get(
        "",
        operation_id="gaps_list",
        summary="What is missing, at every desk you may read",
        response_model=GapListing,
        responses={
            **problem_responses(400, 401, 406, 410, 422, 503),
            200: {"content": {"application/json": {"example": _EXAMPLE}, "text/html": {}}},
        },
        dependencies=[Depends(needs()), Depends(strict_query(GapsAsk))],
    )
    async def list_gaps(
        request: Request, runtime: RuntimeDep, caller: Known, asked: Annotated[GapsAsk, Query()]
    ) -> Response:
        kind = chosen_format(asked.format, request.headers.get("accept"), KINDS)
        listing = await open_gaps(runtime, desks, caller, asked)
        headers = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
        headers |= next_link(str(request.url), listing.page.next)
        if kind == "html":
            return Response(
                gaps_html(listing, asked.locale),
                headers={**headers, **HTML.headers},
                media_type=HTML.media_type,
            )
        return Response(
            listing.model_dump_json(by_alias=True), headers=headers, media_type="application/json"
        )

    return router


async def open_gaps(runtime: Runtime, desks: Sequence[Desk], caller: Caller, asked: GapsAsk) -> GapListing:
    """A page of the open gaps, read in one snapshot; `desks` counts all of them, on whatever page."""
    paging = Paging(Cursors.of(runtime.settings), asked, "gaps", _ORDER)
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=runtime.settings)
    async with runtime.database.snapshot() as conn:
        found = await placed_gaps(conn, [desk for desk in desks if asked.desk in {None, desk.name}], context)
    after = "" if paging.place is None else paging.place[0]
    shown, page = paging.page(
        [entry for entry in found if entry.place > after],
        (len(found), False) if paging.wants_total else None,
    )
    counts = {desk.name: sum(entry.desk == desk.name for entry in found) for desk in desks}
    return GapListing(
        items=[entry.gap for entry in shown], page=page, desks={name: n for name, n in counts.items() if n}
    )


async def placed_gaps(conn: ReadConnection, desks: Sequence[Desk], context: BuildContext) -> list[Placed]:
    """The open gaps of those of these desks that the caller may read, in their order."""
    found: list[Placed] = []
    for desk in desks:
        if context.caller.may(desk.reads):
            own = [] if desk.gaps is None else await desk.gaps(conn, context)
            late = await failing_deliveries(conn, desk, context.caller)
            found += [Placed(desk.name, gap) for gap in (*own, *late)]
    return sorted(found, key=lambda entry: entry.place)


def gaps_html(listing: GapListing, locale: str, zone: str = "UTC") -> str:
    """The open gaps as a page."""
    gaps = [gap_shown(gap.model_dump(mode="json", by_alias=True), zone, locale) for gap in listing.items]
    template = templates("reporting").get_template("gaps.html")
    return template.render(gaps=gaps, listing=listing, words=words(locale), locale=locale)
