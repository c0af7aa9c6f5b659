"""What a cache did, counted by namespace; O(1) per request, no timers."""

import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

SAMPLE_SECONDS = 10.0
LONGEST_WINDOW = 300.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of one namespace since the start.

    Rates are hits / (hits + misses + joins), None without any; a join waited for another's build. Entries
    that ended were `expired` (their life was over) or `outdated` (their data changed); `unchanged` of the
    expired ones were built again with the same bytes. `oldest_seconds` is the age of the oldest entry.
    """

    hits: int
    misses: int
    joins: int
    evictions: int
    expired: int
    outdated: int
    unchanged: int
    entries: int
    bytes: int
    hit_rate: float | None
    hit_rate_1min: float | None
    hit_rate_5min: float | None
    oldest_seconds: float | None


@dataclass(slots=True)
class CleanUps:
    """The periodic clean-ups of one level: how many there were, when the last one was, what they removed."""

    times: int = 0
    removed: int = 0
    last_removed: int | None = None
    last_at: datetime | None = None

    def note(self, removed: int) -> None:
        """One has just ended."""
        self.times += 1
        self.removed += removed
        self.last_removed, self.last_at = removed, datetime.now(UTC)


class Tally:
    """The counters of one namespace, with a sample every ten seconds of traffic for the recent rates."""

    __slots__ = (
        "evictions", "expired", "hits", "joins", "misses", "next_sample", "outdated", "samples", "since",
        "unchanged",
    )  # fmt: skip

    def __init__(self, now: float | None = None) -> None:
        self.hits = self.misses = self.joins = self.evictions = 0
        self.expired = self.outdated = self.unchanged = 0
        self.since = self.next_sample = time.monotonic() if now is None else now
        self.samples: deque[tuple[float, int, int]] = deque(maxlen=int(LONGEST_WINDOW / SAMPLE_SECONDS) + 2)

    def sample(self, now: float) -> None:
        """Note the totals before this request, unless that was done within the last ten seconds."""
        if now >= self.next_sample:
            self.samples.append((now, self.hits, self.misses + self.joins))
            self.next_sample = now + SAMPLE_SECONDS

    def rate(self, now: float, window: float | None = None) -> float | None:
        """The share of hits in the last `window` seconds (± one sample), or since the start."""
        hits, others = 0, 0
        if window is not None:
            # No traffic, no sample: the first sample inside has the totals at the window's start.
            inside = (sample for sample in self.samples if sample[0] > now - window)
            _, hits, others = next(inside, (now, self.hits, self.misses + self.joins))
        good, bad = self.hits - hits, self.misses + self.joins - others
        return good / (good + bad) if good + bad else None

    def statistics(self, now: float, entries: int, size: int, oldest: float | None) -> Statistics:
        """The figures at this moment; `oldest` is the monotonic time the oldest entry was made."""
        return Statistics(
            hits=self.hits,
            misses=self.misses,
            joins=self.joins,
            evictions=self.evictions,
            expired=self.expired,
            outdated=self.outdated,
            unchanged=self.unchanged,
            entries=entries,
            bytes=size,
            hit_rate=self.rate(now),
            hit_rate_1min=self.rate(now, 60.0),
            hit_rate_5min=self.rate(now, LONGEST_WINDOW),
            oldest_seconds=None if oldest is None else now - oldest,
        )
