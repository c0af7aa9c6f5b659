"""What is scheduled on what: machines, jobs and the operations of a plan, in hours from time zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from service.mill.rules.scheduling.rates import Rates, RateSource
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.windows import EPSILON, Windows

Reason: TypeAlias = Literal[
    "NO_ELIGIBLE_MACHINE", "NO_RATE", "NO_MATERIAL", "ON_HOLD", "NO_QUANTITY", "NO_WORKING_TIME"
]
"""Why an order has no place: `NO_WORKING_TIME`, the calendars of its machines end before it would."""
WaitedFor: TypeAlias = Literal["machine", "material", "calendar", "due_date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A knitting machine. `style`: what it is set up for; `windows` None: it works round the clock.

    `usable` is False where it is down or retired; `free_from` is the hour from which it may be planned.
    """

    code: str
    center: str
    efficiency: float = 1.0
    style: str | None = None
    free_from: float = 0.0
    windows: Windows | None = None
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is still to be knitted of an order. `due` None: no date; `ready` None: its material never comes.

    `center` is the work centre of the style; `machine`, where given, the only one that may knit it.
    """

    order: str
    style: str
    center: str | None
    pounds: Decimal
    priority: int = 3
    due: float | None = None
    ready: float | None = 0.0
    machine: str | None = None
    on_hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Why an operation stands where it stands.

    `waits` are the hours between now and its start, by what they were waited for (`due_date`: a backward plan
    begins no sooner than it must); `alternatives` the machines that could have knitted it, the chosen one
    among them; `others` the best of those that were not taken and when it would have ended there.
    """

    waits: Mapping[WaitedFor, float]
    alternatives: int
    others: Sequence[tuple[str, float]] = ()

    @property
    def runner_up(self) -> tuple[str, float] | None:
        """The next best machine, and when the order would have ended there."""
        return self.others[0] if self.others else None

    @property
    def waited_for(self) -> WaitedFor | None:
        """What took the longest; None where it starts at once."""
        longest = max(self.waits, key=lambda cause: self.waits[cause])
        return longest if self.waits[longest] > 0 else None


def waits(now: float, ready: float, free: float, start: float) -> Mapping[WaitedFor, float]:
    """Hours up to a start: for the material first, then for the machine, then for its calendar."""
    earliest = max(ready, free)
    return {"machine": earliest - ready, "material": ready - now, "calendar": start - earliest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A stretch of a machine's time for an order: set-up, then run. Parts of a split order count from 1.

    `late` are the hours after the order's due time, None where it has none; `estimated` tells that the rate
    is not the recorded one of machine, work centre or style.
    """

    order: str
    part: int
    machine: str
    center: str
    style: str
    pounds: Decimal
    priority: int
    due: float | None
    earliest: float
    """The hour from which its material is there and planning may place it."""
    setup_start: float
    run_start: float
    end: float
    run_hours: float
    """Hours of work at the efficiency 1 of a window; 0 where it is frozen and nobody needs it."""
    frozen: bool = False
    rate_source: RateSource | None = None
    choice: Choice | None = None

    @property
    def setup(self) -> float:
        """Hours by the clock between the begins of set-up and run."""
        return self.run_start - self.setup_start

    @property
    def late(self) -> float | None:
        """Hours after the due time; None without one. What float arithmetic is off by is not late."""
        if self.due is None:
            return None
        after = self.end - self.due
        return after if after > EPSILON else 0.0

    @property
    def estimated(self) -> bool:
        """Whether the rate is an estimate."""
        return self.rate_source is not None and self.rate_source.estimated


@dataclass(frozen=True, slots=True)
class Unscheduled:
    """An order without a place, or without one for all of it, and why."""

    order: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """Operations in the order in which they were placed, frozen ones first; and what has no place."""

    operations: Sequence[Operation]
    unscheduled: Sequence[Unscheduled]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The machines, their rates and set-ups; `alternates`: further work centres or machines of a style."""

    machines: Sequence[Machine]
    rates: Rates
    setups: Setups = field(default_factory=Setups)
    alternates: Mapping[str, Sequence[str]] = field(default_factory=dict)
