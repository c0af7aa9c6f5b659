"""What the station display shows at the moment it is looked at (spec A.9): to be held against the grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.crew.rules.grid import State


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A person whom the display names as available; `name` as printed."""

    role: str | None
    name: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crewing:
    """`3 (-1)`: how many are available of a label, and how many more than required (negative: too few)."""

    available: int
    difference: int


@dataclass(frozen=True, slots=True)
class Display:
    """One look at a station display.

    `local_time` is the display's own clock, wall time of the station; None where it shows none that can be
    read. A part that the page does not have is None: it says nothing then, not that nobody is there.
    """

    local_time: datetime | None = None
    station: str | None = None
    crewing: Mapping[str, Crewing] | None = None
    on_duty: tuple[OnDuty, ...] | None = None
    appliances: Mapping[str, State] | None = field(default=None)
