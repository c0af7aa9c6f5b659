"""The site's clock: naive local stamps with microseconds, as Frappe writes `creation` and `modified`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def _wall() -> datetime:
    return datetime.now(UTC)


class SiteClock:
    """Stamps in the zone of the site, strictly increasing as instants while `skew` stays the same.

    `skew` is what one application server's clock is ahead (or behind, negative) of the others: set it before
    a write to stamp that write askew. At the end of daylight saving the local stamps go back an hour, as the
    real ones do. `now` answers an aware instant and may be replaced to freeze or move the site's time.
    """

    def __init__(self, zone: str, now: Callable[[], datetime] = _wall) -> None:
        self.zone = ZoneInfo(zone)
        self.now = now
        self.monotonic: Callable[[], float] = time.monotonic  # what a store's commit_delay runs on
        self.skew = timedelta(0)
        self._last: dict[timedelta, datetime] = {}
        self._lock = threading.Lock()

    def local(self) -> datetime:
        """The site's wall clock now, naive."""
        return self.now().astimezone(self.zone).replace(tzinfo=None)

    def stamp(self) -> str:
        """A new `modified`: later than every one given before with this skew."""
        with self._lock:
            instant = self.now().astimezone(UTC) + self.skew
            last = self._last.get(self.skew)
            if last is not None and instant <= last:
                instant = last + timedelta(microseconds=1)
            self._last[self.skew] = instant
        return str(instant.astimezone(self.zone).replace(tzinfo=None))
