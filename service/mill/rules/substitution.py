"""Yarns that may stand for one another: how alike they are, and which are at hand (A.17, E.6.11, E.13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from service.mill.rules.blends import composition_likeness
from service.mill.rules.exact import ONE, ZERO, decimal_of
from service.mill.rules.quantities import rounded
from service.mill.rules.sizes import Size, System

Density = TypeVar("Density", Decimal, Fraction)
_COLOUR, _COMPOSITION, _WEIGHT = Decimal("0.3"), Decimal("0.4"), Decimal("0.3")

# Relative difference of tex that passes: 5 %, wider or narrower by how both counts were measured (A.17).
_BASE: Final = Decimal("0.05")
_WITHIN: Final[Mapping[System, Decimal]] = {"cotton": Decimal("1.8"), "denier": Decimal(2)}
_SAME_FAMILY, _ACROSS_FAMILIES, _UNKNOWN = Decimal("1.3"), Decimal("0.7"), Decimal("0.8")
_FILAMENT_SYSTEMS: Final = frozenset(("denier", "dtex"))

_COLOUR_FAMILIES: Final[Mapping[str, str]] = {
    "natural": "natural",
    "semi-dull": "natural",
    "semi dull": "natural",
    "raw white": "natural",
    "ecru": "natural",
    "black": "black",
    "anthracite": "black",
}


def difference(one: Density, other: Density) -> Density:
    """Relative difference of two linear densities in tex, both above 0: of the heavier."""
    return abs(one - other) / max(one, other)


def tolerance(one: System | None, other: System | None) -> Decimal:
    """The relative difference that passes between two systems; None is unknown (A.17)."""
    if one is None or other is None:
        return _BASE * _UNKNOWN
    if one == other:
        return _BASE * _WITHIN.get(one, ONE)
    same = (one in _FILAMENT_SYSTEMS) == (other in _FILAMENT_SYSTEMS)
    return _BASE * (_SAME_FAMILY if same else _ACROSS_FAMILIES)


def are_near(one: Size, other: Size) -> bool:
    """Whether two sizes are within their tolerance; spun and filament never are (F-77).

    Compared exactly: 150 and 135 denier differ by 10 %, but by more of their tex to 4 places.
    """
    if one.form != other.form:
        return False
    return difference(one.density, other.density) <= Fraction(tolerance(one.system, other.system))


def weight_likeness(one: Size, other: Size) -> Decimal:
    """1 less the relative difference of tex; 0 outside the tolerance."""
    return ONE - decimal_of(difference(one.density, other.density)) if are_near(one, other) else ZERO


def colour_likeness(one: str, other: str) -> Decimal:
    """1 for the same colour or colour family, else 0."""
    here, there = (" ".join(colour.lower().split()) for colour in (one, other))
    return ONE if _COLOUR_FAMILIES.get(here, here) == _COLOUR_FAMILIES.get(there, there) else ZERO


def score(colour: Decimal, composition: Decimal, weight: Decimal) -> Decimal:
    """How alike two yarns are, 0 to 1, to 4 places, from how alike each of these is (F-77)."""
    return rounded(colour * _COLOUR + composition * _COMPOSITION + weight * _WEIGHT)


@dataclass(frozen=True, slots=True)
class Make:
    """What a yarn is: its colour, its blend (points of 100 by fibre) and its size; None is not known."""

    colour: str | None
    blend: Mapping[str, Decimal] | None
    size: Size | None


def likeness(one: Make, other: Make) -> Decimal | None:
    """The score of two yarns, 0 for spun with filament; None where a part of it is not known (F-77)."""
    if one.size is None or other.size is None:
        return None
    if one.size.form != other.size.form:
        return score(ZERO, ZERO, ZERO)
    if one.colour is None or other.colour is None or one.blend is None or other.blend is None:
        return None
    return score(
        colour_likeness(one.colour, other.colour),
        composition_likeness(one.blend, other.blend),
        weight_likeness(one.size, other.size),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Yarns that may stand for one another, seen as one (F-79). Pounds of planning balance."""

    total: Decimal
    aggregated_shortage: Decimal
    individual_shortage: Decimal

    @property
    def can_substitute(self) -> bool:
        """Whether somebody is short and the others have it."""
        return self.aggregated_shortage == 0 and self.individual_shortage > 0


def group_of(planning_balances: Sequence[Decimal]) -> Group:
    """The group of these balances."""
    total = sum(planning_balances, ZERO)
    short = sum((max(ZERO, -balance) for balance in planning_balances), ZERO)
    return Group(total, max(ZERO, -total), short)


@dataclass(frozen=True, slots=True)
class Substitute:
    """A yarn that may stand for another: `factor` pounds of it for one. `valid_to`: the first day without."""

    yarn: str
    score: Decimal
    planning_balance: Decimal
    safety_stock: Decimal = ZERO
    factor: Decimal = ONE
    approved: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def free(self) -> Decimal:
        """Pounds that nobody counts on."""
        return max(ZERO, self.planning_balance - self.safety_stock)

    def may_be_used(self, day: date) -> bool:
        """Only approved, on its days, and with something free."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to <= day
        return self.approved and begun and not ended and self.free > 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """`use` pounds of a substitute for `covers` pounds of what is short; for a person to accept."""

    substitute: Substitute
    use: Decimal
    covers: Decimal


def proposals(short: Decimal, substitutes: Iterable[Substitute], day: date) -> list[Proposal]:
    """For so many pounds short: every substitute that may be used, each by itself; best score first."""
    usable = sorted(
        (one for one in substitutes if one.may_be_used(day)), key=lambda one: (-one.score, one.yarn)
    )
    return [_proposal(max(ZERO, short), one) for one in usable]


def _proposal(short: Decimal, one: Substitute) -> Proposal:
    use = rounded(short * one.factor)
    if use <= one.free:
        return Proposal(one, use, short)
    return Proposal(one, one.free, rounded(one.free / one.factor))
