"""Answers that are no reports: one snapshot, finished bytes, kept while their data versions hold.

A desk names its `Call` once; its routes ask for it and hand it to `answer` with a function that builds.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import ReadConnection
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors
from service.core.responses import CacheEntry
from service.core.runtime import Runtime
from service.core.versions import token
from service.reporting.answer import MOST_STEPS
from service.reporting.seen import MinDataVersion, least_versions
from service.reporting.snapshots import Snapshot, reach, snapshot_of

JSON: Final = "application/json"
_KEPT: Final = {"Cache-Control": "private, no-cache"}
"""May be kept by whoever asks each time whether it still holds."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody who may read at the desk; `least`: versions they have already seen."""

    desk: str
    request: Request
    runtime: Runtime
    caller: Caller
    least: Mapping[str, int]
    now: datetime

    @property
    def cursors(self) -> Cursors:
        """What signs the places of lists."""
        return Cursors.of(self.runtime.settings)


C = TypeVar("C", bound=Call)


def call_of(desk: str, kind: type[C]) -> Callable[..., Awaitable[C]]:
    """A FastAPI dependency: the request of somebody who has the desk's scope `read`, as the desk's `kind`.

    `CallDep = Annotated[Call, Depends(call_of("mill", Call))]`.
    """

    async def call(
        request: Request,
        runtime: RuntimeDep,
        caller: Annotated[Caller, Depends(needs(f"{desk}:read"))],
        minimum: MinDataVersion = None,
    ) -> C:
        least = least_versions(request, minimum) or {}
        return kind(desk, request, runtime, caller, least, datetime.now(UTC))

    return call


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

    async def built() -> Built:
        async with seen_by(call, scopes) as seen:
            made = await build(seen.conn)
        body = orjson.dumps(made.body, default=str, option=orjson.OPT_UTC_Z)
        # At least a second: what names the present must not be built again by everybody who waits.
        soonest = datetime.now(UTC) + timedelta(seconds=1)
        until = None if made.until is None else max(made.until, soonest)
        return Built(body, seen.versions, until, made.headers or {})

    seen = await _once(call, built, scopes) if kept else await built()
    if kept:
        keep(call, seen.versions, until=seen.until)
    return finished(seen.body, seen.versions, seen.headers)


@asynccontextmanager
async def seen_by(call: Call, scopes: Sequence[str]) -> AsyncIterator[Snapshot]:
    """A snapshot for the call, no older than what its caller has seen. Raises `Unavailable`."""
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes, call.least, call.caller) as seen:
        yield seen


def keep(call: Call, versions: Mapping[str, int], *, until: datetime | None = None) -> None:
    """Tell the response cache in front that the answer holds while these versions do, and up to `until`."""
    call.request.scope["state"]["cache_entry"] = CacheEntry(
        scopes=tuple(versions),
        versions=versions,
        ttl=timedelta(seconds=call.runtime.settings.cache.ttl),
        visibility=call.caller.visibility,
        expires_at=until,
    )


def finished(body: bytes, versions: Mapping[str, int], headers: Mapping[str, str]) -> Response:
    """JSON that stands on these data versions."""
    together = {**_KEPT, "Data-Version": token(versions), **headers}
    return Response(body, headers=together, media_type=JSON)


async def _once(call: Call, built: Callable[[], Awaitable[Built]], scopes: Sequence[str]) -> Built:
    """One build for all who ask the same at about the same time, of the same data versions.

    A refusal is audited for who is refused, so each caller has copies of their own.
    """
    runtime, request = call.runtime, call.request
    await reach(runtime, call.least)
    known = runtime.versions
    if request.method != "GET" or not known.trusted or not runtime.flags.acts("shared_cache", call.caller.id):
        return await built()
    newest = {scope: max(version, call.least.get(scope, 0)) for scope, version in known.known(scopes).items()}
    asked = [request.url.path, request.url.query, call.caller.id, call.caller.visibility, token(newest)]
    first = key = f"{call.desk}/{hashlib.sha256(orjson.dumps(asked)).hexdigest()[:32]}"
    life = timedelta(seconds=runtime.settings.cache.ttl)

    async def packed() -> bytes:
        return (await built()).packed()

    for _ in range(MOST_STEPS):
        value = await runtime.cache.get_or_build(key, packed, ttl=life, namespace=call.desk)
        found = Built.unpacked(value)
        if found.until is None or found.until > datetime.now(UTC):
            return found
        key = f"{first}@{found.until.timestamp():.6f}"
    return await built()
