"""Recipes: judged as a whole file, each in force in place of the one that its style had."""

from decimal import Decimal
from typing import Any

from service.mill.imports import yarns
from service.mill.imports.judging import COLUMNS, Line, judged
from service.mill.imports.work import Work
from service.mill.queries import naming_styles, scopes
from service.mill.queries import publishing_recipes as recipes
from service.mill.queries.incoming import select_incoming
from service.mill.rules.exact import ONE
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import LAST_DAY


async def check(work: Work) -> None:
    """Judge every recipe of the file; the lines to be stored wait in a table of the transaction."""
    await yarns.tell_unknown(work)
    rows = await select_incoming(work.conn, *COLUMNS)
    parts = await recipes.select_parts(work.conn, {row.style_code for row in rows})
    found = await work.compute.in_thread(
        judged, work, rows, [(one.style_code, one.component) for one in parts]
    )
    await recipes.make_recipe_lines(work.conn, map(_stored, found.lines))
    work.statuses = found.statuses
    work.came["styles"] += len(found.statuses)
    work.total("lines", Decimal(len(found.lines)))


async def publish(work: Work) -> None:
    """Put the judged recipes in force."""
    await yarns.take_in(work)
    work.came["written"] += await recipes.replace_recipes(work.conn, work.statuses)
    await naming_styles.name_again(work.conn)
    work.scopes |= {scopes.RECIPES, scopes.STOCK, scopes.ORDERS}


def _stored(line: Line) -> tuple[Any, ...]:
    quantity = rounded(line.quantity_per, 8)
    return (
        line.style, line.yarn, line.part, min(quantity, ONE) if line.yarn else quantity, line.loss,
        line.setup_lb, line.valid_from, None if line.valid_to == LAST_DAY else line.valid_to,
    )  # fmt: skip
