"""Operations in datetimes: what a plan stores, an answer shows and a picture draws."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.shop import Operation

_SHOWN: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An operation in the mill's time, its instants aware: what is stored and drawn.

    `late_hours` None: its order has no due date. `why` is what `why_of` tells; empty where nobody asked.
    """

    order: str
    part: int
    style: str
    machine: str
    center: str
    pounds: Decimal
    setup_start: datetime
    run_start: datetime
    end: datetime
    late_hours: Decimal | None
    frozen: bool = False
    why: Mapping[str, Any] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Whether it ends after 24:00 of the day on which its order is due."""
        return self.late_hours is not None and self.late_hours > 0


def blocks(operations: Iterable[Operation], clock: Clock) -> Iterator[Block]:
    """Operations in the mill's time, in the order given; instants are UTC."""
    for one in operations:
        yield Block(
            order=one.order, part=one.part, style=one.style, machine=one.machine, center=one.center,
            pounds=one.pounds, setup_start=clock.instant(one.setup_start),
            run_start=clock.instant(one.run_start), end=clock.instant(one.end),
            late_hours=None if one.late is None else hours_shown(one.late), frozen=one.frozen,
            why=why_of(one, clock),
        )  # fmt: skip


def why_of(one: Operation, clock: Clock) -> dict[str, Any]:
    """Why an operation stands where it stands, as JSON: what it waited for, how long, and what else could be.

    `next_best` is the machine that would have been next, and when the order would have ended there.
    """
    told: dict[str, Any] = {
        "rate_source": None if one.rate_source is None else one.rate_source.value,
        "rate_estimated": one.estimated,
    }
    if one.choice is None:
        return told
    found = one.choice
    others = [{"machine": code, "end": clock.instant(end).isoformat()} for code, end in found.others]
    return {
        "waited_for": found.waited_for,
        "waited_hours": {cause: str(hours_shown(hours)) for cause, hours in found.waits.items() if hours > 0},
        "alternatives": found.alternatives,
        "next_best": others[0] if others else None,
        "others": others,
        **told,
    }


def hours_shown(hours: float) -> Decimal:
    """Hours with the four decimals that are stored."""
    return Decimal(hours).quantize(_SHOWN, ROUND_HALF_UP)
