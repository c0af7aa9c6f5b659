"""Which orders ask for yarn, who is served first, by when it is needed, and who cannot be planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from service.mill.rules.ground import Ground, OrderGround
from service.mill.rules.topology import topology

Reason = Literal["NO_BOM", "BOM_REJECTED", "BOM_CYCLE"]
TOLD: Final = {
    "NO_BOM": "no recipe of its style is known: what it needs is unknown, not nothing",
    "BOM_REJECTED": "the recipe of its style was rejected when it was read",
    "BOM_CYCLE": "the recipe of its style contains itself",
}


@dataclass(frozen=True, slots=True)
class Demanded:
    """An order in its place of the order of service (from 1). `reason`: why its yarn cannot be told."""

    seq: int
    order: OrderGround
    need: date | None
    reason: Reason | None = None

    @property
    def plannable(self) -> bool:
        """Whether its yarn is known."""
        return self.reason is None


def demanded(ground: Ground, planned: Iterable[OrderGround] = ()) -> list[Demanded]:
    """The open orders and those a plan adds itself, in the order of service (R10)."""
    orders = sorted([*ground.served, *planned], key=lambda one: one.rank)
    poisoned = topology(ground.recipes, (one.style for one in orders)).poisoned
    return [
        Demanded(seq, one, one.needed(ground.parameters), _reason(ground, one.style, one.style in poisoned))
        for seq, one in enumerate(orders, 1)
    ]


def _reason(ground: Ground, style: str, in_circle: bool) -> Reason | None:
    if in_circle:
        return "BOM_CYCLE"
    if ground.recipes.lines.get(style):
        return None
    known = ground.styles.get(style)
    return "BOM_REJECTED" if known is not None and known.bom_status == "rejected" else "NO_BOM"
