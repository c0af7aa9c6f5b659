"""How this desk answers: one snapshot, finished bytes, kept while its data versions hold."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import ReadConnection
from service.core.inbound import RuntimeDep
from service.core.responses import CacheEntry
from service.core.runtime import Runtime
from service.core.settings import CrewSettings
from service.core.versions import token
from service.reporting.seen import MinDataVersion, least_versions
from service.reporting.snapshots import reach, snapshot_of

READS: Final = "crew:read"
WRITES: Final = "crew:write"
ADMIN: Final = "crew:admin"

Reader = Annotated[Caller, Depends(needs(READS))]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody who may read here."""

    request: Request
    runtime: Runtime
    caller: Caller
    least: Mapping[str, int]
    now: datetime

    @property
    def settings(self) -> CrewSettings:
        """Those of the desk."""
        return self.runtime.settings.crew


async def _call(
    request: Request, runtime: RuntimeDep, caller: Reader, minimum: MinDataVersion = None
) -> Call:
    return Call(request, runtime, caller, least_versions(request, minimum) or {}, datetime.now(UTC))


CallDep = Annotated[Call, Depends(_call)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a build gives. `until`: the instant from which the same data would answer otherwise (None: never).

    `headers` are the answer's own.
    """

    body: Any
    until: datetime | None = None
    headers: Mapping[str, str] | None = None


async def answer(
    call: Call,
    build: Callable[[ReadConnection], Awaitable[Answer]],
    scopes: Sequence[str],
    *,
    kept: bool = True,
) -> Response:
    """An answer as `build` gives it.

    `scopes` are the data versions it stands on. Not `kept`: it depends on more than these and on the clock up
    to `until`.
    """
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
        made = await build(seen.conn)
    if kept:
        call.request.scope["state"]["cache_entry"] = CacheEntry(
            scopes=tuple(seen.versions),
            versions=seen.versions,
            ttl=timedelta(seconds=call.runtime.settings.cache.ttl),
            visibility=call.caller.visibility,
            expires_at=made.until,
        )
    headers = {
        "Cache-Control": "private, no-cache",
        "Data-Version": token(seen.versions),
        **(made.headers or {}),
    }
    return Response(
        orjson.dumps(made.body, default=str, option=orjson.OPT_UTC_Z),
        headers=headers,
        media_type="application/json",
    )
