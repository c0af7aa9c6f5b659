"""A mapping bounded by entries and by bytes: least recently used first out, monotonic expiry."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache

from service.core.cache.tally import CleanUps, Statistics, Tally

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# An entry used again within a second keeps its place: order to the second is order enough, and a hit cheaper.
USE_SECONDS = 1.0
# What an entry costs beside its value: its object, its key and its places in two dicts (measured: 420-560).
ENTRY_BYTES = 512
# One value may take a quarter of the budget at most: a single export must not empty the cache.
LARGEST_SHARE = 4


@dataclass(slots=True, eq=False)
class Kept(Generic[V]):
    """One entry: its value, what it weighs, and when it was made and ends (monotonic seconds)."""

    value: V
    size: int
    made_at: float
    expires_at: float
    tally: Tally
    used_at: float = float("-inf")


class Bounded(LRUCache[K, Kept[V]]):
    """At most `max_entries` entries and `max_bytes` bytes (0 of either: nothing is kept)."""

    def __init__(
        self, max_entries: int, max_bytes: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(maxsize=max_bytes, getsizeof=lambda kept: kept.size)
        self.max_entries = max_entries
        self.clock = clock
        self.tallies: dict[str, Tally] = {}
        self.clean_ups = CleanUps()
        # The same entries once more, to be read without making what is read the most recently used one.
        self.entries: dict[K, Kept[V]] = {}

    def tally(self, namespace: str) -> Tally:
        """The counters of a namespace; namespaces are words of our code, so there are few."""
        now = self.clock()
        found = self.tallies.get(namespace)
        if found is None:
            found = self.tallies[namespace] = Tally(now)
        found.sample(now)
        return found

    def find(self, key: K, now: float) -> Kept[V] | None:
        """The entry of a key unless it has expired; counts nothing but the expiry."""
        kept = self.entries.get(key)
        if kept is None:
            return None
        if now < kept.expires_at:
            if now - kept.used_at >= USE_SECONDS:
                kept.used_at = now
                self.touch(key)
            return kept
        del self[key]
        kept.tally.expired += 1
        return None

    def touch(self, key: K) -> None:
        """Make an entry the most recently used one."""
        super().__getitem__(key)

    def keep(self, key: K, value: V, *, weight: int, seconds: float, namespace: str) -> bool:
        """Keep a value of `weight` bytes for some seconds; False when it is too large or the time is over."""
        size = weight + ENTRY_BYTES
        if seconds <= 0 or not self.max_entries or size * LARGEST_SHARE > self.maxsize:
            return False
        now = self.clock()
        while len(self) >= self.max_entries and key not in self:
            self.popitem()
        self[key] = Kept(value, size, now, now + seconds, self.tally(namespace))
        return True

    def __setitem__(self, key: K, kept: Kept[V]) -> None:
        """Keep an entry, dropping others as the bounds ask."""
        super().__setitem__(key, kept)
        self.entries[key] = kept

    def __delitem__(self, key: K) -> None:
        """Drop an entry."""
        super().__delitem__(key)
        del self.entries[key]

    def clear(self) -> None:
        """Drop everything."""
        super().clear()
        self.entries.clear()

    def popitem(self) -> tuple[K, Kept[V]]:
        """Drop the least recently used entry and count that."""
        key, kept = super().popitem()
        kept.tally.evictions += 1
        return key, kept

    def prune(self) -> int:
        """Drop what has expired and note that it was done; returns how many entries that were."""
        now = self.clock()
        over = [(key, kept) for key, kept in self.entries.items() if now >= kept.expires_at]
        for key, kept in over:
            del self[key]
            kept.tally.expired += 1
        self.clean_ups.note(len(over))
        return len(over)

    def drop(self, namespace: str | None = None) -> int:
        """Drop a namespace, or everything; returns how many entries that were."""
        chosen = None if namespace is None else self.tallies.get(namespace, Tally())
        over = [key for key, kept in self.entries.items() if chosen is None or kept.tally is chosen]
        for key in over:
            del self[key]
        return len(over)

    def statistics(self) -> dict[str, Statistics]:
        """The figures by namespace."""
        now = self.clock()
        held: dict[int, list[Kept[V]]] = {}
        for kept in self.entries.values():
            held.setdefault(id(kept.tally), []).append(kept)
        return {
            name: tally.statistics(
                now,
                entries=len(mine := held.get(id(tally), [])),
                size=sum(kept.size for kept in mine),
                oldest=min((kept.made_at for kept in mine), default=None),
            )
            for name, tally in self.tallies.items()
        }
