"""What may be set for a client, or otherwise for one call."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_RETRY_AFTER = 120.0
"""A longer wait than two minutes is the caller's decision: the error is raised with its ``retry_after``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """Overrides for one call; None leaves the client's own setting.

    timeout: seconds for one attempt, from connecting to the last byte.
    deadline: seconds for the whole call with its retries and waits.
    retries: attempts after the first.
    require_complete: raise `IncompleteData` for an answer whose ``meta.complete`` is false.
    fresh: do not use the remembered ETag, so that the body is sent in any case.
    min_data_version: never be served older data than this ``Data-Version``.
    idempotency_key: for a POST, instead of the automatic one.
    headers: added to the request; never shown in ``repr``.
    """

    timeout: float | None = None
    deadline: float | None = None
    retries: int | None = None
    require_complete: bool | None = None
    fresh: bool | None = None
    min_data_version: str | None = None
    idempotency_key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def over(self, other: CallOptions) -> CallOptions:
        """These options, and where they say nothing those of ``other``."""
        headers = {**other.headers, **self.headers}
        return dataclasses.replace(other, **self._said(), headers=headers)

    def _said(self) -> dict[str, Any]:
        named = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "headers"}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of one call, all of them decided."""

    timeout: float
    deadline: float | None
    retries: int


@dataclass(frozen=True, slots=True)
class Backoff:
    """Full jitter: before retry ``n`` (from 0) wait 0 to ``first`` · 2ⁿ s, at most ``longest`` s."""

    first: float = 0.5
    longest: float = 8.0

    def ceiling(self, attempt: int) -> float:
        """The longest wait before retry ``attempt``, in seconds."""
        return min(self.longest, self.first * 2.0 ** min(attempt, 32))
