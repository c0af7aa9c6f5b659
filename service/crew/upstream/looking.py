"""A look at the station display, at most once in 30 seconds for all who ask this process (spec A.9, D.7)."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from service.core.errors import UpstreamError, UpstreamGarbled
from service.core.runtime import Runtime
from service.crew.queries.stations import StationRow
from service.crew.rules.display import Display
from service.crew.rules.grid import Rejected
from service.crew.upstream.client import GartanClient, Page
from service.crew.upstream.pages import is_login_url, parse_display
from service.crew.upstream.signing_in import require_open, signed_in, standing
from service.crew.upstream.site import Place

KEPT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Look:
    """What the display showed, and when."""

    at: datetime
    display: Display


@dataclass(slots=True)
class _Last:
    """The last look at a display, or why there was none: what fails is not asked for more often either."""

    ended: float = float("-inf")
    look: Look | None = None
    error: UpstreamError | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


# By station and credentials, so bounded by the settings of the process. No cache of ours can be switched off
# here: it is the upstream that is spared.
_lasts: dict[tuple[str, bytes], _Last] = {}


async def live(runtime: Runtime, place: Place, station: StationRow) -> Look:
    """The display as it was shown within the last half minute.

    Raises `AuthLocked`, `LoginPaused`, what signing in raises, and `UpstreamGarbled` (`display_missing`) for
    a page that shows none.
    """
    require_open(await standing(runtime.database, place), datetime.now(UTC))
    last = _lasts.setdefault((place.code, place.fingerprints[0]), _Last())
    async with last.turn:
        if time.monotonic() - last.ended >= KEPT:
            last.look, last.error = None, None
            try:
                last.look = await _look(runtime, place, station)
            except UpstreamError as error:
                last.error = error
            last.ended = time.monotonic()
    if last.look is None:
        raise last.error or UpstreamGarbled("the station display was not looked at")
    return last.look


async def _look(runtime: Runtime, place: Place, station: StationRow) -> Look:
    async with GartanClient(place, runtime.settings.upstream.gartan) as client:
        made = await signed_in(runtime.database, client, station)
        page = await client.display()
        if _is_login(page):
            await signed_in(runtime.database, client, station, again=made)
            page = await client.display()
    return Look(page.asked_at, await _parsed(runtime, page))


def _is_login(page: Page) -> bool:
    return page.status == 401 or is_login_url(page.url) or b"txt_userid" in page.body


async def _parsed(runtime: Runtime, page: Page) -> Display:
    try:
        return await runtime.compute.in_thread(parse_display, page.body.decode(errors="replace"))
    except Rejected as rejected:
        raise UpstreamGarbled("the station display cannot be read", code=rejected.code) from None
