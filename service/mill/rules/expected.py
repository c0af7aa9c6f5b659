"""What stock does not cover is promised from receipts that are on their way (spec F-56)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.mill.rules.allocation import Claim, Share


@dataclass(frozen=True, slots=True)
class Receipt:
    """Pounds of a yarn that come on a day, the policy's if past due. What has none is promised to nobody.

    `number`: its row of what is expected; of one day the lower comes first, as of pegs.
    """

    number: int
    yarn: str
    due: date
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Promise:
    """Pounds of a receipt for a claim, there from a day on."""

    claim: Claim
    receipt: int
    pounds: Decimal
    available_on: date

    @property
    def days_late(self) -> int | None:
        """After the due date of the order, 0 if in time; None where it has none."""
        return None if self.claim.due is None else max(0, (self.available_on - self.claim.due).days)


def promises(shares: Iterable[Share], receipts: Iterable[Receipt]) -> list[Promise]:
    """Receipts given to what is short: in the order of service, each the earliest that has something left."""
    coming: dict[str, list[Receipt]] = {}
    for receipt in sorted(receipts, key=lambda one: (one.due, one.number)):
        coming.setdefault(receipt.yarn, []).append(receipt)
    left = {(one.yarn, one.number): one.pounds for of in coming.values() for one in of}
    given: list[Promise] = []
    for share in sorted(shares, key=lambda one: (one.claim.rank, one.claim.yarn)):
        short = share.short
        for receipt in coming.get(share.claim.yarn, ()):
            pounds = min(short, left[receipt.yarn, receipt.number])
            if pounds > 0:
                given.append(Promise(share.claim, receipt.number, pounds, receipt.due))
                left[receipt.yarn, receipt.number] -= pounds
                short -= pounds
    return given
