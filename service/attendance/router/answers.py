"""How a list of this desk is answered: one snapshot, finished bytes, kept while its data versions hold."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from service.attendance.queries.browse import Asking, Listed
from service.attendance.router.standing import Sources, with_meta
from service.core.auth import Caller, needs
from service.core.database import ReadConnection
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors, next_link
from service.core.responses import CacheEntry
from service.core.runtime import Runtime
from service.core.versions import token
from service.reporting.rendering import quarter_hour_after
from service.reporting.seen import MinDataVersion, least_versions
from service.reporting.snapshots import reach, snapshot_of
from service.schemas.attendance import WindowAsk

READS: Final = "attendance:read"
WRITES: Final = "attendance:write"
MASTERS: Final = "attendance/masters"
"""The data version of people, sites, devices, shift types, holiday lists and leaves."""

Reader = Annotated[Caller, Depends(needs(READS))]
A = TypeVar("A")
W = TypeVar("W", bound=WindowAsk)
Build = Callable[[ReadConnection, Asking, A], Awaitable[Listed]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody who may read here."""

    request: Request
    runtime: Runtime
    caller: Caller
    least: Mapping[str, int]
    now: datetime

    @property
    def asking(self) -> Asking:
        """What statements need to know of it."""
        return Asking(self.caller, Cursors.of(self.runtime.settings))

    @property
    def today(self) -> date:
        """The date at the upstream's place."""
        return self.now.astimezone(ZoneInfo(self.runtime.settings.upstream.frappe.time_zone or "UTC")).date()


async def _call(
    request: Request, runtime: RuntimeDep, caller: Reader, minimum: MinDataVersion = None
) -> Call:
    least = least_versions(request, minimum) or {}
    return Call(request, runtime, caller, least, datetime.now(UTC))


CallDep = Annotated[Call, Depends(_call)]


async def answer_list(
    call: Call, ask: A, build: Build[A], scopes: Sequence[str], *, kept: bool = True
) -> Response:
    """A page as `build` gives it.

    `scopes` are the data versions it stands on; not `kept`: it depends on more than these, so it is built
    anew each time.
    """
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
        listed = await build(seen.conn, call.asking, ask)
    if kept:
        _keep(call, seen.versions)
    return _page(call, listed, seen.versions)


async def answer_window(
    call: Call, ask: W, build: Build[W], sources: Sources, scopes: Sequence[str]
) -> Response:
    """A page of a window of dates (`ask` has both) as `build` gives it, with the window's completeness."""
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
        listed = await build(seen.conn, call.asking, ask)
        meta = await with_meta(seen, call.asking, ask, listed, sources)
    if meta.as_of is not None:  # a first load stores pages without a word to anybody until its end
        _keep(call, seen.versions, by_clock=True)
    return _page(call, replace(listed, meta=meta), seen.versions)


async def answer_one(
    call: Call,
    build: Callable[[ReadConnection, Asking], Awaitable[Mapping[str, Any]]],
    scopes: Sequence[str],
) -> Response:
    """One thing as `build` gives it."""
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
        found = await build(seen.conn, call.asking)
    _keep(call, seen.versions)
    return _answer(orjson.dumps(found, default=str), {"Data-Version": token(seen.versions)})


def _keep(call: Call, versions: Mapping[str, int], *, by_clock: bool = False) -> None:
    """Tell the response cache in front that the answer holds while these versions do."""
    call.request.scope["state"]["cache_entry"] = CacheEntry(
        scopes=tuple(versions),
        versions=versions,
        ttl=timedelta(seconds=call.runtime.settings.cache.ttl),
        visibility=call.caller.visibility,
        expires_at=quarter_hour_after(call.now) if by_clock else None,
    )


def _page(call: Call, listed: Listed, versions: Mapping[str, int]) -> Response:
    link = next_link(str(call.request.url), listed.page.next)
    return _answer(listed.body(), {"Data-Version": token(versions), **link})


def _answer(body: bytes, headers: Mapping[str, str]) -> Response:
    """JSON that may be kept by whoever asks each time whether it still holds."""
    together = {"Cache-Control": "private, no-cache", **headers}
    return Response(body, headers=together, media_type="application/json")
