"""Which orders ask for yarn, who is served first, by when it is needed, and who cannot be planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.mill.rules.ground import Ground, OrderGround
from service.mill.rules.trust import PARTLY, Reason, trust

TOLD: Final[dict[Reason, str]] = {
    "NO_BOM": "no recipe of its style is known: what it needs is unknown, not nothing",
    "BOM_REJECTED": "the recipe of its style was rejected when it was read",
    "BOM_CYCLE": "the recipe of its style contains itself",
    "PART_WITHOUT_BOM": "a part of its style has no recipe: what that needs is unknown, not nothing",
}


@dataclass(frozen=True, slots=True)
class Demanded:
    """An order in its place of the order of service (from 1). `reason`: why its yarn cannot be told.

    `unsound`: a recipe that it is made by does not add up.
    """

    seq: int
    order: OrderGround
    need: date | None
    reason: Reason | None = None
    unsound: bool = False

    @property
    def plannable(self) -> bool:
        """Whether all of its yarn is known."""
        return self.reason is None

    @property
    def has_needs(self) -> bool:
        """Whether yarn of it is known, be it all or what the parts with a recipe take."""
        return self.reason in (None, PARTLY)


def demanded(ground: Ground, planned: Iterable[OrderGround] = ()) -> list[Demanded]:
    """The open orders and those a plan adds itself, in the order of service (R10)."""
    orders = sorted([*ground.served, *planned], key=lambda one: one.rank)
    known = trust(ground.recipes, ground.styles, {one.style for one in orders})
    return [
        Demanded(
            seq,
            one,
            one.needed(ground.parameters),
            known.reasons.get(one.style),
            one.style in known.unsound,
        )
        for seq, one in enumerate(orders, 1)
    ]
