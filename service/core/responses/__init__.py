"""The first cache level: finished HTTP answers, in front of the routes and behind the authentication.

A hit is bytes or a 304 and costs no route, no model and no connection. An answer is valid exactly as long as
the data versions it was built from are the newest ones, and no longer than its lifetime.
"""

import time
from collections.abc import Mapping
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.errors import ServiceError, Unavailable, problem_response
from service.core.responses.exchange import Exchange
from service.core.responses.kept import Responses
from service.core.responses.negotiation import Headers, Key, canonical, joined
from service.core.responses.popularity import Again, Building
from service.core.responses.stored import CacheEntry, RawHeaders, Stored
from service.core.telemetry import route_template
from service.core.versions import parse_token

__all__ = ["CacheEntry", "ResponseCache", "Responses"]

MIN_VERSION_SECONDS = 1.0
_STORED: RawHeaders = [(b"cache-status", b"Muster; fwd=miss; stored")]
_NOT_STORED: RawHeaders = [(b"cache-status", b"Muster; fwd=miss")]
_BYPASSED: RawHeaders = [(b"cache-status", b"Muster; fwd=bypass")]


class ResponseCache:
    """The ASGI layer: answers hits, keeps what routes allow, compresses the rest, honours `Min-Data-Version`.

    Expects `scope["state"]["caller"]` (the authentication stands before it); without one nothing is kept.
    Leaves the versions asked for in `scope["state"]["min_versions"]`, so that no lagging replica is read.
    """

    def __init__(self, app: ASGIApp, responses: Responses) -> None:
        self.app = app
        self.responses = responses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
            return
        raw = scope["headers"]
        headers: Headers = dict(raw)
        if len(headers) != len(raw):
            headers = joined(raw)
        key, may_find = None, True
        if self.responses.sides is not None:
            headers, may_find = self.responses.side(scope.get("state", {}).get("caller"), headers)
        if scope["method"] == "GET":
            if b"min-data-version" in headers and not await self._caught_up(scope, receive, send, headers):
                return
            key = _key(scope, headers)
            found = None if key is None or not may_find else self.responses.find(key)
            if found is not None:
                stored, kept = found
                state = scope["state"]
                state["route"], state["cache"] = stored.route, "hit"
                start, body = stored.answer(headers, age=int(self.responses.kept.clock() - kept.made_at))
                self._count_packing(stored, body)
                await send(start)
                await send(body)
                return
        await self._forward(scope, receive, send, headers, key, may_keep=may_find)

    async def _caught_up(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> bool:
        """Wait until this replica has the versions the reader asks for; False when that was answered."""
        try:
            least = await self._asked(scope, parse_token(headers[b"min-data-version"].decode("latin-1")))
            if not await self._reached(least):
                raise Unavailable("this replica has not seen your write yet; ask again", code="not_yet_here")
        except ServiceError as error:
            await problem_response(error, scope["path"])(scope, receive, send)
            return False
        scope.setdefault("state", {})["min_versions"] = least
        return True

    async def _asked(self, scope: Scope, least: Mapping[str, int]) -> Mapping[str, int]:
        """The versions to wait for: whether there is one, and since when, is not for everybody to learn."""
        caller = scope.get("state", {}).get("caller")
        if caller is None:
            return {}
        return least if self.responses.told is None else await self.responses.told(caller, least)

    async def _reached(self, least: Mapping[str, int]) -> bool:
        versions = self.responses.versions
        return versions is not None and await versions.wait_for(least, MIN_VERSION_SECONDS)

    async def again(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Build an answer that nobody waits for, past what is kept; the state already has its caller."""
        headers: Headers = dict(scope["headers"])
        await self._forward(scope, receive, send, headers, _key(scope, headers), may_keep=True, warming=True)

    async def _forward(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: Headers,
        key: Key | None,
        *,
        may_keep: bool,
        warming: bool = False,
    ) -> None:
        state = scope.setdefault("state", {})
        responses, started, waits = self.responses, time.perf_counter(), not warming
        clearings = responses.clearings
        responses.waiting += waits

        def answered() -> None:
            nonlocal waits
            responses.waiting -= waits
            waits = False

        def entry(start: Message) -> CacheEntry | None:
            answered()
            found = state.get("cache_entry")
            if key is None or not isinstance(found, CacheEntry) or start["status"] != 200:
                return None
            return None if _forbids_keeping(start["headers"]) else found

        async def finish(start: Message, found: CacheEntry, body: bytes) -> None:
            assert key is not None
            again = self._again(scope, headers)
            building = Building(started, clearings, again, may_keep, warming)
            await self._finish(scope, send, headers, key, start, found, body, building)

        exchange = Exchange(
            send, headers, entry=entry, finish=finish, largest=responses.largest, packed=responses.packed
        )
        try:
            await self.app(scope, receive, exchange.send)
            await exchange.flush()
        finally:
            answered()

    def _again(self, scope: Scope, headers: Headers) -> Again:
        return Again(
            ask=self.again,
            app=scope.get("app"),
            raw_path=scope.get("raw_path") or quote(scope["path"]).encode(),
            query_string=scope["query_string"],
            accept=headers.get(b"accept", b""),
            root_path=scope.get("root_path", ""),
            caller=scope["state"]["caller"],
        )

    async def _finish(
        self,
        scope: Scope,
        send: Send,
        headers: Headers,
        key: Key,
        start: Message,
        entry: CacheEntry,
        body: bytes,
        building: Building,
    ) -> None:
        state = scope["state"]
        route = route_template(scope)
        least = state.get("min_versions", {})
        if any(entry.versions.get(scope_, version) < version for scope_, version in least.items()):
            # Built from a read replica that lags behind: better no answer than an older one.
            error = Unavailable("this replica has not seen your write yet; ask again", code="not_yet_here")
            await problem_response(error, scope["path"])(scope, _nothing, send)
            return
        stored, kept = await self.responses.finish(key, entry, route, list(start["headers"]), body, building)
        used = building.may_keep and self.responses.usable
        state["cache"] = "miss" if used else "bypass"
        status = _STORED if kept else _NOT_STORED if used else _BYPASSED
        first, second = stored.answer(headers, status=status)
        self._count_packing(stored, second)
        await send(first)
        await send(second)

    def _count_packing(self, stored: Stored, body: Message) -> None:
        packed_off = stored.packed_off(body)
        if packed_off:
            self.responses.packed.count(packed_off)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _key(scope: Scope, headers: Headers) -> Key | None:
    """What makes two requests the same; None when nobody is known or a part is too long to be kept."""
    state = scope.get("state")
    caller = None if state is None else state.get("caller")
    if caller is None:
        return None
    get = headers.get
    asked = canonical(scope["query_string"], get(b"accept", b""))
    if asked is None:
        return None
    return scope["path"], asked, caller.visibility, scope["scheme"], get(b"host", b"")


def _forbids_keeping(headers: RawHeaders) -> bool:
    for name, value in headers:
        lowered = name.lower()
        if lowered == b"set-cookie" or (lowered == b"cache-control" and b"no-store" in value.lower()):
            return True
    return False
