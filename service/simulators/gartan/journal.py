"""What was asked of the site: sign-ins, fetches of each date, how many at once and how close together."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from service.simulators.gartan.calls import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered request; `day` and `brigade` are those of a grid, `started` and `seconds` of a monotonic
    clock. A request that was reset has status 0."""

    number: int
    kind: Kind
    path: str
    day: date | None
    brigade: int | None
    status: int
    faults: tuple[str, ...]
    started: float
    seconds: float


class Journal:
    """The last `keep` requests, from any thread."""

    def __init__(self, keep: int = 20_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._lock = threading.Lock()
        self._in_flight = 0
        self.most_at_once = 0

    def enter(self) -> None:
        """A request came."""
        with self._lock:
            self._in_flight += 1
            self.most_at_once = max(self.most_at_once, self._in_flight)

    def leave(self, entry: Entry) -> None:
        """It was answered, or reset."""
        with self._lock:
            self._in_flight -= 1
            self._entries.append(entry)

    @property
    def entries(self) -> list[Entry]:
        """In the order they were answered."""
        with self._lock:
            return list(self._entries)

    def count(self, kind: Kind, status: int | None = None) -> int:
        """How many requests of a kind there were, with that status."""
        return sum(one.kind == kind and status in (None, one.status) for one in self.entries)

    @property
    def logins(self) -> int:
        """How often a name and password were posted."""
        return self.count("login")

    def fetches(self, brigade: int | None = None) -> Counter[date]:
        """How often each date's grid was asked for, of one brigade or of all."""
        return Counter(
            one.day
            for one in self.entries
            if one.kind == "grid" and one.day is not None and brigade in (None, one.brigade)
        )

    def days(self) -> list[date]:
        """The dates of the grids, in the order they were asked for."""
        asked = sorted((one.number, one.day) for one in self.entries if one.kind == "grid" and one.day)
        return [day for _, day in asked]

    def spacing(self, kind: Kind | None = "grid") -> float:
        """The least seconds between the arrivals of two requests of a kind (None: of all); infinite for fewer
        than two."""
        started = sorted(one.started for one in self.entries if kind in (None, one.kind))
        return min((after - before for before, after in pairwise(started)), default=float("inf"))

    def clear(self) -> None:
        """Count from here."""
        with self._lock:
            self._entries.clear()
            self.most_at_once = self._in_flight
