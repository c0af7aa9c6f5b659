"""What was seen of a day, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from service.crew.queries.stations import StationRow
from service.crew.rules.grid import DayGrid, Finding

Source = Literal["gartan", "replay", "report"]
Came = Literal["applied", "unchanged", "stale", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One look at one local day of a station: a grid, or why there is none (`code`).

    `sha256` is of what was read; the same content by the same parser changes nothing. `body` is the raw page,
    kept only where the settings say so.
    """

    station: StationRow
    day: date
    fetched_at: datetime
    sha256: bytes
    parser_version: int
    source: Source = "gartan"
    grid: DayGrid | None = None
    code: str | None = None
    findings: tuple[Finding, ...] = ()
    run_id: UUID | None = None
    body: bytes | None = None

    def __post_init__(self) -> None:
        """A look has a grid or a reason, never both."""
        if (self.grid is None) == (self.code is None):
            raise ValueError("an observation has a grid or the code of its rejection")

    @property
    def of_people_only(self) -> bool:
        """A report tells of people; what was known of the appliances that day holds on."""
        return self.source == "report"

    @property
    def said(self) -> tuple[Finding, ...]:
        """All that was odd."""
        return (*self.findings, *(self.grid.findings if self.grid else ()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an observation. `changes`: stretches that it says otherwise than the one before."""

    came: Came
    snapshot_id: int
    findings: tuple[Finding, ...] = ()
    segments: int = 0
    changes: int = 0
    people: bool = False
