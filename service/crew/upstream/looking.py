"""A look at the station display, at most once in 30 seconds for all who ask (spec A.9, D.7)."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from pydantic import TypeAdapter

from service.core.errors import UpstreamGarbled
from service.core.runtime import Runtime
from service.crew.queries.stations import StationRow
from service.crew.rules.display import Display
from service.crew.rules.grid import Rejected
from service.crew.upstream.client import GartanClient, Page
from service.crew.upstream.pages import is_login_url, parse_display
from service.crew.upstream.signing_in import signed_in
from service.crew.upstream.site import Place

KEPT: Final = timedelta(seconds=34)
"""The cache spreads its times by a tenth: never less than 30 s."""
NAMESPACE: Final = "crew.live"


@dataclass(frozen=True, slots=True)
class Look:
    """What the display showed, and when."""

    at: datetime
    display: Display


_LOOK: Final = TypeAdapter(Look)


async def live(runtime: Runtime, place: Place, station: StationRow) -> Look:
    """The display as it was shown within the last half minute.

    Raises what signing in raises, and `UpstreamGarbled` (`display_missing`) for a page that shows none.
    """

    async def build() -> bytes:
        return orjson.dumps(asdict(await _look(runtime, place, station)))

    key = f"{place.code}|{place.fingerprints[0].hex()}"
    kept = await runtime.cache.get_or_build(key, build, ttl=KEPT, namespace=NAMESPACE)
    return _LOOK.validate_json(kept)


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
