"""Recipes of a file put in force: each style of the file gets the file's lines in place of its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection, copy_rows

_LINES: Final = (
    "style_code",
    "yarn_code",
    "component_style",
    "quantity_per",
    "loss",
    "setup_lb",
    "valid_from",
    "valid_to",
)


async def make_recipe_lines(conn: WriteConnection, lines: Iterable[Sequence[Any]]) -> None:
    """The judged lines of the file as a table of the transaction; no `valid_to`: for good."""
    await conn.execute(
        text("""
            CREATE TEMPORARY TABLE recipe_lines (
                style_code text, yarn_code text, component_style text, quantity_per numeric, loss numeric,
                setup_lb numeric, valid_from date, valid_to date) ON COMMIT DROP
        """)
    )
    await copy_rows(conn, "recipe_lines", _LINES, lines)
    await conn.execute(text("ANALYZE recipe_lines"))


_STYLES: Final = text("""
    INSERT INTO mill.styles AS t (style_code)
    SELECT code FROM (
        SELECT unnest(CAST(:styles AS text[])) AS code
        UNION SELECT component_style FROM recipe_lines WHERE component_style IS NOT NULL) AS named
    ORDER BY code
    ON CONFLICT (style_code) DO UPDATE SET status = 'active', row_version = t.row_version + 1
    WHERE t.status = 'unknown'
""")
_FORGET: Final = text("""
    DELETE FROM mill.bom b USING mill.styles s
    WHERE s.id = b.style_id AND s.style_code IN (SELECT style_code FROM recipe_lines)
""")
_PUT: Final = text("""
    INSERT INTO mill.bom
        (style_id, yarn_id, component_style_id, quantity_per, loss_pct, setup_lb, valid_from, valid_to)
    SELECT s.id, y.id, c.id, l.quantity_per, l.loss, l.setup_lb, l.valid_from,
           coalesce(l.valid_to, '9999-12-31')
    FROM recipe_lines l
    JOIN mill.styles s ON s.style_code = l.style_code
    LEFT JOIN mill.yarns y ON y.yarn_code = l.yarn_code
    LEFT JOIN mill.styles c ON c.style_code = l.component_style
    ORDER BY s.id, y.id, c.id, l.valid_from
""")
_STATUS: Final = text("""
    UPDATE mill.styles s SET bom_status = j.status, row_version = s.row_version + 1
    FROM unnest(CAST(:styles AS text[]), CAST(:statuses AS text[])) AS j (style_code, status)
    WHERE s.style_code = j.style_code AND s.bom_status <> j.status
          AND (j.status <> 'rejected' OR NOT EXISTS (SELECT 1 FROM mill.bom b WHERE b.style_id = s.id))
""")


async def replace_recipes(conn: WriteConnection, statuses: Mapping[str, str]) -> int:
    """Styles, lines and how far each recipe can be trusted; how many lines.

    A style whose recipe in the file is rejected keeps the one it had.
    """
    await conn.execute(_STYLES, {"styles": sorted(statuses)})
    await conn.execute(_FORGET)
    put = await conn.execute(_PUT)
    await conn.execute(_STATUS, {"styles": list(statuses), "statuses": list(statuses.values())})
    return put.rowcount


_PARTS: Final = text("""
    SELECT s.style_code, c.style_code AS component
    FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id JOIN mill.styles c ON c.id = b.component_style_id
    WHERE s.style_code <> ALL (CAST(:others AS text[])) ORDER BY 1, 2
""")


async def select_parts(conn: ReadConnection, but: Iterable[str]) -> Sequence[Row[Any]]:
    """Which style is a part of which, by the recipes in force of all styles but these."""
    return (await conn.execute(_PARTS, {"others": sorted(but)})).all()
