"""What is in stock of each yarn, and how it came to be: the identities I1 to I3 hold by making."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from service.simulators.mill.plan import Plan
from service.simulators.mill.supply import PurchaseLine

_NEGATIVE: Final = 0.01
_SHORT: Final = 0.015
"""Shares of yarns that are below zero in stock, and of those that are once their orders are served: together
2.5 % have a negative planning balance."""
_TIERS: Final = ((0.28, -4_300, -1_050), (0.50, -990, -110), (0.22, -95, -5))
"""Share, lowest and highest planning balance: 5 of 30 are below -1,000 lb, 17 below -100 (spec B.1)."""
_NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Stock:
    """The movements of one yarn in pounds; `consumed` is negative as the ERP has it."""

    beginning: Decimal
    received: Decimal
    consumed: Decimal
    adjustments: Decimal

    @property
    def balance(self) -> Decimal:
        """The theoretical balance (spec I1)."""
        return self.beginning + self.received + self.consumed + self.adjustments


def on_order(lines: Iterable[PurchaseLine]) -> dict[int, Decimal]:
    """The open balances of each yarn (spec I3)."""
    summed: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        summed[line.yarn] += line.balance
    return dict(summed)


def stocks(plan: Plan, needed: Mapping[int, Decimal], ordered: Mapping[int, Decimal]) -> tuple[Stock, ...]:
    """The stock of each yarn that has one, so that few of them run short."""
    chance = plan.chance("stock")
    count = plan.counts.yarns
    short = _short(count, needed, ordered, chance)
    negative = _negative(count, needed, ordered, chance)
    made = []
    for yarn in range(count):
        if yarn in negative:
            balance = -_pounds(chance, 2, 320)
        elif yarn in short:
            balance = short[yarn] + needed[yarn] - ordered.get(yarn, _NOTHING)
        else:
            balance = _enough(needed.get(yarn), ordered.get(yarn, _NOTHING), chance)
        made.append(_moved(balance, yarn in needed, chance))
    return tuple(made)


def _negative(
    count: int,
    needed: Mapping[int, Decimal],
    ordered: Mapping[int, Decimal],
    chance: np.random.Generator,
) -> set[int]:
    idle = [yarn for yarn in range(count) if yarn not in needed and yarn not in ordered]
    return {idle[at] for at in chance.permutation(len(idle))[: max(1, round(count * _NEGATIVE))].tolist()}


def _short(
    count: int,
    needed: Mapping[int, Decimal],
    ordered: Mapping[int, Decimal],
    chance: np.random.Generator,
) -> dict[int, Decimal]:
    """Those that will be short, with the planning balance they end at.

    They are chosen from what is needed so much that their stock is not below zero as well.
    """
    wanted = max(3, round(count * _SHORT))
    targets = _targets(wanted, chance)
    able = sorted(
        (yarn for yarn in needed if yarn < count and needed[yarn] > ordered.get(yarn, _NOTHING) + 10),
        key=lambda yarn: (ordered.get(yarn, _NOTHING) - needed[yarn], yarn),
    )
    return {
        yarn: max(target, ordered.get(yarn, _NOTHING) - needed[yarn])
        for yarn, target in zip(able, targets, strict=False)
    }


def _targets(count: int, chance: np.random.Generator) -> list[Decimal]:
    """Planning balances, the lowest first: one of each tier at least."""
    made = []
    for share, low, high in _TIERS:
        some = max(1, round(count * share))
        made += [Decimal(int(cents)) / 100 for cents in chance.integers(low * 100, high * 100, size=some)]
    return made[: max(count, 3)]


def _enough(needed: Decimal | None, ordered: Decimal, chance: np.random.Generator) -> Decimal:
    """A stock that, with what is on order, serves what is needed; much of what nobody needs is gone."""
    if needed is None:
        idle = chance.random() < 0.3
        return _NOTHING if idle else _pounds(chance, 5, int(chance.lognormal(6, 1)) + 20)
    over = Decimal(repr(round(float(1.02 + chance.random() * 0.8), 4)))
    # With a receipt to come the stock alone need not do: it may run out in the weeks before.
    least = needed * Decimal("0.15") if ordered else needed
    return max(needed * over - ordered, least).quantize(_CENT)


def _moved(balance: Decimal, used: bool, chance: np.random.Generator) -> Stock:
    """A month that ends at this balance; yarns in use were consumed, some were received or counted."""
    consumed = -_pounds(chance, 20, 4_000) if used else _NOTHING
    received = _pounds(chance, 50, 3_000) if used and chance.random() < 0.4 else _NOTHING
    adjusted = chance.random() < 0.05
    adjustments = _pounds(chance, 1, 90) * (1 if chance.random() < 0.5 else -1) if adjusted else _NOTHING
    return Stock(balance - received - consumed - adjustments, received, consumed, adjustments)


def _pounds(chance: np.random.Generator, low: int, high: int) -> Decimal:
    return Decimal(int(chance.integers(low * 100, high * 100))) / 100
