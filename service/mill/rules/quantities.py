"""Pounds: the only unit of stock (R1). Other units become pounds at the edge, by a source that is told.

Scalar rules keep pounds in `Decimal`, vector forms in int64 units of 0.0001 lb; both round
half up at the edge.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

from service.mill.rules.parameters import Parameters

SCALE: Final = 10_000
"""Units of a pound in vector forms: int64 keeps sums exact up to 9.2e14 lb."""

EXACT: Final = Context(prec=200, rounding=ROUND_HALF_UP)
"""Wide enough that a product of stored numbers over thirty levels of a recipe loses nothing."""

ZERO: Final = Decimal(0)
_LAST_PLACE: Final = tuple(Decimal(1).scaleb(-places) for places in range(29))
LB_PER_KG: Final = Decimal("2.20462262")
GRAMS_PER_LB: Final = Decimal("453.59237")
METRES_PER_YARD: Final = Decimal("0.9144")
METRES_PER_INCH: Final = Decimal("0.0254")
OUNCES_PER_LB: Final = Decimal(16)

Source = Literal["lb", "kg", "yds_per_lb", "oz_per_lin_yd", "width_gsm", "lb_per_piece"]

_UNITS: Final = {
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("kg", "kgs", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("yd", "yds", "yard", "yards"), "yd"),
    **dict.fromkeys(("ea", "each", "pc", "pcs", "piece", "pieces", "panel", "panels"), "ea"),
}


class NoConversion(ValueError):
    """A quantity that cannot become pounds: no factor is known, and none is made up (NO_CONVERSION)."""

    code: Final = "NO_CONVERSION"


@dataclass(frozen=True, slots=True)
class Fabric:
    """What a style's specification says of its weight; None is not stated."""

    yds_per_lb: Decimal | None = None
    oz_per_lin_yd: Decimal | None = None
    width_in: Decimal | None = None
    gsm: Decimal | None = None
    lb_per_piece: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """Exact pounds, by which source; `estimated` where a weight was computed and not stated."""

    pounds: Decimal
    source: Source
    estimated: bool = False


def rounded(value: Decimal, places: int = 4) -> Decimal:
    """Half up, away from zero: 4 places are stored, 2 are shown (R1)."""
    return value.quantize(_LAST_PLACE[places], context=EXACT)


def to_units(pounds: Decimal | int) -> int:
    """Units of 0.0001 lb, half up."""
    return int(rounded(Decimal(pounds)).scaleb(4, EXACT))


def from_units(units: int) -> Decimal:
    """Pounds with four places."""
    return Decimal(units).scaleb(-4, EXACT)


def finished_factor(parameters: Parameters) -> Decimal:
    """Pounds of yarn-weight for a pound of finished fabric: waste times shrinkage, 1.0506 by default (R7)."""
    return (1 + parameters.fabric_waste) * (1 + parameters.yarn_shrinkage)


def to_pounds(quantity: Decimal, unit: str, fabric: Fabric) -> Converted:
    """A quantity in pounds (E.6.2, F-21, F-22). Raises `NoConversion`."""
    match _UNITS.get(unit.strip().lower()):
        case "lb":
            return Converted(quantity, "lb")
        case "kg":
            return Converted(EXACT.multiply(quantity, LB_PER_KG), "kg")
        case "yd":
            return _from_yards(quantity, fabric)
        case "ea" if fabric.lb_per_piece:
            return Converted(EXACT.multiply(quantity, fabric.lb_per_piece), "lb_per_piece")
        case "ea":
            raise NoConversion("Pieces need the style's weight of a piece.")
        case _:
            raise NoConversion(f"There is no unit {unit!r}: lb, kg, yd and ea are known.")


def _from_yards(yards: Decimal, fabric: Fabric) -> Converted:
    """By the style's own yield first, then its weight of a yard, then width and weight of a square metre."""
    if fabric.yds_per_lb:
        return Converted(EXACT.divide(yards, fabric.yds_per_lb), "yds_per_lb")
    if fabric.oz_per_lin_yd:
        return Converted(
            EXACT.divide(EXACT.multiply(yards, fabric.oz_per_lin_yd), OUNCES_PER_LB), "oz_per_lin_yd"
        )
    if fabric.width_in and fabric.gsm:
        weight = EXACT.multiply(yards, lb_per_yard(fabric.width_in, fabric.gsm))
        return Converted(weight, "width_gsm", estimated=True)
    raise NoConversion("Yards need the style's yards per pound, ounces per yard, or width and weight.")


def lb_per_yard(width_in: Decimal, gsm: Decimal) -> Decimal:
    """Pounds of a yard of fabric this wide (inches) and heavy (grams a square metre); exact constants."""
    square_metres = EXACT.multiply(EXACT.multiply(width_in, METRES_PER_INCH), METRES_PER_YARD)
    return EXACT.divide(EXACT.multiply(square_metres, gsm), GRAMS_PER_LB)
