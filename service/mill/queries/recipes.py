"""Recipes of a day: of some styles and all that goes into them, of all that a yarn goes into, or all."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import Row, TextClause, text

from service.core.database import ReadConnection
from service.mill.rules.ground import StyleGround
from service.mill.rules.quantities import Fabric
from service.mill.rules.recipes import Line, Recipes

_HOLDS: Final = "CAST(:as_of AS date) >= b.valid_from AND CAST(:as_of AS date) < b.valid_to"
_DOWN: Final = f"""
    WITH RECURSIVE reached (style_id) AS (
        SELECT id FROM mill.styles WHERE style_code = ANY (CAST(:codes AS text[]))
        UNION
        SELECT b.component_style_id FROM reached r JOIN mill.bom b ON b.style_id = r.style_id
        WHERE b.component_style_id IS NOT NULL AND {_HOLDS}
    )"""  # noqa: S608  constants of this file
_UP: Final = f"""
    WITH RECURSIVE reached (style_id) AS (
        SELECT b.style_id FROM mill.bom b JOIN mill.yarns y ON y.id = b.yarn_id
        WHERE y.yarn_code = ANY (CAST(:codes AS text[])) AND {_HOLDS}
        UNION
        SELECT b.style_id FROM reached r JOIN mill.bom b ON b.component_style_id = r.style_id WHERE {_HOLDS}
    )"""  # noqa: S608  constants of this file
_ALL: Final = "WITH reached (style_id) AS (SELECT id FROM mill.styles)"
_LINE: Final = ("yarn", "part", "per", "loss", "setup", "begin", "end")
"""The columns of a line behind its style."""
_LINES: Final = f"""
    SELECT s.style_code, y.yarn_code, c.style_code AS part_code, b.quantity_per, b.loss_pct, b.setup_lb,
           b.valid_from, b.valid_to
    FROM reached r JOIN mill.bom b ON b.style_id = r.style_id JOIN mill.styles s ON s.id = b.style_id
    LEFT JOIN mill.yarns y ON y.id = b.yarn_id LEFT JOIN mill.styles c ON c.id = b.component_style_id
    WHERE {_HOLDS}
    ORDER BY s.style_code, c.style_code NULLS LAST, y.yarn_code, b.id
"""  # noqa: S608  constants of this file
_STYLES: Final = """
    SELECT s.id, s.style_code, s.stage, s.bom_status, s.loss_mode, s.yds_per_lb, s.oz_per_lin_yd, s.width_in,
           s.gsm, s.lb_per_piece, s.rate_lb_per_day, w.code AS work_center, s.conversion_cost_per_lb
    FROM reached r JOIN mill.styles s ON s.id = r.style_id
    LEFT JOIN mill.work_centers w ON w.id = s.work_center_id
    ORDER BY s.style_code
"""


def statements_of(reached: str) -> tuple[TextClause, TextClause]:
    """The styles of `reached` (a `WITH` that has their `style_id`), and the lines of a day, `:as_of`."""
    return text(reached + _STYLES), text(reached + _LINES)


_STATEMENTS: Final = {
    way: statements_of(reached) for way, reached in {"down": _DOWN, "up": _UP, "all": _ALL}.items()
}


@dataclass(frozen=True, slots=True)
class RecipeBook:
    """Recipes, and the styles that they are of by code."""

    recipes: Recipes
    styles: Mapping[str, StyleGround]


async def select_recipes(conn: ReadConnection, styles: Sequence[str], as_of: date) -> RecipeBook:
    """Of these styles, and of all that goes into them; a code that there is not is not among them."""
    return await _book(conn, "down", styles, as_of)


async def select_takers(conn: ReadConnection, yarn: str, as_of: date) -> RecipeBook:
    """Of every style that a yarn goes into, over every level."""
    return await _book(conn, "up", [yarn], as_of)


async def select_all_recipes(conn: ReadConnection, as_of: date) -> RecipeBook:
    """Of every style."""
    return await _book(conn, "all", (), as_of)


async def _book(conn: ReadConnection, way: str, codes: Sequence[str], as_of: date) -> RecipeBook:
    styles, lines = _STATEMENTS[way]
    asked = {"as_of": as_of} | ({} if way == "all" else {"codes": list(codes)})
    of_lines = (await conn.execute(lines, asked)).all()
    of_styles = (await conn.execute(styles, {} if way == "all" else asked)).all()
    if way == "all":  # off the loop: a tenth of a second for the recipes of a mill
        return await asyncio.to_thread(_bound, of_lines, of_styles)
    return _bound(of_lines, of_styles)


def _bound(lines: Sequence[Row[Any]], styles: Sequence[Row[Any]]) -> RecipeBook:
    return RecipeBook(recipes_of(lines, styles), {row.style_code: style_of(row) for row in styles})


def recipes_of(lines: Sequence[Row[Any]], styles: Sequence[Row[Any]]) -> Recipes:
    """Rows of lines, with the styles whose losses are a yield.

    Yarns, losses and days come again and again: of each column a value is kept once (its decimals have one
    scale, so that equal ones are written alike).
    """
    found: dict[str, list[Line]] = defaultdict(list)
    held: dict[tuple[str, Any], Any] = {}
    for row in lines:
        style, *values = cast(tuple[Any, ...], row)
        yarn, part, per, loss, setup, begin, end = (
            held.setdefault((name, one), one) for name, one in zip(_LINE, values, strict=True)
        )
        component, is_yarn = (part, False) if yarn is None else (yarn, True)
        found[style].append(Line(component, per, loss, is_yarn, begin, end, setup))
    yields = frozenset(row.style_code for row in styles if row.loss_mode == "yield")
    return Recipes({style: tuple(of) for style, of in found.items()}, yields)


def style_of(row: Row[Any]) -> StyleGround:
    """A row of a style."""
    return StyleGround(
        id=row.id, code=row.style_code, stage=row.stage, bom_status=row.bom_status,
        fabric=Fabric(row.yds_per_lb, row.oz_per_lin_yd, row.width_in, row.gsm, row.lb_per_piece),
        rate_lb_per_day=row.rate_lb_per_day, work_center=row.work_center,
        conversion_cost=row.conversion_cost_per_lb,
    )  # fmt: skip
