"""The first cache level: finished HTTP answers, in front of the routes and behind the authentication.

A hit is bytes or a 304 and costs no route, no model and no connection. An answer is valid exactly as long as
the data versions it was built from are the newest ones, and no longer than its lifetime.
"""

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.auth import Caller
from service.core.cache import JITTER, Bounded, Flights, Kept, Statistics, budgets, cleared
from service.core.errors import ServiceError, Unavailable, problem_response
from service.core.flags import EVERYBODY, Acted, Flags, Tally, builds_avoided
from service.core.responses.exchange import Exchange
from service.core.responses.negotiation import Headers, Key, canonical, joined
from service.core.responses.popularity import Again, Building, Popularity
from service.core.responses.repeats import Repeats
from service.core.responses.stored import CacheEntry, RawHeaders, Stored, fingerprint, make_stored
from service.core.settings import CacheSettings
from service.core.telemetry import route_template
from service.core.versions import Versions, parse_token

__all__ = ["CacheEntry", "ResponseCache", "Responses"]

MIN_VERSION_SECONDS = 1.0
_STORED: RawHeaders = [(b"cache-status", b"Muster; fwd=miss; stored")]
_NOT_STORED: RawHeaders = [(b"cache-status", b"Muster; fwd=miss")]
_BYPASSED: RawHeaders = [(b"cache-status", b"Muster; fwd=bypass")]


