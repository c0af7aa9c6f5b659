"""What is asked for most, and how to ask for it again: a bounded record beside the kept answers.

Counting costs a hit one addition (`Wanted.asked`): the kept answer holds its record, nobody looks it up.
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from starlette.types import Receive, Scope, Send

from service.core.auth import Caller
from service.core.responses.negotiation import Key
from service.core.versions import Versions

if TYPE_CHECKING:
    from service.core.responses.stored import Stored

Asking = Callable[[Scope, Receive, Send], Awaitable[None]]
MOST: Final = 1_000
"""Questions remembered; about 1 KB each. A full record forgets a quarter: those that were worth least."""


@dataclass(frozen=True, slots=True)
class Again:
    """A GET of which the key keeps too little to ask it again: as it was written, and by whom."""

    ask: Asking = field(repr=False)
    app: object = field(repr=False)
    raw_path: bytes
    query_string: bytes
    accept: bytes
    root_path: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class Building:
    """An answer being built: since when, after how many clearings, and how it is asked for again.

    `may_keep`: its caller has kept answers; `warming`: nobody waits for it.
    """

    started: float
    clearings: int
    again: Again
    may_keep: bool
    warming: bool


@dataclass(slots=True, eq=False)
class Wanted:
    """One question: how often it was asked since the last look, and what its newest answer stands on.

    `score` counts earlier askings, halved at each look that found the answer outdated. `cost` is the seconds
    the newest build took, `ends_at` the monotonic end of its life (infinite when not the lifetime ended it),
    `since` when it was first asked, `changes` how often its data changed since.
    """

    again: Again
    route: str
    scopes: tuple[str, ...]
    since: float
    versions: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    digest: str = ""
    cost: float = 0.0
    ends_at: float = float("inf")
    life: float = 0.0
    asked: int = 0
    score: float = 0.0
    changes: int = 0
    warmed: bool = False

    @property
    def worth(self) -> float:
        """Seconds that having the answer ready saves, as far as the past tells: askings x build."""
        return (self.score + self.asked) * self.cost


@dataclass(frozen=True, slots=True)
class Observed:
    """How the data under a route's questions changed: `changes` within `seconds`, summed over questions."""

    questions: int
    changes: int
    seconds: float
    life: float


class Popularity:
    """The questions by key; `saved` is what warmed answers that were asked for would have cost."""

    def __init__(self) -> None:
        self.by_key: dict[Key, Wanted] = {}
        self.used = 0
        self.saved_seconds = 0.0

    def note(
        self, key: Key, again: Again, stored: "Stored", *, now: float, cost: float, warmed: bool
    ) -> tuple[Wanted, bool]:
        """Take in a new answer; also says whether it is the one whose life was over, byte for byte."""
        wanted = self.by_key.get(key)
        if wanted is None:
            if len(self.by_key) >= MOST:
                self._make_room()
            wanted = self.by_key[key] = Wanted(again, stored.route or "other", stored.entry.scopes, now)
        digest = stored.plain.etag.decode()
        unchanged = now >= wanted.ends_at and wanted.digest == digest
        self.settle(wanted)
        wanted.again, wanted.scopes, wanted.cost = again, stored.entry.scopes, cost
        wanted.versions = wanted.seen = stored.versions
        wanted.digest, wanted.warmed = digest, warmed
        wanted.asked += not warmed
        return wanted, unchanged

    def settle(self, wanted: Wanted) -> None:
        """Count a warmed answer as used, once, if somebody has asked for it."""
        if wanted.warmed and wanted.asked:
            wanted.warmed = False
            self.used += 1
            self.saved_seconds += wanted.cost

    def outdated(self, versions: Versions) -> list[tuple[Key, Wanted]]:
        """The questions worth answering anew since their data changed, the most worth first.

        One that nobody asked since the last such look, and hardly before, is forgotten.
        """
        chosen = []
        for key, wanted in list(self.by_key.items()):
            known = versions.known(wanted.scopes)
            if known == wanted.versions:
                continue
            wanted.changes += known != wanted.seen
            wanted.seen = known
            self.settle(wanted)
            wanted.score, wanted.asked = wanted.score / 2 + wanted.asked, 0
            if wanted.score >= 1:
                chosen.append((key, wanted))
            else:
                del self.by_key[key]
        return sorted(chosen, key=lambda pair: pair[1].worth, reverse=True)

    def forget(self, key: Key) -> None:
        """Ask this no more."""
        self.by_key.pop(key, None)

    def observed(self, now: float) -> dict[str, Observed]:
        """How the data changed, by route."""
        grouped: dict[str, list[Wanted]] = {}
        for wanted in self.by_key.values():
            grouped.setdefault(wanted.route, []).append(wanted)
        return {route: _observed(all_of_it, now) for route, all_of_it in grouped.items()}

    def settled(self) -> tuple[int, float]:
        """How many warmed answers were asked for, and the seconds of building that saved."""
        for wanted in self.by_key.values():
            self.settle(wanted)
        return self.used, self.saved_seconds

    def _make_room(self) -> None:
        for key in heapq.nsmallest(MOST // 4, self.by_key, key=lambda key: self.by_key[key].worth):
            del self.by_key[key]


def _observed(questions: list[Wanted], now: float) -> Observed:
    return Observed(
        questions=len(questions),
        changes=sum(wanted.changes for wanted in questions),
        seconds=sum(now - wanted.since for wanted in questions),
        life=max(wanted.life for wanted in questions),
    )
