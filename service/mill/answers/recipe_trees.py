"""Recipes as trees: downwards from a style, upwards from a yarn."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Row

from service.mill.answers.exploding import limited
from service.mill.queries.recipes import RecipeBook
from service.mill.rules.exact import ONE, product
from service.mill.rules.explosion import explode, walk
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Recipes
from service.mill.rules.topology import topology
from service.mill.rules.usage import where_used


def style_object(row: Row[Any]) -> dict[str, Any]:
    """A style as the wire has it."""
    found = {name: value for name, value in row._asdict().items() if name != "id"}
    for name in ("yds_per_lb", "oz_per_lin_yd", "width_in", "gsm", "lb_per_piece", "rate_lb_per_day",
                 "conversion_cost_per_lb"):  # fmt: skip
        found[name] = None if found[name] is None else str(found[name])
    return found


def bom_object(style: Row[Any], recipes: Recipes, book: RecipeBook, as_of: date) -> dict[str, Any]:
    """The recipe of a style with everything for a pound on top."""
    code = style.style_code
    found = topology(recipes, [code])
    in_circle = code in found.poisoned
    known = not in_circle and bool(recipes.lines.get(code))
    nodes = limited(_nodes(code, recipes, book)) if known else []
    yarns = explode({code: ONE}, recipes).yarns if known else {}
    return {
        "style_code": code,
        "as_of": as_of,
        "loss_mode": recipes.mode(code),
        "bom_status": style.bom_status,
        "reason": _reason(style, in_circle=in_circle, known=known),
        "cycles": [list(path) for path in found.cycles],
        "nodes": nodes,
        "yarn_per_lb": {yarn: factor_text(per_lb) for yarn, per_lb in yarns.items()},
    }


def _reason(style: Row[Any], *, in_circle: bool, known: bool) -> str | None:
    if in_circle:
        return "BOM_CYCLE"
    if known:
        return None
    return "BOM_REJECTED" if style.bom_status == "rejected" else "NO_BOM"


def _nodes(top: str, recipes: Recipes, book: RecipeBook) -> Iterator[dict[str, Any]]:
    for path, levels in walk(top, ONE, recipes):
        if len(path) > 1:
            per_lb = recipes.parts_of(path[-2])[path[-1]]
            status = book.styles[path[-1]].bom_status
            yield _node(path[:-1], path[-1], "style", per_lb, levels[-1], status)
        for yarn, per_lb in sorted(recipes.yarns_of(path[-1]).items()):
            yield _node(path, yarn, "yarn", per_lb, product(levels[-1], per_lb), None)


def _node(
    path: tuple[str, ...], component: str, kind: str, per_lb: Any, per_top: Any, status: str | None
) -> dict[str, Any]:
    return {
        "level": len(path),
        "path": list(path),
        "component": component,
        "kind": kind,
        "per_lb": factor_text(per_lb),
        "per_top_lb": factor_text(per_top),
        "bom_status": status,
    }


def where_used_object(yarn: str, recipes: Recipes, as_of: date) -> dict[str, Any]:
    """Every style that a yarn goes into, way by way."""
    uses = limited(where_used(yarn, recipes))
    return {
        "yarn_code": yarn,
        "as_of": as_of,
        "count": len(uses),
        "styles": len({use.style for use in uses}),
        "items": [
            {
                "style_code": use.style,
                "level": use.level,
                "path": list(use.path),
                "per_lb": factor_text(use.per_lb),
            }
            for use in uses
        ],
    }


def factor_text(value: Any) -> str:
    """Pounds for a pound, to 10 decimals."""
    return f"{rounded(value, 10):.10f}"
