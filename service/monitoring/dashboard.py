"""`/dashboard`: one page, served by us alone, live by server-sent events; for admins."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from service import __version__
from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.monitoring import live
from service.monitoring.figures import FIGURES
from service.monitoring.live import Live
from service.monitoring.pages import CHARTS, HEADERS, TILES, templates
from service.monitoring.panels import Panels
from service.reporting.query import strict_query
from service.schemas.envelope import Ask

router = APIRouter(prefix="/dashboard", include_in_schema=False)

Admin = Annotated[Caller, Depends(needs("admin"))]
_STREAM: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("", dependencies=[Depends(strict_query(Ask))])
async def page(runtime: RuntimeDep, caller: Admin) -> Response:
    """The page; its figures come with the events."""
    text = (
        templates()
        .get_template("dashboard.html")
        .render(
            locale="en",
            caller=caller,
            version=__version__,
            figures=FIGURES,
            tiles=TILES,
            charts=CHARTS,
            given=_given(runtime.settings.monitoring.enabled),
        )
    )
    return Response(text, headers=HEADERS, media_type="text/html")


@router.get("/events", dependencies=[Depends(strict_query(Ask)), Depends(needs("admin"))])
async def events(request: Request) -> StreamingResponse:
    """Figures every two seconds and panels every six, for a minute; 503 when too many look."""
    shown = _live(request)
    shown.require_room()
    return StreamingResponse(shown.events(), headers=_STREAM, media_type="text/event-stream")


def _live(request: Request) -> Live:
    state = request.app.state
    found: Live | None = getattr(state, "live", None)
    if found is None:
        found = state.live = Live(state.monitor, Panels(request.app).by_name())
    return found


def _given(watched: bool) -> dict[str, Any]:
    """What the script must know beforehand."""
    return {
        "watched": watched,
        "tick_seconds": live.TICK,
        "figures": {name: {"title": figure.title, "unit": figure.unit} for name, figure in FIGURES.items()},
        "charts": [asdict(chart) for chart in CHARTS],
    }
