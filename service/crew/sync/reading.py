"""A page as an observation of a day: parsed in a thread, refused with a code (spec D.1)."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

from service.core.runtime import Runtime
from service.core.settings import Settings
from service.core.telemetry import OPERATIONS, get_logger
from service.crew.days.observation import Observation
from service.crew.queries.stations import StationRow
from service.crew.rules.crewing import Lists
from service.crew.rules.grid import DayGrid, Rejected
from service.crew.upstream.client import Page
from service.crew.upstream.pages import PARSER_VERSION, parse_grid, read_envelope

EXPIRED: Final = "session_expired"
log = get_logger("service.crew.sync")


@dataclass(frozen=True, slots=True)
class _Read:
    sha256: bytes
    grid: DayGrid | None = None
    code: str | None = None


async def observed(
    runtime: Runtime, station: StationRow, day: date, page: Page, run_id: UUID | None = None
) -> Observation:
    """What a page says of a day, or the code of why it says nothing."""
    read = await runtime.compute.in_thread(partial(_read, runtime.settings, station, day, page))
    return Observation(
        station=station,
        day=day,
        fetched_at=page.asked_at,
        sha256=read.sha256,
        parser_version=PARSER_VERSION,
        grid=read.grid,
        code=read.code,
        run_id=run_id,
        body=page.body,
    )


def _read(settings: Settings, station: StationRow, day: date, page: Page) -> _Read:
    """In a thread: a grid of 50 people takes some 20 ms."""
    crew, gartan = settings.crew, settings.upstream.gartan
    lists = Lists(crew.officer_roles, crew.officer_skills, crew.driver_skills)
    try:
        with OPERATIONS.measured("crew.parse"):
            html = read_envelope(page.body, page.content_type, page.status, page.url)
            grid = parse_grid(html, gartan.resolution, crew.codes, lists, day=day, zone=station.zone)
        return _Read(sha256(html.encode()).digest(), grid)
    except Rejected as rejected:
        log.warning("crew_page_rejected", station=station.code, day=day.isoformat(), code=rejected.code)
        return _Read(sha256(page.body).digest(), code=rejected.code)
    except Exception as error:
        # Whatever a page does to the parser is evidence about that page; its message may hold names.
        log.error("crew_page_unreadable", station=station.code, error=type(error).__name__)
        return _Read(sha256(page.body).digest(), code="unreadable")
