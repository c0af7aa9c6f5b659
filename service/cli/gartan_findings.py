"""What doctor finds at Gartan: whether each station can be signed in for, and what its grid of today says."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.cli.words import sentences
from service.core.errors import ServiceError
from service.core.findings import Finding
from service.core.runtime import open_database
from service.core.settings import Settings
from service.crew.answers.appliances import lists_of
from service.crew.rules.grid import DayGrid, Rejected
from service.crew.upstream.client import GartanClient
from service.crew.upstream.pages import parse_grid, read_envelope
from service.crew.upstream.signing_in import require_open, standing
from service.crew.upstream.site import Place, places

NONE: Final = "stations: none are followed; MUSTER_UPSTREAM__GARTAN__STATIONS names those of Gartan to follow"


async def gartan_findings(settings: Settings) -> list[Finding]:
    """One finding for each station. Where its account is locked or paused nothing is asked of the site."""
    return [await _of_station(settings, one) for one in places(settings)]


async def _of_station(settings: Settings, place: Place) -> Finding:
    try:
        async with open_database(settings, beside_owner=True) as (database, known):
            [same] = [one for one in places(known) if one.code == place.code]  # with the keys of this home
            require_open(await standing(database, same), datetime.now(UTC))
        grid = await _today(settings, place)
    except ServiceError as error:
        return Finding("station", False, f"{place.code}: {' '.join(sentences(error))}")
    except Rejected as rejected:
        said = f"signed in, but today's grid cannot be read ({rejected.code}); check its brigade_id"
        return Finding("station", False, f"{place.code}: {said}")
    return Finding("station", True, f"{place.code}: signed in; today's grid has {_told(grid)}")


async def _today(settings: Settings, place: Place) -> DayGrid:
    gartan = settings.upstream.gartan
    today = datetime.now(ZoneInfo(place.zone)).date()
    async with GartanClient(place, gartan) as client:
        if not client.is_signed_in:
            await client.sign_in()
        page = await client.day(today, gartan.resolution)
    html = read_envelope(page.body, page.content_type, page.status, page.url)
    crew = settings.crew
    return parse_grid(html, gartan.resolution, crew.codes, lists_of(crew), day=today, zone=place.zone)


def _told(grid: DayGrid) -> str:
    """How much there is, and what is odd, by kind: nobody's name."""
    odd = Counter(one.code for one in grid.findings)
    counted = ", ".join(f"{code} {count}" for code, count in sorted(odd.items())) or "nothing odd"
    machines = ", ".join(row.name for row in grid.appliances) or "no appliance"
    return f"{len(grid.crew)} people, {machines}, {len(grid.labels)} slots; {counted}"
