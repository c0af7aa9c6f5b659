"""Which order gets which yarn: what it holds, then stock, then receipts on their way (F-50 to F-56)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.mill.planning.demand import Demanded
from service.mill.planning.requirements import Requirement, per_claim
from service.mill.rules.allocation import Claim, Share, allocate, allocate_kits
from service.mill.rules.expected import Promise, Receipt, promises
from service.mill.rules.ground import Ground
from service.mill.rules.quantities import ZERO
from service.mill.rules.weeks import arrival

Mode = Literal["independent", "kit"]


@dataclass(frozen=True, slots=True)
class Promised:
    """What each order gets of each yarn out of stock, and out of receipts (`number` is the receipt's row)."""

    shares: Sequence[Share]
    expected: Sequence[Promise]


def promise(
    ground: Ground, orders: Sequence[Demanded], rows: Sequence[Requirement], mode: Mode = "independent"
) -> Promised:
    """In the order of service; what has no day, or is past due and not counted on, is promised to nobody."""
    of = {one.seq: one.order for one in orders}
    claims = [
        Claim(of[seq].number, yarn, pounds, of[seq].priority, of[seq].due)
        for (seq, yarn), pounds in per_claim(rows).items()
    ]
    stock = {one.code: one.opening for one in ground.yarns.values() if one.known}
    hard: dict[tuple[str, str], Decimal] = {}
    for one in ground.held:
        if one.kind == "hard":
            hard[one.order, one.yarn] = hard.get((one.order, one.yarn), ZERO) + one.pounds
    if mode == "kit":
        shares = allocate_kits(claims, stock, hard, ground.parameters.kit_minimum_fraction)
    else:
        shares = allocate(claims, stock, hard)
    policy = ground.parameters.past_due_policy
    coming = [
        Receipt(one.id, one.yarn, day, one.pounds)
        for one in ground.receipts
        if (day := arrival(one.kind, one.due, ground.as_of, policy)) is not None
    ]
    return Promised(shares, promises(shares, coming))
