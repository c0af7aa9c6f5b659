"""One local day of a station as a grid says it: what parsers make, and what is put in force (spec D.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

State = Literal["available", "unavailable", "unknown"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot of one person; `reason` is the grid's code, upper-case, or `off` or `colour`."""

    state: State
    reason: str | None = None


AVAILABLE: Final = Cell("available")
UNKNOWN: Final = Cell("unknown")


@dataclass(frozen=True, slots=True)
class Contract:
    """`61 (159)`: weekly hours of the contract, and those booked in the displayed week (spec D.1.9)."""

    hours: Decimal | None = None
    booked: Decimal | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class CrewRow:
    """A person of the grid; as many cells as the grid has labels. `name` as printed."""

    name: str
    role: str | None
    contract: Contract
    skills: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TitleRule:
    """The crewing rule in an appliance's title: `Default - Total Crew: 4, MGR x 1` (spec A.5)."""

    name: str
    total: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApplianceRow:
    """An appliance of the grid, with as many states as the grid has labels."""

    name: str
    ref: int | None
    rule: TitleRule | None
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was odd about an observation and did not make it unusable (`short_row`, …)."""

    code: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayGrid:
    """A grid that can be used: `labels` are wall times `HHMM`, `resolution` minutes a slot.

    `counts` are the grid's own, by label of its Rules section, None where a cell held no number. No two rows
    of `crew` have one name key, and no two of `appliances` one name.
    """

    labels: tuple[str, ...]
    resolution: int
    crew: tuple[CrewRow, ...]
    appliances: tuple[ApplianceRow, ...] = ()
    counts: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class Rejected(Exception):
    """A page that cannot be used: `session_expired`, `grid_missing`, `bad_envelope`, `bad_header`, `no_rows`.

    `detail` says what was found, without anybody's name.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
