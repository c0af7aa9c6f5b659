"""The second cache level: finished bytes that several requests share, behind the response cache.

Bounded by entries and bytes, single flight, monotonic expiry; failed builds are not remembered and nothing is
ever served past its version. This folder is the only place that knows aiocache.
"""

import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from service.core.cache.bounded import Bounded, Kept
from service.core.cache.budget import budgets
from service.core.cache.clearing import cleared
from service.core.cache.flights import Flights
from service.core.cache.memory import SEPARATOR, BoundedMemory
from service.core.cache.standing import Standing
from service.core.cache.tally import CleanUps, Statistics, Tally
from service.core.settings import CacheSettings
from service.core.telemetry import timings
from service.core.versions import Versions, token

__all__ = [
    "JITTER",
    "Bounded",
    "BoundedMemory",
    "Cache",
    "CleanUps",
    "Flights",
    "Kept",
    "Standing",
    "Statistics",
    "Store",
    "Tally",
    "budgets",
    "cached",
    "cleared",
    "open_cache",
]

P = ParamSpec("P")

# Entries made together must not end together.
JITTER = 0.1


class Store(Protocol):
    """The port of a backend: aiocache's `get`, `set` and `close`, and what this process holds by itself.

    A backend across the network answers `peek` from a bounded memory in front of it, None when it is down.
    """

    def peek(self, key: str) -> bytes | None:
        """What is at hand under a full key; counts the hit."""

    async def get(self, key: str) -> bytes | None:
        """What is kept under a full key, wherever it is kept; asked once per build."""

    async def set(self, key: str, value: bytes, *, ttl: float) -> bool:
        """Keep a value for `ttl` seconds; False when it was refused."""

    def tally(self, namespace: str) -> Tally:
        """The counters of a namespace."""

    def forget(self, namespace: str | None = None) -> int:
        """Drop a namespace, or everything; returns how many entries that were."""

    def prune(self) -> int:
        """Drop what has expired; returns how many entries that were."""

    def statistics(self) -> dict[str, Statistics]:
        """The figures by namespace."""

    @property
    def clean_ups(self) -> CleanUps:
        """The periodic clean-ups there were."""

    def standing(self) -> Standing:
        """How it is doing, without asking it."""

    async def probe(self, seconds: float | None = None) -> Standing:
        """How it is doing, asked now: within `seconds`, or as long as a request would wait (below 50 ms)."""

    async def close(self) -> None:
        """Let go of connections."""


