"""How a simulated Gartan is set up: who may sign in, how it treats sessions, how it draws odd days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.simulators.gartan.layout import Mode

Expiry = Literal["page", "redirect", "json"]
"""How a lost session is answered: 200 with the login page, 302 to it, or 401 JSON (spec B.3)."""


@dataclass(frozen=True, slots=True)
class GartanConfig:
    """One tenant.

    `path` is the prefix of an on-premise installation (`/GartanAvailability`). `dst` says how days of 23 and
    25 hours are labelled; `session_calls` after how many grids every session ends (None: never); `expiry` how
    that shows; `lock_after` failures in a row lock an account; `latency` is seconds added to each answer, a
    pair drawn between both; `display` is the shape of the station display (spec B.4).
    """

    users: Mapping[str, str] = field(default_factory=lambda: {"demo": "demo"})
    path: str = ""
    dst: Mode = "single"
    expiry: Expiry = "page"
    session_calls: int | None = None
    lock_after: int = 5
    latency: float | tuple[float, float] = 0.0
    display: Literal[1, 2] = 1
    seed: int = 7
