"""The first day on which a yarn is short, and the orders that make it so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.mill.planning.requirements import Requirement
from service.mill.rules.ground import Ground, ReceiptGround
from service.mill.rules.quantities import ZERO
from service.mill.rules.weeks import arrival


@dataclass(frozen=True, slots=True)
class Culprit:
    """An order that takes a yarn below the level on the first short day: what it needs, what of it lacks."""

    seq: int
    need_lb: Decimal
    short_lb: Decimal


@dataclass(frozen=True, slots=True)
class FirstShort:
    """The first day below the level, by how much at its end, and by whose orders.

    No culprits: the stock itself was below on the as-of day.
    """

    day: date
    pounds: Decimal
    culprits: tuple[Culprit, ...]


def first_short(
    ground: Ground,
    opening: Decimal,
    receipts: Iterable[ReceiptGround],
    needs: Sequence[Requirement],
    level: Decimal = ZERO,
) -> FirstShort | None:
    """Day by day: what arrives on a day is there before it is needed; orders in the order of service."""
    coming = _by_day(ground, receipts)
    wanted: dict[date, list[Requirement]] = {}
    for row in needs:
        if row.need is not None:
            wanted.setdefault(max(row.need, ground.as_of), []).append(row)
    balance = opening
    if balance < level and ground.as_of not in wanted and balance + coming.get(ground.as_of, ZERO) < level:
        return FirstShort(ground.as_of, level - balance - coming.get(ground.as_of, ZERO), ())
    for day in sorted({*coming, *wanted}):
        balance += coming.get(day, ZERO)
        before = balance
        balance -= sum((row.pounds for row in wanted.get(day, ())), ZERO)
        if balance < level:
            return FirstShort(day, level - balance, _culprits(before - level, wanted.get(day, ())))
    return None


def _by_day(ground: Ground, receipts: Iterable[ReceiptGround]) -> dict[date, Decimal]:
    policy = ground.parameters.past_due_policy
    found: dict[date, Decimal] = {}
    for one in receipts:
        day = arrival(one.kind, one.due, ground.as_of, policy)
        if day is not None:
            found[day] = found.get(day, ZERO) + one.pounds
    return found


def _culprits(free: Decimal, needs: Iterable[Requirement]) -> tuple[Culprit, ...]:
    wanted: dict[int, Decimal] = {}
    for row in needs:
        wanted[row.seq] = wanted.get(row.seq, ZERO) + row.pounds
    found, left = [], max(ZERO, free)
    for seq, pounds in sorted(wanted.items()):
        lacks = pounds - min(pounds, left)
        left -= min(pounds, left)
        if lacks:
            found.append(Culprit(seq, pounds, lacks))
    return tuple(found)
