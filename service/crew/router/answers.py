"""How this desk answers: one snapshot, finished bytes, kept while its data versions hold."""

import hashlib
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
from service.reporting.answer import MOST_STEPS
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


@dataclass(frozen=True, slots=True)
class Built:
    """An answer as bytes, with the data versions of the snapshot that it was built in."""

    body: bytes
    versions: Mapping[str, int]
    until: datetime | None
    headers: Mapping[str, str]

    def packed(self) -> bytes:
        """As one value for the cache: a line of JSON about it, then the body."""
        return orjson.dumps([dict(self.versions), self.until, dict(self.headers)]) + b"\n" + self.body

    @classmethod
    def unpacked(cls, value: bytes) -> "Built":
        """The reverse of `packed`."""
        about, _, body = value.partition(b"\n")
        versions, until, headers = orjson.loads(about)
        return cls(body, versions, None if until is None else datetime.fromisoformat(until), headers)


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

    async def built() -> Built:
        async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
            made = await build(seen.conn)
        body = orjson.dumps(made.body, default=str, option=orjson.OPT_UTC_Z)
        # At least a second: what names the present must not be built again by everybody who waits.
        soonest = datetime.now(UTC) + timedelta(seconds=1)
        until = None if made.until is None else max(made.until, soonest)
        return Built(body, seen.versions, until, made.headers or {})

    seen = await _once(call, built, scopes) if kept else await built()
    if kept:
        call.request.scope["state"]["cache_entry"] = CacheEntry(
            scopes=tuple(seen.versions),
            versions=seen.versions,
            ttl=timedelta(seconds=call.runtime.settings.cache.ttl),
            visibility=call.caller.visibility,
            expires_at=seen.until,
        )
    headers = {
        "Cache-Control": "private, no-cache",
        "Data-Version": token(seen.versions),
        **seen.headers,
    }
    return Response(seen.body, headers=headers, media_type="application/json")


async def _once(call: Call, built: Callable[[], Awaitable[Built]], scopes: Sequence[str]) -> Built:
    """One build for all who ask the same at about the same time, of the same data versions (spec F.105).

    A refusal is audited for who is refused, so each caller has copies of their own.
    """
    runtime, request = call.runtime, call.request
    known = runtime.versions
    if request.method != "GET" or not known.trusted or not runtime.flags.acts("shared_cache", call.caller.id):
        return await built()
    newest = {scope: max(version, call.least.get(scope, 0)) for scope, version in known.known(scopes).items()}
    asked = [request.url.path, request.url.query, call.caller.id, call.caller.visibility, token(newest)]
    first = key = f"crew/{hashlib.sha256(orjson.dumps(asked)).hexdigest()[:32]}"
    life = timedelta(seconds=runtime.settings.cache.ttl)

    async def packed() -> bytes:
        return (await built()).packed()

    for _ in range(MOST_STEPS):
        value = await runtime.cache.get_or_build(key, packed, ttl=life, namespace="crew")
        found = Built.unpacked(value)
        if found.until is None or found.until > datetime.now(UTC):
            return found
        key = f"{first}@{found.until.timestamp():.6f}"
    return await built()
