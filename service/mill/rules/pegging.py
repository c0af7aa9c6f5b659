"""Which supply serves which order (E.6.9), and who suffers if a supply comes late.

Every demanded pound is either on a peg or unmet: sum(pegs of an order) + unmet = gross.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from service.mill.rules.precedence import Rank
from service.mill.rules.quantities import ZERO

SupplyKind = Literal["stock", "receipt", "planned"]
_KINDS = ("stock", "receipt", "planned")


@dataclass(frozen=True, slots=True)
class Supply:
    """Pounds of one item that are there from `day` on; `id` is None for stock. None: nobody knows when."""

    kind: SupplyKind
    id: int | None
    day: date | None
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """Pounds of the item that an order wants on `day` (None: without a date, late on none)."""

    order: str
    pounds: Decimal
    day: date | None
    rank: Rank


class Peg(NamedTuple):
    """So many pounds of a supply for an order; `days_late` None where the supply's day is not known."""

    supply: Supply
    order: str
    pounds: Decimal
    days_late: int | None


@dataclass(frozen=True, slots=True)
class Pegging:
    """The pegs of one item in order of service, and by order what no supply covers."""

    pegs: list[Peg]
    unmet: dict[str, Decimal]


def supplies(opening: Decimal, coming: Iterable[Supply]) -> list[Supply]:
    """Stock and what comes, in the order it is used. A negative opening is paid from the first that comes."""
    debt = max(ZERO, -opening)
    found = [Supply("stock", None, date.min, opening)] if opening > 0 else []
    for one in sorted(coming, key=_in_turn):
        paid = min(debt, one.pounds)
        debt -= paid
        if one.pounds > paid:
            found.append(replace(one, pounds=one.pounds - paid))
    return found


def _in_turn(one: Supply) -> tuple[bool, date, int, int]:
    return (one.day is None, one.day or date.max, _KINDS.index(one.kind), one.id or 0)


def peg(stock: Sequence[Supply], needs: Iterable[Need]) -> Pegging:
    """Orders in the order of service take the earliest supply there is, be it too late for them (R10).

    `stock` is in the order it is used (`supplies`). A need of nothing has neither peg nor unmet pound.
    """
    pegs: list[Peg] = []
    unmet: dict[str, Decimal] = {}
    turn = iter(stock)
    one = next(turn, None)
    free = one.pounds if one else ZERO
    for need in sorted(needs, key=lambda one: (one.rank, one.day is None, one.day or date.max)):
        wanted = need.pounds
        while wanted > 0 and one is not None:
            taken = min(wanted, free)
            pegs.append(Peg(one, need.order, taken, _days_late(one.day, need.day)))
            wanted, free = wanted - taken, free - taken
            if not free:
                one = next(turn, None)
                free = one.pounds if one else ZERO
        if wanted > 0:
            unmet[need.order] = unmet.get(need.order, ZERO) + wanted
    return Pegging(pegs, unmet)


def _days_late(arrives: date | None, needed: date | None) -> int | None:
    if needed is None:
        return 0
    return None if arrives is None else max(0, (arrives - needed).days)


class Harm(NamedTuple):
    """What a change of supply does to an order: pounds that now come later, at most so late, or not at all.

    `days_late` is None where nobody knows when the pounds come.
    """

    order: str
    pounds_late: Decimal
    days_late: int | None
    pounds_unmet: Decimal


# Behind every real lateness: a supply without a day, and no supply at all.
_UNKNOWN, _NEVER = 10**6, 10**7


def harmed(
    opening: Decimal, coming: Sequence[Supply], needs: Sequence[Need], receipt: int, day: date | None
) -> list[Harm]:
    """Which orders suffer if the receipt comes on another day, None never; in the order of service (D.3)."""
    moved = [one for one in (_moved(one, receipt, day) for one in coming) if one is not None]
    before, after = (_courses(peg(supplies(opening, found), needs)) for found in (coming, moved))
    ranks = {need.order: need.rank for need in needs}
    served = sorted(ranks, key=lambda order: ranks[order])
    harms = (_harm(order, before.get(order, []), after.get(order, [])) for order in served)
    return [one for one in harms if one.pounds_late > 0 or one.pounds_unmet > 0]


def _moved(one: Supply, receipt: int, day: date | None) -> Supply | None:
    if (one.kind, one.id) != ("receipt", receipt):
        return one
    return None if day is None else replace(one, day=day)


def _courses(pegging: Pegging) -> dict[str, list[tuple[int, Decimal]]]:
    """By order: how late its pounds come, the soonest first."""
    found: dict[str, list[tuple[int, Decimal]]] = {}
    for one in pegging.pegs:
        found.setdefault(one.order, []).append(
            (_UNKNOWN if one.days_late is None else one.days_late, one.pounds)
        )
    for order, pounds in pegging.unmet.items():
        found.setdefault(order, []).append((_NEVER, pounds))
    return {order: sorted(course) for order, course in found.items()}


def _harm(order: str, before: list[tuple[int, Decimal]], after: list[tuple[int, Decimal]]) -> Harm:
    """Pound by pound, the soonest against the soonest."""
    late, gone, longest = ZERO, ZERO, 0
    was = iter(before)
    lateness, free = next(was, (_NEVER, ZERO))
    for now, pounds in after:
        wanted = pounds
        while wanted > 0:
            while not free:
                lateness, free = next(was, (_NEVER, wanted))
            matched = min(wanted, free)
            wanted, free = wanted - matched, free - matched
            if now == _NEVER and lateness < _NEVER:
                gone += matched
            elif now > lateness:
                late, longest = late + matched, max(longest, now)
    return Harm(order, late, None if longest == _UNKNOWN else longest, gone)