class Cache:
    """Finished bytes by key; keys contain the data versions they stand on.

    `versions` is needed by `@cached(scopes=…)`, and for an operator's clear to reach all replicas. `enabled`
    is the operator's switch: without, everybody who asks at once still shares one build, and nothing is kept.
    """

    def __init__(self, store: Store, *, versions: Versions | None = None) -> None:
        self.store = store
        self.versions = versions
        self.enabled = True
        self._flights: Flights[bytes] = Flights()
        self._clearings = 0
        self._unsubscribe = None if versions is None else versions.subscribe(self._risen)
        self.spent: dict[str, float] = {}
        """Seconds that builds took, by namespace."""

    async def get_or_build(
        self, key: str, build: Callable[[], Awaitable[bytes]], *, ttl: timedelta, namespace: str
    ) -> bytes:
        """The bytes kept under `key`, or built: once for all who ask meanwhile, kept for `ttl` ± 10 %.

        Raises what `build` raises, to all who waited; `Unavailable` when the build was stopped.
        """
        full = f"{namespace}{SEPARATOR}{key}"
        found = self.store.peek(full) if self.enabled else None
        if found is not None:
            return found
        tally = self.store.tally(namespace)
        if full not in self._flights:
            return await self._flights.join(full, lambda: self._build(full, build, ttl, tally))
        tally.joins += 1
        started = time.perf_counter()
        try:
            return await self._flights.join(full, lambda: self._build(full, build, ttl, tally))
        finally:
            timings().add("cache", time.perf_counter() - started)

    def peek(self, key: str, *, namespace: str) -> bytes | None:
        """What is at hand under `key`, for who has still to find out whether it may be shown.

        Whoever gets None builds, and keeps it by `get_or_build`.
        """
        return self.store.peek(f"{namespace}{SEPARATOR}{key}") if self.enabled else None

    async def _build(
        self, full: str, build: Callable[[], Awaitable[bytes]], ttl: timedelta, tally: Tally
    ) -> bytes:
        kept = await self.store.get(full) if self.enabled else None
        if kept is not None:  # across the network: no miss, for nothing was made
            tally.hits += 1
            return kept
        tally.misses += 1
        clearings, started = self._clearings, time.perf_counter()
        value = await build()
        seconds, namespace = time.perf_counter() - started, full.partition(SEPARATOR)[0]
        timings().add("build", seconds)
        self.spent[namespace] = self.spent.get(namespace, 0.0) + seconds
        # What was begun before an operator's clear is not kept after it.
        if self.enabled and clearings == self._clearings:
            spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, hides nothing
            await self.store.set(full, value, ttl=ttl.total_seconds() * spread)
        return value

    def stats(self) -> dict[str, Statistics]:
        """The figures by namespace."""
        return self.store.statistics()

    async def clear(self, namespace: str | None = None) -> int:
        """Forget here a namespace, or everything; returns how many entries that were.

        Everywhere, also in a shared store: raise its scope (`clearing.scope_of`).
        """
        return self._forget(namespace)

    def _forget(self, namespace: str | None) -> int:
        self._clearings += 1
        return self.store.forget(namespace)

    def _risen(self, versions: Mapping[str, int]) -> None:
        for namespace in cleared(versions):
            self._forget(namespace)

    def prune(self) -> int:
        """Drop what has expired (the periodic clean-up); returns how many entries that were."""
        return self.store.prune()

    async def close(self) -> None:
        """Stop builds under way; closing twice is fine."""
        unsubscribe, self._unsubscribe = self._unsubscribe, None
        if unsubscribe is not None:
            unsubscribe()
        await self._flights.close()
        await self.store.close()


def cached(
    *,
    namespace: str,
    ttl: timedelta,
    key: Callable[P, str],
    scopes: Callable[P, Iterable[str]] | None = None,
) -> Callable[[Callable[P, Awaitable[bytes]]], Callable[Concatenate[Cache, P], Awaitable[bytes]]]:
    """Keep the bytes a function returns; the decorated one takes the cache first.

    With `scopes` the known data versions join the key, and nothing is kept while they are not trusted.
    """

    def decorate(build: Callable[P, Awaitable[bytes]]) -> Callable[Concatenate[Cache, P], Awaitable[bytes]]:
        @wraps(build)
        async def lookup(cache: Cache, /, *args: P.args, **kwargs: P.kwargs) -> bytes:
            name = key(*args, **kwargs)
            if scopes is not None:
                if cache.versions is None or not cache.versions.trusted:
                    return await build(*args, **kwargs)
                name = f"{token(cache.versions.known(scopes(*args, **kwargs)))}|{name}"
            return await cache.get_or_build(
                name, lambda: build(*args, **kwargs), ttl=ttl, namespace=namespace
            )

        return lookup

    return decorate


def open_cache(settings: CacheSettings, *, versions: Versions | None = None, secret: str = "") -> Cache:
    """The cache the settings ask for; `secret` keeps installations apart that share one store.

    Raises `BadSettings` for a shared cache whose library is not installed.
    """
    budget = budgets(settings)[1]
    if settings.url is None:
        return Cache(BoundedMemory(*budget), versions=versions)
    from service.core.cache.shared import NEAR_SHARE, SharedStore  # noqa: PLC0415  an extra

    near = BoundedMemory(budget.entries // NEAR_SHARE, budget.bytes // NEAR_SHARE)
    store = SharedStore(settings.url.get_secret_value(), near, secret=secret, versions=versions)
    return Cache(store, versions=versions)
