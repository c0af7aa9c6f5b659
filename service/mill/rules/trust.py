"""How far the yarn of styles can be told: why it is not known, or not all of it (spec B.5, F-25, F-28)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from service.mill.rules.ground import StyleGround
from service.mill.rules.recipes import Recipes
from service.mill.rules.topology import lacking, topology, with_takers

Reason = Literal["NO_BOM", "BOM_REJECTED", "BOM_CYCLE", "PART_WITHOUT_BOM"]
PARTLY: Final[Reason] = "PART_WITHOUT_BOM"
"""The one reason with which some of the yarn is known: that of the parts that have a recipe."""
UNSOUND: Final = ("near", "incomplete")
"""Statuses of recipes that do not add up to a pound of yarn for a pound of fabric."""


@dataclass(frozen=True, slots=True)
class Trust:
    """`reasons`: of the styles whose yarn is not known, or not all. `unsound`: with such a recipe in them."""

    reasons: Mapping[str, Reason]
    unsound: frozenset[str]


def trust(recipes: Recipes, known: Mapping[str, StyleGround], asked: Iterable[str]) -> Trust:
    """Of the styles asked for, over every level of their recipes; `known` are the styles by code."""
    found = topology(recipes, asked)
    partly = lacking(found, recipes)
    reasons: dict[str, Reason] = {}
    for style in found.order:
        if style in found.poisoned:
            reasons[style] = "BOM_CYCLE"
        elif style in partly:
            reasons[style] = PARTLY if recipes.lines.get(style) else _none(known.get(style))
    marked = [code for code in found.order if code in known and known[code].bom_status in UNSOUND]
    return Trust(reasons, with_takers(found, recipes, marked))


def _none(style: StyleGround | None) -> Reason:
    return "BOM_REJECTED" if style is not None and style.bom_status == "rejected" else "NO_BOM"
