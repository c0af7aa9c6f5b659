"""How followed stations stand, for /metrics: instants, so that a reader's own clock says the age (D.10)."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.core.telemetry import REGISTRY
from service.crew.queries.logins import Login

KEPT: Final = 900.0
"""Seconds for which a process tells what it noted: by then another one has looked, or nobody does."""
_FAMILIES: Final = {
    "seen": ("muster_crew_today_seen_timestamp_seconds", "When a station's today was looked at last"),
    "known": ("muster_crew_known_until_timestamp_seconds", "Until when anything is known of a station"),
    "locked": ("muster_crew_login_locked_timestamp_seconds", "Since when a station's login is locked"),
}


class Figures(Collector):
    """The last look of this process at all stations; labels are the stations of the settings."""

    def __init__(self) -> None:
        self._noted: Mapping[str, Mapping[str, float]] = {}
        self._at = float("-inf")

    def note(self, rows: Sequence[Any], logins: Mapping[str, Login]) -> None:
        """Rows of `select_followed`, and how signing in stands."""
        self._at = time.monotonic()
        instants: dict[str, dict[str, datetime | None]] = {
            "seen": {row.code: row.seen_at for row in rows},
            "known": {row.code: row.known_until for row in rows},
            "locked": {code: login.locked_at for code, login in logins.items()},
        }
        self._noted = {
            name: {code: at.timestamp() for code, at in found.items() if at is not None}
            for name, found in instants.items()
        }

    def collect(self) -> Iterator[Metric]:
        """One family for each figure."""
        fresh = time.monotonic() - self._at < KEPT
        for name, (family, documentation) in _FAMILIES.items():
            made = GaugeMetricFamily(family, documentation, labels=("station",))
            for code, at in self._noted.get(name, {}).items() if fresh else ():
                made.add_metric((code,), at)
            yield made


FIGURES: Final = Figures()
REGISTRY.register(FIGURES)
