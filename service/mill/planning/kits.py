"""How far the yarn of each order is there: what is promised out of stock and out of receipts (spec E.6)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from service.mill.planning.demand import Demanded
from service.mill.planning.promising import Promised
from service.mill.rules.allocation import Key
from service.mill.rules.ground import Ground
from service.mill.rules.orders import Kit, KitLine, kit
from service.mill.rules.quantities import ZERO

Kits = dict[str, Kit | None]
"""By number of order; None: its recipe is not known, so nobody knows what it needs."""


def kits(ground: Ground, orders: Sequence[Demanded], promised: Promised) -> Kits:
    """The kit of every order."""
    coming: dict[Key, tuple[Decimal, date]] = {}
    for one in promised.expected:
        pounds, day = coming.get(one.claim.key, (ZERO, one.available_on))
        coming[one.claim.key] = (pounds + one.pounds, max(day, one.available_on))
    lines: dict[str, list[KitLine]] = defaultdict(list)
    for share in promised.shares:
        claim = share.claim
        held = claim.required - share.short
        expected, last = coming.get(claim.key, (ZERO, None))
        lines[claim.order].append(KitLine(claim.yarn, claim.required, held, expected, last))
    return {
        one.order.number: kit(
            lines.get(one.order.number, ()), one.order.pounds, ground.as_of, ground.parameters
        )
        if one.plannable
        else None
        for one in orders
    }
