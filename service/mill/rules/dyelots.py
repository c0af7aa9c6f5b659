"""Lots of a yarn: an order is knitted from one, for two dye lots in a fabric show (spec D.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.mill.rules.allocation import Claim
from service.mill.rules.exact import ZERO


@dataclass(frozen=True, slots=True)
class Lot:
    """Pounds of a yarn from one dyeing; one on hold is given to nobody."""

    yarn: str
    number: str
    pounds: Decimal
    received: date | None = None
    on_hold: bool = False


@dataclass(frozen=True, slots=True)
class LotShare:
    """What a claim gets, of one lot or of none."""

    claim: Claim
    lot: str | None
    allocated: Decimal
    short: Decimal


def allocate_lots(claims: Iterable[Claim], lots: Iterable[Lot]) -> list[LotShare]:
    """In the order of service: the oldest lot that covers the claim, else the one with the most left."""
    left: dict[str, dict[str, Decimal]] = {}
    for lot in sorted(lots, key=lambda lot: (lot.received or date.max, lot.number)):
        if not lot.on_hold and lot.pounds > 0:
            left.setdefault(lot.yarn, {})[lot.number] = lot.pounds
    return [
        _from_one_lot(claim, left.get(claim.yarn, {}))
        for claim in sorted(claims, key=lambda one: (one.rank, one.yarn))
    ]


def _from_one_lot(claim: Claim, left: dict[str, Decimal]) -> LotShare:
    enough = (number for number, pounds in left.items() if pounds >= claim.required)
    lot = next(enough, max(left, key=left.__getitem__, default=None))
    if lot is None or not claim.required or not left[lot]:
        return LotShare(claim, None, ZERO, claim.required)
    given = min(claim.required, left[lot])
    left[lot] -= given
    return LotShare(claim, lot, given, claim.required - given)
