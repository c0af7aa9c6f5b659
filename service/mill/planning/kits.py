"""Of each order: whether its yarn is there, how much of it could be knitted now, when all of it is (E.6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from service.mill.planning.demand import Demanded
from service.mill.planning.promising import Promised
from service.mill.rules.ground import Ground
from service.mill.rules.orders import Kit, KitLine, kit
from service.mill.rules.quantities import ZERO


def kits(ground: Ground, orders: Sequence[Demanded], promised: Promised) -> Mapping[int, Kit]:
    """By place in the order of service; orders whose yarn is not known have none."""
    coming: dict[tuple[str, str], tuple[Decimal, date]] = {}
    for one in promised.expected:
        pounds, last = coming.get(one.claim.key, (ZERO, one.available_on))
        coming[one.claim.key] = pounds + one.pounds, max(last, one.available_on)
    lines: dict[str, list[KitLine]] = defaultdict(list)
    for share in promised.shares:
        claim = share.claim
        expected, on = coming.get(claim.key, (ZERO, None))
        held = min(share.hard, claim.required)
        lines[claim.order].append(KitLine(claim.yarn, claim.required, held + share.allocated, expected, on))
    found: dict[int, Kit] = {}
    for order in orders:
        state = kit(lines.get(order.order.number, ()), order.order.pounds, ground.as_of, ground.parameters)
        if order.plannable and state is not None:
            found[order.seq] = state
    return found
