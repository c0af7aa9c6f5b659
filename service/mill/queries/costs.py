"""What yarns cost."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text

from service.core.database import ReadConnection

_OF = text("""
    SELECT yarn_code, cost_per_lb FROM mill.yarns
    WHERE CAST(:codes AS text[]) IS NULL OR yarn_code = ANY (CAST(:codes AS text[]))
""")


async def select_yarn_costs(
    conn: ReadConnection, codes: Sequence[str] | None = None
) -> dict[str, Decimal | None]:
    """By code, of some yarns or of all; None: nobody states it."""
    rows = await conn.execute(_OF, {"codes": None if codes is None else list(codes)})
    return {row.yarn_code: row.cost_per_lb for row in rows}
