"""What belongs to the request or run being served: its id and its timings."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any

from service.core.telemetry.metrics import count_event

_ids: ContextVar[tuple[str, str] | None] = ContextVar("ids", default=None)
"""The ids of the request or run being served: its own, and that of the whole it is a part of."""
_timings: ContextVar["Timings | None"] = ContextVar("timings", default=None)


@dataclass(slots=True)
class Timings:
    """Seconds and counts by name (`db`, `cache`, `build`) within one request or job.

    Of a request also its ASGI `scope`, and how often it sent each statement, by fingerprint.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    scope: MutableMapping[str, Any] | None = None
    statements: dict[str, int] | None = None
    repeats_because: str | None = None

    def add(self, name: str, seconds: float) -> None:
        """Add one measured piece of work."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self.counts[name] = self.counts.get(name, 0) + 1

    def server_timing(self) -> str:
        """The `Server-Timing` header value, milliseconds."""
        return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in self.seconds.items())


def request_id() -> str | None:
    """The id of the request or run being served, if any."""
    ids = _ids.get()
    return None if ids is None else ids[0]


def correlation_id() -> str | None:
    """The id of the whole that the request or run is a part of: what the caller gave, else the first id."""
    ids = _ids.get()
    return None if ids is None else ids[1]


def timings() -> Timings:
    """The timings of the request being served (a throw-away outside one)."""
    return _timings.get() or Timings()


def expect_repeats(because: str) -> None:
    """The request being served sends a statement again and again on purpose: it waits, or works in parts."""
    timings().repeats_because = because


def afterwards() -> Context:
    """The context of what a request starts and does not wait for: its ids, but none of its account.

    The statements of such work would otherwise be counted as repeated by a request that has long answered.
    """
    context = copy_context()
    context.run(_timings.set, None)
    return context


def happened(name: str, outcome: str = "ok", amount: float = 1) -> None:
    """Count something that happened; both words come from the code, never from a request."""
    count_event(name, outcome, amount)


@contextmanager
def work_id(identifier: str, correlation: str | None = None) -> Iterator[None]:
    """Everything logged inside carries this id (a job's run id, a command's name).

    `correlation` is the id of the request that asked for it; None: it began by itself.
    """
    token = _ids.set((identifier, correlation or identifier))
    try:
        yield
    finally:
        _ids.reset(token)
