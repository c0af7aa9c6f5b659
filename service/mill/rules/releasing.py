"""Which allocations go back when an order changes (E.6, E.11, F-55)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from service.mill.rules.allocation import Claim
from service.mill.rules.exact import ZERO
from service.mill.rules.orders import Status

Kind = Literal["hard", "soft", "expected"]

# What is only promised goes first, what lies at the machine last.
_LOOSEST: Final[Mapping[Kind, int]] = {"expected": 0, "soft": 1, "hard": 2}


@dataclass(frozen=True, slots=True)
class Allocation:
    """A live allocation: pounds of the claim's yarn that its order holds."""

    number: int
    claim: Claim
    kind: Kind
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Release:
    """Pounds of an allocation that go back."""

    allocation: Allocation
    pounds: Decimal


def released(status: Status, live: Iterable[Allocation]) -> list[Release]:
    """What the live allocations of an order give back when it takes a status.

    Completed and cancelled: all. On hold: all but the hard ones. Otherwise nothing.
    """
    keeps: Mapping[Status, frozenset[Kind]] = {
        "completed": frozenset(),
        "cancelled": frozenset(),
        "on_hold": frozenset(("hard",)),
    }
    kept = keeps.get(status, frozenset(_LOOSEST))
    return [Release(one, one.pounds) for one in sorted(live, key=_loosest) if one.kind not in kept]


def reduced(
    required: Mapping[str, Decimal], live: Iterable[Allocation], *, may_release_hard: bool = False
) -> list[Release]:
    """What the live allocations of an order give back when it needs only `required` pounds of each yarn.

    Promised pounds first, then soft ones; hard ones only with permission.
    """
    live = sorted(live, key=_loosest)
    spare: dict[str, Decimal] = {}
    for one in live:
        spare[one.claim.yarn] = spare.get(one.claim.yarn, -required.get(one.claim.yarn, ZERO)) + one.pounds
    found: list[Release] = []
    for one in live:
        pounds = min(spare[one.claim.yarn], one.pounds)
        if pounds > 0 and (one.kind != "hard" or may_release_hard):
            spare[one.claim.yarn] -= pounds
            found.append(Release(one, pounds))
    return found


def _loosest(one: Allocation) -> tuple[int, int]:
    """Within a kind the newest first: what came last was least counted on."""
    return (_LOOSEST[one.kind], -one.number)
