"""The kept answers of a process: found, finished, kept, forgotten; which of them are asked for is noted."""

import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from service.core.auth import Caller
from service.core.cache import JITTER, Bounded, Flights, Kept, Statistics, budgets, cleared
from service.core.flags import EVERYBODY, Acted, Flags, Tally, builds_avoided
from service.core.responses.negotiation import Headers, Key
from service.core.responses.popularity import Building, Popularity
from service.core.responses.repeats import Repeats
from service.core.responses.stored import CacheEntry, RawHeaders, Stored, fingerprint, make_stored
from service.core.settings import CacheSettings
from service.core.versions import Versions

Told = Callable[[Caller, Mapping[str, int]], Awaitable[Mapping[str, int]]]


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
        self.told: Told | None = None
        """Of the versions that a reader asks for those that may be waited for (None: all of them)."""
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
