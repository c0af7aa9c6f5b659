"""Lots of a yarn: an order is knitted from one, for two dye lots in a fabric show (spec D.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.mill.rules.allocation import Claim


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
    oldest = sorted(lots, key=lambda lot: (lot.received or date.max, lot.number))
    left = {(lot.yarn, lot.number): max(lot.pounds, Decimal(0)) for lot in oldest if not lot.on_hold}
    found: list[LotShare] = []
    for claim in sorted(claims, key=lambda one: (one.rank, one.yarn)):
        having = [key for key in left if key[0] == claim.yarn and left[key] > 0]
        enough = (key for key in having if left[key] >= claim.required)
        lot = next(enough, max(having, key=left.__getitem__, default=None))
        given = min(claim.required, left[lot]) if lot else Decimal(0)
        if lot:
            left[lot] -= given
        found.append(LotShare(claim, lot[1] if lot and given else None, given, claim.required - given))
    return found
