"""Styles: browsed, found by their code or another name, with what lies of them in stages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, text

from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.mill.models.plant import WorkCenter
from service.mill.models.styles import Style
from service.schemas.mill.recipes import MillStylesAsk

KEYS: Final = (SortKey("style_code", Style.style_code.expression),)
_COLUMNS: Final[tuple[Any, ...]] = (
    Style.id, Style.style_code, Style.base_code, Style.stage, Style.bom_status, Style.loss_mode,
    Style.yds_per_lb, Style.oz_per_lin_yd, Style.width_in, Style.gsm, Style.lb_per_piece,
    Style.rate_lb_per_day, WorkCenter.code.label("work_center"), Style.conversion_cost_per_lb, Style.status,
    Style.row_version,
)  # fmt: skip
_ALIASES = text("""
    SELECT a.alias_code, a.kind, a.method, a.version FROM mill.style_aliases a WHERE a.style_id = :style
    ORDER BY a.kind, a.alias_code
""")
_POOL = text("""
    SELECT s.style_code, i.stage, sum(i.lb) AS lb FROM mill.stage_inventory i
    JOIN mill.styles s ON s.id = i.style_id
    WHERE s.style_code = ANY (CAST(:codes AS text[])) AND i.stage <> 'P01' GROUP BY 1, 2
    UNION ALL
    SELECT s.style_code, 'KO', sum(o.balance) FROM mill.production_orders o
    JOIN mill.styles s ON s.id = o.style_id
    WHERE s.style_code = ANY (CAST(:codes AS text[])) AND o.status IN ('pending', 'assigned', 'in_progress')
    GROUP BY 1 ORDER BY 1, 2
""")


def styles() -> Select[Any]:
    """All of them, each with its work centre."""
    return select(*_COLUMNS).outerjoin(WorkCenter, WorkCenter.id == Style.work_center_id)


def narrowed(ask: MillStylesAsk) -> Select[Any]:
    """Those that are asked for."""
    statement = styles()
    if ask.q is not None:
        statement = statement.where(Style.style_code.contains(ask.q.upper(), autoescape=True))
    if ask.stage is not None:
        statement = statement.where(Style.stage == ask.stage)
    if ask.bom_status is not None:
        statement = statement.where(Style.bom_status == ask.bom_status)
    if ask.work_center is not None:
        statement = statement.where(WorkCenter.code == ask.work_center)
    return statement


async def count(conn: ReadConnection, statement: Select[Any]) -> int:
    """How many rows such a statement has."""
    of = statement.with_only_columns(func.count(), maintain_column_froms=True)
    found: int = (await conn.execute(of)).scalar_one()
    return found


async def select_style(conn: ReadConnection, code: str) -> Row[Any] | None:
    """The style of this code."""
    row: Row[Any] | None = (await conn.execute(styles().where(Style.style_code == code))).one_or_none()
    return row


async def select_aliases(conn: ReadConnection, style: int) -> Sequence[Row[Any]]:
    """The other names of a style."""
    return (await conn.execute(_ALIASES, {"style": style})).all()


async def select_pool(conn: ReadConnection, codes: Sequence[str]) -> Mapping[str, dict[str, Decimal]]:
    """Pounds of styles by stage; KO is what open knit orders still bring."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in await conn.execute(_POOL, {"codes": list(codes)}):
        found.setdefault(row.style_code, {})[row.stage] = row.lb
    return found
