"""The machines of a mill as one snapshot saw them, with what is already fixed on them (spec E.7).

Everything goes by its code; `id` is the row it is stored under.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from service.mill.rules.scheduling.calendars import Calendar

IDLE: Final = ("maintenance", "down", "retired")
"""Statuses of machines that nothing is planned on."""
Rates = Mapping[tuple[str, str], Decimal]
"""Pounds an hour by machine or work centre and style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineGround:
    """A machine. `calendar` is its own, else that of its work centre; None: it works round the clock.

    `active`: whether its work centre is in use.
    """

    id: int
    code: str
    center: str
    status: str
    efficiency: Decimal
    style: str | None = None
    available_from: datetime | None = None
    calendar: int | None = None
    diameter: int | None = None
    cut: int | None = None
    feeders: int | None = None
    rpm: Decimal | None = None
    stitch_mm: Decimal | None = None
    active: bool = True

    @property
    def usable(self) -> bool:
        """Whether it may be planned at all."""
        return self.active and self.status not in IDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOp:
    """An operation of the published schedule."""

    order: str
    part: int
    style: str
    machine: str
    pounds: Decimal
    setup_start: datetime
    run_start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Machines, when they work, how fast they knit what; `start` is from when on they are planned.

    `styles_per_day`: of each work centre the pounds a day of its styles, for an estimate of those that state
    none; `tex` of the styles whose yarns all have one; `published`: what the published schedule still has.
    """

    zone: str
    start: datetime
    machines: Sequence[MachineGround] = ()
    calendars: Mapping[int, Calendar] = field(default_factory=dict)
    machine_rates: Rates = field(default_factory=dict)
    center_rates: Rates = field(default_factory=dict)
    styles_per_day: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    alternates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tex: Mapping[str, Decimal] = field(default_factory=dict)
    published: Sequence[PublishedOp] = ()

    def digest(self) -> bytes:
        """The same plant from the same instant on has the same."""
        parts = (
            self.zone, self.start.isoformat(), list(self.machines), sorted(self.calendars.items()),
            sorted(self.machine_rates.items()), sorted(self.center_rates.items()),
            sorted(self.styles_per_day.items()), sorted(self.alternates.items()), sorted(self.tex.items()),
            list(self.published),
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).digest()
