"""Which supply serves which order, yarn by yarn (E.6.9): stock, receipts, what is advised, and what lacks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from service.mill.planning.demand import Demanded
from service.mill.planning.requirements import per_claim
from service.mill.planning.yarns import YarnPlan
from service.mill.rules.ground import Ground, ReceiptGround
from service.mill.rules.lots import MONDAY_TO_FRIDAY, release
from service.mill.rules.pegging import Need, Supply, peg, supplies
from service.mill.rules.weeks import arrival, week_start


@dataclass(frozen=True, slots=True)
class PlanPeg:
    """Pounds of a yarn for an order out of a supply; of what is advised `supply_id` is the week."""

    yarn: str
    seq: int
    need: date | None
    kind: Literal["stock", "receipt", "planned", "unmet"]
    supply_id: int | None
    day: date | None
    pounds: Decimal


def pegs(ground: Ground, orders: Sequence[Demanded], yarns: Sequence[YarnPlan]) -> list[PlanPeg]:
    """Every pound that orders need is on a peg or unmet."""
    of = {one.order.number: one for one in orders}
    return [one for yarn in yarns if yarn.needs for one in _of_yarn(ground, of, orders, yarn)]


def coming_of(ground: Ground, yarn: YarnPlan) -> list[Supply]:
    """What comes of a yarn: receipts, and what is advised to be ordered."""
    return [*_receipts(ground, yarn.receipts), *_advised(ground, yarn)]


def needs_of(orders: Sequence[Demanded], yarn: YarnPlan) -> list[Need]:
    """What each order needs of a yarn, its paths together; orders are in the order of service."""
    found = []
    for (seq, _), pounds in per_claim(yarn.needs).items():
        one = orders[seq - 1]
        found.append(Need(one.order.number, pounds, one.need, one.order.rank))
    return found


def _of_yarn(
    ground: Ground, of: Mapping[str, Demanded], orders: Sequence[Demanded], yarn: YarnPlan
) -> Iterator[PlanPeg]:
    stock = supplies(yarn.yarn.opening, coming_of(ground, yarn))
    pegging = peg(stock, needs_of(orders, yarn))
    for one in pegging.pegs:
        asked, supply = of[one.order], one.supply
        day = None if supply.kind == "stock" else supply.day
        yield PlanPeg(yarn.yarn.code, asked.seq, asked.need, supply.kind, supply.id, day, one.pounds)
    for order, pounds in pegging.unmet.items():
        asked = of[order]
        yield PlanPeg(yarn.yarn.code, asked.seq, asked.need, "unmet", None, None, pounds)


def _receipts(ground: Ground, receipts: Iterable[ReceiptGround]) -> Iterator[Supply]:
    """Those that should have come count when the policy says, or not at all; later ones on no known day."""
    policy = ground.parameters.past_due_policy
    for one in receipts:
        day = arrival(one.kind, one.due, ground.as_of, policy)
        if day is not None or one.kind == "later":
            yield Supply("receipt", one.id, day, one.pounds)


def _advised(ground: Ground, yarn: YarnPlan) -> Iterator[Supply]:
    """What the record orders, there when it can be: not before the lead time has passed."""
    for week in yarn.record:
        if week.planned:
            need = max(week_start(ground.as_of, week.bucket), ground.as_of)
            arrives = release(need, yarn.lead.days, ground.as_of, MONDAY_TO_FRIDAY).arrival
            yield Supply("planned", week.bucket, max(arrives, need), week.planned)
