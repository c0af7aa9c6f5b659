"""Fabric in other units, and the yarn that finished fabric takes (spec R7, E.6.2, F-19, F-21, F-22)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from service.core.errors import FieldError, Invalid
from service.mill.answers.exploding import Exploded, Item, item_object
from service.mill.answers.shown import decimals, lb
from service.mill.rules.exact import product, quotient
from service.mill.rules.explosion import explode, lossy
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import (
    GRAMS_PER_LB,
    LB_PER_KG,
    METRES_PER_INCH,
    METRES_PER_YARD,
    OUNCES_PER_LB,
    ZERO,
    Converted,
    Fabric,
    NoConversion,
    finished_factor,
    rounded,
    to_pounds,
)
from service.mill.rules.recipes import Recipes
from service.schemas.mill.recipes import MillConvertAsk, MillYarnNeedsAsk

_ONE = Decimal(1)
_STATED = ("yds_per_lb", "oz_per_lin_yd", "width_in", "gsm", "lb_per_piece")
_USES: Mapping[str, tuple[str, ...]] = {
    "yds_per_lb": ("yds_per_lb",),
    "oz_per_lin_yd": ("oz_per_lin_yd",),
    "width_gsm": ("width_in", "gsm"),
    "lb_per_piece": ("lb_per_piece",),
}
_CONSTANTS: Mapping[str, tuple[tuple[str, Decimal], ...]] = {
    "kg": (("lb_per_kg", LB_PER_KG),),
    "oz_per_lin_yd": (("ounces_per_lb", OUNCES_PER_LB),),
    "width_gsm": (
        ("metres_per_inch", METRES_PER_INCH),
        ("metres_per_yard", METRES_PER_YARD),
        ("grams_per_lb", GRAMS_PER_LB),
    ),
}


def fabric_of(asked: MillConvertAsk, of_style: Fabric) -> Fabric:
    """What is stated of a fabric: here, else by its style. A fact stated here stands alone."""
    stated = {name: getattr(asked, name) for name in _STATED if getattr(asked, name) is not None}
    return Fabric(**stated) if stated else of_style


def conversion_object(asked: MillConvertAsk, fabric: Fabric) -> dict[str, Any]:
    """A quantity in pounds and in another unit. Raises `Invalid` (`no_conversion`) without a factor."""
    there = _converted(asked.quantity, asked.uom, fabric, "/body/uom")
    back = _converted(_ONE, asked.to, fabric, "/body/to")
    sources = list(dict.fromkeys((there.source, back.source)))
    where = "request" if any(getattr(asked, name) is not None for name in _STATED) else "style"
    return {
        "style_code": asked.style,
        "quantity": f"{asked.quantity:f}",
        "uom": asked.uom,
        "quantity_lb": lb(there.pounds),
        "to": asked.to,
        "converted": lb(quotient(there.pounds, back.pounds)),
        "sources": sources,
        "estimated": there.estimated or back.estimated,
        "factors": [
            {"name": name, "value": f"{value:f}", "source": source}
            for one in sources
            for name, value, source in _factors(one, fabric, where)
        ],
    }


def _converted(quantity: Decimal, unit: str, fabric: Fabric, pointer: str) -> Converted:
    try:
        return to_pounds(quantity, unit, fabric)
    except NoConversion as error:
        field = FieldError(pointer, error.code, str(error))
        raise Invalid(str(error), code=error.code.lower(), errors=[field]) from None


def _factors(source: str, fabric: Fabric, where: str) -> list[tuple[str, Decimal, str]]:
    stated = [(name, getattr(fabric, name), where) for name in _USES.get(source, ())]
    return [*stated, *((name, value, "constant") for name, value in _CONSTANTS.get(source, ()))]


def with_losses(parameters: Parameters, asked: MillYarnNeedsAsk) -> Parameters:
    """The parameters with the losses of this question."""
    named = {
        name: value
        for name in ("fabric_waste", "yarn_shrinkage")
        if (value := getattr(asked, name)) is not None
    }
    return replace(parameters, **named)


def yarn_needs_object(found: Exploded, recipes: Recipes, parameters: Parameters) -> dict[str, Any]:
    """Base pounds of each yarn, and what has to be there with waste and shrinkage multiplied in."""
    factor = finished_factor(parameters)
    own = lossy(recipes, {one.style for one in found.items})
    swollen: dict[str, Decimal] = {}
    for one in (one for one in found.items if one.converted is not None):
        times = _ONE if one.style in own else factor
        swollen[one.style] = swollen.get(one.style, ZERO) + product(one.pounds, times)
    needed = explode(swollen, recipes).yarns
    required = {yarn: pounds + found.setup[yarn] for yarn, pounds in needed.items()}
    yarns = [
        {"yarn_code": yarn, "base_lb": lb(base), "required_lb": lb(required[yarn])}
        for yarn, base in found.whole.yarns.items()
    ]
    return {
        "fabric_waste": f"{parameters.fabric_waste:f}",
        "yarn_shrinkage": f"{parameters.yarn_shrinkage:f}",
        "factor": f"{factor:f}",
        "items": [_fabric_item(one, found, factor, has_own=one.style in own) for one in found.items],
        "yarns": yarns,
        "base_lb": lb(sum((rounded(one) for one in found.whole.yarns.values()), ZERO)),
        "required_lb": lb(sum((rounded(one) for one in required.values()), ZERO)),
    }


def _fabric_item(item: Item, found: Exploded, factor: Decimal, *, has_own: bool) -> dict[str, Any]:
    times = _ONE if has_own else factor
    return {
        **item_object(item, found),
        "exploded_lb": None if item.converted is None else lb(product(item.pounds, times)),
        "factor": decimals(times, 8),
        "factor_source": "recipe" if has_own else "fabric_waste and yarn_shrinkage",
    }
