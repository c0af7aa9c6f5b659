"""Recipes held against a pound of yarn for a pound of fabric (Q6)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_SUMS: Final = text("""
    WITH held AS (
        SELECT b.style_id, coalesce(sum(b.quantity_per) FILTER (WHERE b.yarn_id IS NOT NULL), 0) AS total,
               count(*) FILTER (WHERE b.yarn_id IS NOT NULL) AS lines,
               count(*) FILTER (WHERE b.yarn_id IS NULL) AS style_lines,
               array_agg(y.yarn_code ORDER BY y.yarn_code)
                   FILTER (WHERE b.yarn_id IS NOT NULL AND i.yarn_id IS NULL) AS unknown
        FROM mill.bom b LEFT JOIN mill.yarns y ON y.id = b.yarn_id
        LEFT JOIN mill.yarn_inventory i ON i.yarn_id = b.yarn_id
        WHERE :as_of >= b.valid_from AND :as_of < b.valid_to
        GROUP BY b.style_id
    ), wanted AS (
        SELECT style_id, sum(balance) AS balance FROM mill.production_orders
        WHERE status IN ('pending', 'assigned', 'in_progress') GROUP BY style_id
    )
    SELECT s.style_code, s.bom_status, h.total, h.lines, h.style_lines, coalesce(h.unknown, '{}') AS unknown,
           coalesce(w.balance, 0) AS balance,
           CASE WHEN abs(h.total - 1) <= :ok THEN 'OK' WHEN abs(h.total - 1) <= :near THEN 'BOM_SUM_NEAR'
                ELSE 'BOM_SUM_OFF' END AS verdict
    FROM held h JOIN mill.styles s ON s.id = h.style_id LEFT JOIN wanted w ON w.style_id = h.style_id
    WHERE h.lines > 0 AND (CAST(:style AS text) IS NULL OR s.style_code = :style)
    ORDER BY s.style_code
""")
_LINES: Final = text("""
    SELECT y.yarn_code, b.quantity_per FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id
    JOIN mill.yarns y ON y.id = b.yarn_id
    WHERE s.style_code = :style AND :as_of >= b.valid_from AND :as_of < b.valid_to ORDER BY y.yarn_code
""")


async def select_recipe_sums(
    conn: ReadConnection, as_of: date, tolerance: tuple[Any, Any], style: str | None = None
) -> Sequence[Row[Any]]:
    """Q6 on the lines in force on a day, of styles that take any yarn themselves."""
    ok, near = tolerance
    return (await conn.execute(_SUMS, {"as_of": as_of, "ok": ok, "near": near, "style": style})).all()


async def select_yarn_lines(conn: ReadConnection, as_of: date, style: str) -> Sequence[Row[Any]]:
    """The yarn lines of a style that are in force on a day."""
    return (await conn.execute(_LINES, {"style": style, "as_of": as_of})).all()