class Responses:
    """The kept answers, bounded by entries and bytes; one for the process.

    `versions` is set once the runtime is open; before, and while it is not trusted, nothing is kept or found.
    `enabled` is the operator's switch, and `sides` tells who has which flag where callers differ in that
    (None: they do not). Answers are the same either way. `waiting` counts the requests that have taken the
    whole way and not yet had the beginning of their answer.
    """

    def __init__(
        self,
        max_entries: int = 10_000,
        max_bytes: int = 64 * 1024 * 1024,
        *,
        versions: Versions | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kept: Bounded[Key, Stored] = Bounded(max_entries, max_bytes, clock=clock)
        self.versions = versions
        self.enabled = True
        self.largest = max_bytes // 4
        self.popularity = Popularity()
        self.waiting = 0
        self.clearings = 0
        self.sides: Callable[[str, str], bool] | None = None
        self.packed = Tally()
        """What compression did, to any answer."""
        self.spent: dict[str, float] = {}
        """Seconds that making answers took, by route template."""
        self.repeats = Repeats(self.packed)
        self._flights: Flights[Stored] = Flights()

    @classmethod
    def of(cls, settings: CacheSettings, *, versions: Versions | None = None) -> "Responses":
        """As large as the settings say: half of what both levels may take."""
        return cls(*budgets(settings)[0], versions=versions)

    def follow(self, flags: Flags) -> None:
        """Switch with the flags `response_cache` and `compression`, now and whenever their share changes."""
        flags.listeners.append(lambda: self._switch(flags))
        flags.sources["response_cache"] = lambda: builds_avoided(self.stats(), self.spent)
        flags.sources["compression"] = self._packing
        self._switch(flags)

    def _switch(self, flags: Flags) -> None:
        kept, packed = flags.share("response_cache"), flags.share("compression")
        self.enabled = kept > 0
        self.sides = None if kept in (0, EVERYBODY) and packed == EVERYBODY else flags.acts
        self.repeats.clear()

    def _packing(self) -> Acted:
        self.repeats.settle()
        basis = "bytes of the plain bodies less those that were sent"
        return Acted(self.packed.times, self.packed.saved, "bytes", basis)

    def side(self, caller: Caller | None, headers: Headers) -> tuple[Headers, bool]:
        """The request's headers as compression is on or off for its caller, and whether it has kept answers.

        Only asked where callers differ (`sides`). Whoever is not known is one caller.
        """
        assert self.sides is not None
        name = "" if caller is None else caller.id
        if not self.sides("compression", name) and b"accept-encoding" in headers:
            headers = {key: value for key, value in headers.items() if key != b"accept-encoding"}
        return headers, self.sides("response_cache", name)

    @property
    def usable(self) -> bool:
        """Whether answers may be found and kept now."""
        return self.enabled and self.versions is not None and self.versions.trusted

    def find(self, key: Key) -> tuple[Stored, Kept[Stored]] | None:
        """The kept answer that is still the newest, and its entry; counts the hit."""
        versions, kept_by_key = self.versions, self.kept
        now = kept_by_key.clock()
        if versions is None or not self.enabled or now >= versions.trusted_until:
            return None
        kept = kept_by_key.find(key, now)
        if kept is None:
            return None
        stored = kept.value
        if stored.stamp != versions.stamp:
            if versions.known(stored.entry.scopes) != stored.versions:
                del kept_by_key[key]
                kept.tally.outdated += 1
                return None
            stored.stamp = versions.stamp
        tally = kept.tally
        if now >= tally.next_sample:
            tally.sample(now)
        tally.hits += 1
        if stored.wanted is not None:
            stored.wanted.asked += 1
        return stored, kept

    async def finish(
        self,
        key: Key,
        entry: CacheEntry,
        route: str | None,
        headers: RawHeaders,
        body: bytes,
        building: Building,
    ) -> tuple[Stored, bool]:
        """The finished forms of a new answer, made once for all who wait; and whether it is kept.

        Where the building says so it is not kept, but finished all the same, so that it reads as those of
        callers whose answers are kept.
        """
        if building.may_keep and not building.warming:
            name, seconds = route or "other", time.perf_counter() - building.started
            self.kept.tally(name).misses += 1
            self.spent[name] = self.spent.get(name, 0.0) + seconds
        versions = self.versions
        if versions is not None:
            versions.apply(entry.versions)  # a snapshot sees committed data: its reading may be news
        print_ = fingerprint(key, entry, body)
        stored = await self._flights.join(
            (key, print_), lambda: make_stored(key, entry, route, headers, body)
        )
        return stored, building.may_keep and self._keep(key, stored, building)

    def _keep(self, key: Key, stored: Stored, building: Building) -> bool:
        entry, versions = stored.entry, self.versions
        if versions is None or not self.usable or entry.visibility != key[2]:
            return False
        if building.clearings != self.clearings:  # begun before an operator's clear
            return False
        stamp = versions.stamp
        if versions.known(entry.scopes) != stored.versions:  # somebody committed while this was built
            return False
        stored.stamp = stamp
        seconds = _seconds(entry)
        kept = self.kept.keep(
            key,
            stored,
            weight=stored.weight + sum(map(len, key)),
            seconds=seconds,
            namespace=stored.route or "other",
        )
        if kept:
            self._note(key, stored, building, seconds)
        return kept

    def _note(self, key: Key, stored: Stored, building: Building, seconds: float) -> None:
        now = self.kept.clock()
        cost = time.perf_counter() - building.started
        wanted, unchanged = self.popularity.note(
            key, building.again, stored, now=now, cost=cost, warmed=building.warming
        )
        self.kept.tally(wanted.route).unchanged += unchanged
        life = stored.entry.ttl.total_seconds()
        # Shorter than any jitter makes it: the clock ends this answer, not its lifetime.
        wanted.ends_at = float("inf") if seconds < life * (1 - JITTER) else now + seconds
        wanted.life, stored.wanted = life, wanted

    def stats(self) -> dict[str, Statistics]:
        """The figures by route template."""
        self.repeats.settle()
        return self.kept.statistics()

    def clear(self, route: str | None = None) -> int:
        """Forget the answers of a route template, or all; returns how many that were."""
        self.clearings += 1
        self.repeats.clear()
        return self.kept.drop(route)

    def risen(self, versions: Mapping[str, int]) -> None:
        """Hear of raised versions: an operator's clear is one of them.

        Clearing what answers are built from clears the answers as well.
        """
        for namespace in cleared(versions):
            is_route = namespace is not None and (namespace.startswith("/") or namespace == "other")
            self.clear(namespace if is_route else None)

    def prune(self) -> int:
        """Drop what has expired (the periodic clean-up); returns how many answers that were."""
        self.repeats.clear()
        return self.kept.prune()


def _seconds(entry: CacheEntry) -> float:
    seconds = entry.ttl.total_seconds() * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load
    if entry.expires_at is None:
        return seconds
    # The wall clock is read once, here; from then on the monotonic one counts (Q6).
    return min(seconds, (entry.expires_at - datetime.now(UTC)).total_seconds())


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
            least = parse_token(headers[b"min-data-version"].decode("latin-1"))
            if not await self._reached(least):
                raise Unavailable("this replica has not seen your write yet; ask again", code="not_yet_here")
        except ServiceError as error:
            await problem_response(error, scope["path"])(scope, receive, send)
            return False
        scope.setdefault("state", {})["min_versions"] = least
        return True

    async def _reached(self, least: dict[str, int]) -> bool:
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
