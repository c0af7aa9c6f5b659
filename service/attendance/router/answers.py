"""How a list of this desk is answered: one snapshot, finished bytes, kept while its data versions hold."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import orjson
from fastapi import Depends
from starlette.responses import Response

from service.attendance.queries.browse import Asking, Listed
from service.attendance.router.standing import Sources, with_meta
from service.core.database import ReadConnection
from service.core.paging import next_link
from service.reporting import entities
from service.reporting.entities import finished, keep, seen_by
from service.reporting.rendering import quarter_hour_after
from service.schemas.attendance import WindowAsk

READS: Final = "attendance:read"
WRITES: Final = "attendance:write"
MASTERS: Final = "attendance/masters"
"""The data version of people, sites, devices, shift types, holiday lists and leaves."""

A = TypeVar("A")
W = TypeVar("W", bound=WindowAsk)
Build = Callable[[ReadConnection, Asking, A], Awaitable[Listed]]


@dataclass(frozen=True, slots=True)
class Call(entities.Call):
    """One request of somebody who may read here."""

    @property
    def asking(self) -> Asking:
        """What statements need to know of it."""
        return Asking(self.caller, self.cursors)

    @property
    def today(self) -> date:
        """The date at the upstream's place."""
        return self.now.astimezone(ZoneInfo(self.runtime.settings.upstream.frappe.time_zone or "UTC")).date()


CallDep = Annotated[Call, Depends(entities.call_of("attendance", Call))]


async def answer_list(
    call: Call, ask: A, build: Build[A], scopes: Sequence[str], *, kept: bool = True
) -> Response:
    """A page as `build` gives it.

    `scopes` are the data versions it stands on; not `kept`: it depends on more than these, so it is built
    anew each time.
    """
    async with seen_by(call, scopes) as seen:
        listed = await build(seen.conn, call.asking, ask)
    if kept:
        keep(call, seen.versions)
    return _page(call, listed, seen.versions)


async def answer_window(
    call: Call, ask: W, build: Build[W], sources: Sources, scopes: Sequence[str]
) -> Response:
    """A page of a window of dates (`ask` has both) as `build` gives it, with the window's completeness."""
    async with seen_by(call, scopes) as seen:
        listed = await build(seen.conn, call.asking, ask)
        meta = await with_meta(seen, call.asking, ask, listed, sources)
    if meta.as_of is not None:  # a first load stores pages without a word to anybody until its end
        keep(call, seen.versions, until=quarter_hour_after(call.now))
    return _page(call, replace(listed, meta=meta), seen.versions)


async def answer_one(
    call: Call,
    build: Callable[[ReadConnection, Asking], Awaitable[Mapping[str, Any]]],
    scopes: Sequence[str],
) -> Response:
    """One thing as `build` gives it."""
    async with seen_by(call, scopes) as seen:
        found = await build(seen.conn, call.asking)
    keep(call, seen.versions)
    return finished(orjson.dumps(found, default=str), seen.versions, {})


def _page(call: Call, listed: Listed, versions: Mapping[str, int]) -> Response:
    link = next_link(str(call.request.url), listed.page.next)
    return finished(listed.body(), versions, link)
