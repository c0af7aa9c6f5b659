"""The request log: what was asked and what was answered, with counters for tests."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass

from service.simulators.frappe.calls import Call


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered request. `kind` is list, document, method, count, meta, api or other; `rows` the documents
    of a list answer, `started` and `seconds` are of a monotonic clock."""

    number: int
    method: str
    path: str
    kind: str
    doctype: str
    name: str
    params: dict[str, object]
    user: str
    status: int
    rows: int | None
    faults: tuple[str, ...]
    started: float
    seconds: float


class RequestLog:
    """The last `keep` requests and counters over all of them."""

    def __init__(self, keep: int = 20_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._counts: Counter[tuple[str, str, str, str, int]] = Counter()
        self._lock = threading.Lock()
        self.in_flight = 0
        self.peak_in_flight = 0
        self.rows_sent = 0

    def enter(self) -> None:
        with self._lock:
            self.in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self.in_flight)

    def leave(self) -> None:
        with self._lock:
            self.in_flight -= 1

    def add(self, entry: Entry) -> None:
        """Note one answer. A request that was reset has status 0."""
        with self._lock:
            self._entries.append(entry)
            self._counts[entry.kind, entry.path, entry.doctype, entry.method, entry.status] += 1
            self.rows_sent += entry.rows or 0

    @property
    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def count(
        self,
        *,
        kind: str | None = None,
        path: str | None = None,
        doctype: str | None = None,
        method: str | None = None,
        status: int | None = None,
    ) -> int:
        """How many requests so far were of that kind, path, doctype, method and status (None: any)."""
        wanted = (kind, path, doctype, method, status)
        with self._lock:
            counts = list(self._counts.items())
        return sum(n for key, n in counts if all(w in (None, k) for w, k in zip(wanted, key, strict=True)))

    def select(self, doctype: str, kind: str = "list") -> list[Entry]:
        """The logged requests for one doctype, oldest first."""
        return [entry for entry in self.entries if entry.doctype == doctype and entry.kind == kind]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._counts.clear()
            self.rows_sent = self.peak_in_flight = 0


def entry_of(
    call: Call, status: int, rows: int | None, faults: tuple[str, ...], started: float, seconds: float
) -> Entry:
    return Entry(
        call.number, call.method, call.path, call.kind, call.doctype, call.name, call.params, call.user,
        status, rows,
        faults, started, seconds,
    )  # fmt: skip
