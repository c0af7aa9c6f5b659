"""Stock given to orders, in the order of service (R10), never more than there is (R11; spec E.5 Q3, F.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from service.mill.rules.exact import ZERO
from service.mill.rules.precedence import Rank, rank
from service.mill.rules.quantities import from_units, to_units

Ints = NDArray[np.int64]
Key = tuple[str, str]
"""An order and a yarn."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Pounds of a yarn that an order needs, all of them: an order claims a yarn once."""

    order: str
    yarn: str
    required: Decimal
    priority: int = 3
    due: date | None = None

    @property
    def key(self) -> Key:
        """What the claim is found by."""
        return (self.order, self.yarn)

    @property
    def rank(self) -> Rank:
        """When it is served."""
        return rank(self.priority, self.due, self.order)


@dataclass(frozen=True, slots=True)
class Share:
    """What a claim gets: `hard` it had, `allocated` it is given; `short` is neither.

    `NO_STOCK_ROW`: nobody ever counted this yarn, so nothing is known to be there (F-51).
    """

    claim: Claim
    hard: Decimal
    allocated: Decimal
    short: Decimal
    reason: Literal["NO_STOCK_ROW"] | None = None


def allocate_columns(yarn: Ints, served: Ints, required: Ints, available: Ints) -> Ints:
    """What each claim gets of its yarn, each yarn by itself; units of 0.0001 lb.

    Per claim: the position of its yarn, its place in the order of service (claims of a yarn differ in it) and
    the units it asks for, 0 or more. `available` by position of yarn; below 0 counts as 0.
    """
    if not yarn.size:
        return np.zeros(0, np.int64)
    at = np.lexsort((served, yarn))
    of, wants = yarn[at], required[at]
    before = np.cumsum(wants) - wants
    first = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
    before -= np.repeat(before[first], np.diff(np.append(first, of.size)))
    got = np.empty_like(wants)
    got[at] = np.clip(np.maximum(available, 0)[of] - before, 0, wants)
    return got


def allocate(
    claims: Iterable[Claim],
    stock: Mapping[str, Decimal],
    hard: Mapping[Key, Decimal] | None = None,
) -> list[Share]:
    """Each yarn given out by itself (independent mode), in the order of service.

    `stock`: theoretical balance of each yarn that was ever counted. `hard`: what orders hold already, also
    orders that claim nothing now; it is taken off the stock first, and off the claim that holds it.
    """
    asked = _Asked.of(claims, stock, hard or {})
    yarns = {yarn: at for at, yarn in enumerate(sorted(asked.left))}
    got = allocate_columns(
        np.array([yarns[claim.yarn] for claim in asked.claims], np.int64),
        np.arange(len(asked.claims)),
        np.array(asked.open, np.int64),
        np.array([asked.left[yarn] for yarn in yarns], np.int64),
    )
    return asked.shares(got.tolist())


def allocate_kits(
    claims: Iterable[Claim],
    stock: Mapping[str, Decimal],
    hard: Mapping[Key, Decimal] | None = None,
    min_fraction: Decimal = ZERO,
) -> list[Share]:
    """All yarns of an order in the same proportion, so that none is stranded (kit mode, F-52).

    An order gets the fraction of its kit that its scarcest yarn allows, what it holds hard included, cut off
    to units; below `min_fraction` it gets nothing.
    """
    asked = _Asked.of(claims, stock, hard or {})
    kits: dict[str, list[int]] = {}
    for at, claim in enumerate(asked.claims):
        if asked.required[at]:
            kits.setdefault(claim.order, []).append(at)
    got = [0] * len(asked.claims)
    for kit in kits.values():
        share = min(asked.coverable(at) for at in kit)
        for at in kit if share >= Fraction(min_fraction) else ():
            part = asked.required[at] * share.numerator // share.denominator
            got[at] = max(0, part - asked.hard[at])
            asked.left[asked.claims[at].yarn] -= got[at]
    return asked.shares(got)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Claims in the order of service, their units and what they hold of them; what is left of each yarn."""

    claims: Sequence[Claim]
    required: Sequence[int]
    hard: Sequence[int]
    left: dict[str, int]
    counted: frozenset[str]

    @classmethod
    def of(
        cls, claims: Iterable[Claim], stock: Mapping[str, Decimal], hard: Mapping[Key, Decimal]
    ) -> "_Asked":
        served = sorted(claims, key=lambda claim: (claim.rank, claim.yarn))
        if len({claim.key for claim in served}) < len(served):
            raise ValueError("An order claims a yarn twice: add its claims up first.")
        held = {key: to_units(pounds) for key, pounds in hard.items()}
        yarns = dict.fromkeys(claim.yarn for claim in served)
        left = {yarn: to_units(stock.get(yarn, ZERO)) for yarn in yarns}
        for (_, yarn), units in held.items():
            if yarn in left:
                left[yarn] -= units
        return cls(
            served,
            [to_units(claim.required) for claim in served],
            [held.get(claim.key, 0) for claim in served],
            {yarn: max(0, units) for yarn, units in left.items()},
            frozenset(stock),
        )

    @property
    def open(self) -> list[int]:
        """Units that each claim does not hold yet."""
        return [max(0, all_of - has) for all_of, has in zip(self.required, self.hard, strict=True)]

    def coverable(self, at: int) -> Fraction:
        """The part of a claim that it holds or could be given."""
        within_reach = self.hard[at] + self.left[self.claims[at].yarn]
        return min(Fraction(within_reach, self.required[at]), Fraction(1))

    def shares(self, got: Sequence[int]) -> list[Share]:
        return [
            Share(
                claim,
                from_units(hard),
                from_units(units),
                from_units(asked - units),
                None if claim.yarn in self.counted else "NO_STOCK_ROW",
            )
            for claim, hard, asked, units in zip(self.claims, self.hard, self.open, got, strict=True)
        ]
