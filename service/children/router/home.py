"""The page of somebody who signs in as parent or professional: the children they may see."""

from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from service.children.door import note_reading
from service.children.family import lists
from service.children.router.answers import NO_STORE, CallDep
from service.children.router.documented import CLOSED, PREFIX, TAGS
from service.core.auth import needs
from service.reporting.formats.html_page import HTML
from service.reporting.pages import templates
from service.reporting.query import strict_query
from service.schemas.children.family import ChildrenAsk, ChildSummary
from service.schemas.envelope import PageAsk
from service.schemas.exports import Locale

router = APIRouter(prefix=PREFIX, tags=TAGS, include_in_schema=False, dependencies=CLOSED)
HOME: Final = f"{PREFIX}/home"

_WORDS: Final[dict[Locale, dict[str, Any]]] = {
    "en": {
        "title": "Your children",
        "none": "There is no child that you may see. A parent adds one; a professional is invited to one.",
        "level": "level",
        "points": "points",
        "restricted": "restricted: can be read and no more",
        "when": "Began",
        "played": "Played",
        "ended": "Ended",
        "score": "Score",
        "no_sessions": "No sessions yet.",
        "progress": "Progress of the last 30 days",
        "more": "More children",
        "docs": "The API, described",
        "account": "Sign out",
        "access": {
            "primary": "primary guardian",
            "full": "guardian",
            "read_only": "guardian who reads",
            "view": "professional who reads",
            "comment": "professional who comments",
            "edit": "professional who writes",
            "break_glass": "opened in an emergency",
            "key": "device",
        },
        "status": {
            "in_progress": "still playing",
            "completed": "completed",
            "abandoned": "stopped early",
            "interrupted": "interrupted",
        },
    },
    "es": {
        "title": "Sus niños",
        "none": "No hay ningún niño que pueda ver. Los padres añaden uno; a los profesionales se les invita.",
        "level": "nivel",
        "points": "puntos",
        "restricted": "restringido: solo se puede leer",
        "when": "Comienzo",
        "played": "Juego",
        "ended": "Final",
        "score": "Puntuación",
        "no_sessions": "Todavía no hay sesiones.",
        "progress": "Progreso de los últimos 30 días",
        "more": "Más niños",
        "docs": "La API, descrita",
        "account": "Cerrar la sesión",
        "access": {
            "primary": "tutor principal",
            "full": "tutor",
            "read_only": "tutor que lee",
            "view": "profesional que lee",
            "comment": "profesional que comenta",
            "edit": "profesional que escribe",
            "break_glass": "abierto en una emergencia",
            "key": "dispositivo",
        },
        "status": {
            "in_progress": "jugando",
            "completed": "completada",
            "abandoned": "terminada antes",
            "interrupted": "interrumpida",
        },
    },
}


class HomeAsk(PageAsk):
    """Which page of one's children, in which language."""

    limit: int = Field(20, ge=1, le=100)
    locale: Locale = "en"


@router.get("/home", dependencies=[Depends(needs("children:read")), Depends(strict_query(HomeAsk))])
async def home(call: CallDep, asked: Annotated[HomeAsk, Query()]) -> Response:
    """The children somebody may see, each with its newest sessions and the way to its progress."""
    include = "recent_sessions" if call.caller.may("sessions:read") else None
    wanted = ChildrenAsk(limit=asked.limit, cursor=asked.cursor, include=include)
    async with call.runtime.database.snapshot() as conn:
        listing = await lists.page_of(conn, call, wanted)
    seen = [child.id for child in listing.items]
    await note_reading(call.runtime.database, call.caller, "child.list", child_ids=seen)
    following = {"cursor": listing.page.next, "locale": asked.locale}
    page = (
        templates("children")
        .get_template("home.html")
        .render(
            locale=asked.locale,
            said=_WORDS[asked.locale],
            name=call.caller.name,
            children=listing.items,
            more=f"{HOME}?{urlencode(following)}" if listing.page.next else None,
            progress=lambda child: _progress(child, asked.locale),
            at=_wall_clock,
        )
    )
    return Response(page, headers={**HTML.headers, **NO_STORE}, media_type=HTML.media_type)


def _progress(child: ChildSummary, locale: Locale) -> str:
    """The page of a child's progress: in plain words for its family, in figures for professionals."""
    view = "professional" if child.access in {"view", "comment", "edit"} else "parent"
    return f"{PREFIX}/{child.id}/analytics/progress-page?view={view}&locale={locale}"


def _wall_clock(moment: datetime, zone: str) -> str:
    """An instant as the child's own clock showed it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
