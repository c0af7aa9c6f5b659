"""What is on order: purchase lines with what of them comes when."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from service.simulators.mill.masters import Masters
from service.simulators.mill.plan import Plan

_FIRST: Final = 5_001


@dataclass(frozen=True, slots=True)
class Delivery:
    """So much on that day; without a day it is later."""

    day: date | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """A line of a purchase order: `ordered` = `received` + all deliveries (spec I4)."""

    number: int
    yarn: int
    placed: date
    price: Decimal
    ordered: Decimal
    received: Decimal
    deliveries: tuple[Delivery, ...]

    @property
    def code(self) -> str:
        """The number of the purchase order."""
        return f"PO-{self.number}"

    @property
    def balance(self) -> Decimal:
        """What has not come yet."""
        return self.ordered - self.received


def purchases(plan: Plan, known: Masters) -> tuple[PurchaseLine, ...]:
    """All open purchase lines, of yarns that are in use most of all."""
    counts, chance = plan.counts, plan.chance("purchases")
    bought = max(1, min(int(counts.yarns * counts.on_order), int(counts.po_lines * 67 / 79)))
    stocked = [yarn for yarn in known.ranked if yarn < counts.yarns]
    running = stocked[: int(counts.yarns * counts.running)]
    rest = stocked[len(running) :]
    # Four of five are of yarns that the running styles use: the others are orders nobody needs any more.
    chosen = _some(running, round(bought * 0.8), chance) + _some(rest, bought - round(bought * 0.8), chance)
    return tuple(
        _line(plan, known, number, chosen[number % len(chosen)], chance) for number in range(counts.po_lines)
    )


def _some(yarns: list[int], count: int, chance: np.random.Generator) -> list[int]:
    return [yarns[at] for at in np.sort(chance.permutation(len(yarns))[:count]).tolist()]


def _line(plan: Plan, known: Masters, number: int, yarn: int, chance: np.random.Generator) -> PurchaseLine:
    ordered = Decimal(int(chance.integers(2, 41)) * 250)
    come = chance.random() < 0.35
    received = (ordered * int(chance.integers(1, 8)) / 10).quantize(Decimal("0.01")) if come else Decimal(0)
    placed = plan.as_of - timedelta(days=int(chance.integers(20, 70)))
    price = known.yarns[yarn].cost
    deliveries = _deliveries(plan, number, ordered - received, chance)
    return PurchaseLine(_FIRST + number, yarn, placed, price, ordered, received, deliveries)


def _deliveries(
    plan: Plan, number: int, quantity: Decimal, chance: np.random.Generator
) -> tuple[Delivery, ...]:
    """One to three parts; every line in three has one that should have come, every fifth one without a
    day."""
    parts = int(chance.integers(1, 4))
    each = (quantity / parts).quantize(Decimal(1))
    monday = plan.as_of - timedelta(days=plan.as_of.weekday())
    made = []
    for part in range(parts):
        week = int(chance.integers(0, 9))
        if part == 0 and number % 3 == 0:
            week = -int(chance.integers(1, 4))
        elif part == 0 and number % 3 == 1:
            week = 0
        day = None if part == 2 and number % 5 == 0 else monday + timedelta(weeks=week, days=4)
        made.append(Delivery(day, each if part < parts - 1 else quantity - each * (parts - 1)))
    return tuple(made)
