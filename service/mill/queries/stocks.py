"""What lies in store of each yarn, now or on the day of an earlier file (Q1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, TextClause, text

from service.core.database import ReadConnection
from service.mill.rules.balances import Stock
from service.mill.rules.lots import Origin

_COLUMNS: Final = """
    y.id, y.yarn_code, y.description, y.color, s.supplier_code, y.customer, y.cost_per_lb, y.safety_stock_lb,
    y.lead_time_days, s.lead_time_days AS supplier_days, coalesce(s.origin, 'unknown') AS origin,
    i.status, i.beginning_balance, i.received, i.consumed, i.adjustments, i.misc, i.allocated, i.on_order,
    i.min_stock"""
_JOINS: Final = """
    JOIN mill.yarns y ON y.id = i.yarn_id LEFT JOIN mill.suppliers s ON s.id = y.supplier_id"""
_NOW: Final = f"SELECT {_COLUMNS} FROM mill.yarn_inventory i {_JOINS}"  # noqa: S608  constants of this file
_THEN: Final = f"SELECT {_COLUMNS} FROM mill.yarn_inventory_history i {_JOINS}"  # noqa: S608  constants of this file
_ASKED: Final = """
    AND (CAST(:supplier AS text) IS NULL OR s.supplier_code = :supplier)
    AND (CAST(:q AS text) IS NULL OR y.yarn_code ILIKE :q OR y.description ILIKE :q)
    AND (CAST(:code AS text) IS NULL OR y.yarn_code = :code)"""
_ORDER: Final = " ORDER BY i.planning_balance, y.yarn_code LIMIT CAST(:most AS bigint)"
_SHORT: Final = " WHERE i.status = 'active' AND i.planning_balance < i.min_stock"
_ALL: Final = " WHERE true"
_ON_DAY: Final = " AND i.snapshot_date = CAST(:day AS date)"
_DAYS: Final = text("""
    SELECT DISTINCT snapshot_date FROM mill.yarn_inventory_history ORDER BY snapshot_date DESC
""")
_HELD_BACK: Final = text("""
    SELECT count(*) FROM mill.yarn_inventory WHERE status <> 'active' AND planning_balance < min_stock
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockedYarn:
    """A yarn with its row of the inventory; cost None: unknown. `origin` is its supplier's."""

    id: int
    code: str
    description: str
    color: str | None
    supplier: str | None
    customer: str | None
    status: str
    cost: Decimal | None
    safety: Decimal
    lead_days: int | None
    supplier_days: int | None
    origin: Origin
    stock: Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAsk:
    """Which yarns: one, of a supplier, with a text in code or description; as on the day of an old file."""

    code: str | None = None
    supplier: str | None = None
    q: str | None = None
    day: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What the statements are asked with."""
        like = None if self.q is None else f"%{_escaped(self.q)}%"
        return {"code": self.code, "supplier": self.supplier, "q": like}


async def select_stocks(conn: ReadConnection, asked: StockAsk) -> list[StockedYarn]:
    """Every yarn of the inventory, the lowest planning balance first."""
    return await _read(conn, asked, _ALL, None)


async def select_short(conn: ReadConnection, asked: StockAsk, most: int | None = None) -> list[StockedYarn]:
    """Q1: active yarns below their least stock, the lowest planning balance first; `most` of them."""
    return await _read(conn, asked, _SHORT, most)


async def select_days(conn: ReadConnection) -> list[date]:
    """The days that the inventory is kept of, newest first."""
    return list((await conn.execute(_DAYS)).scalars())


async def count_held_back(conn: ReadConnection) -> int:
    """Yarns below their least stock that are on hold or obsolete: Q1 leaves them out."""
    count: int = (await conn.execute(_HELD_BACK)).scalar_one()
    return count


async def _read(conn: ReadConnection, asked: StockAsk, which: str, most: int | None) -> list[StockedYarn]:
    values = {**asked.values, "most": most} | ({} if asked.day is None else {"day": asked.day})
    rows = await conn.execute(_statement(which, on_day=asked.day is not None), values)
    return [_yarn(row) for row in rows]


def _statement(which: str, *, on_day: bool) -> TextClause:
    return text((_THEN if on_day else _NOW) + which + (_ON_DAY if on_day else "") + _ASKED + _ORDER)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _yarn(row: Row[Any]) -> StockedYarn:
    stock = Stock(
        row.beginning_balance, row.received, row.consumed, row.adjustments, row.misc, row.allocated,
        row.on_order, row.min_stock,
    )  # fmt: skip
    return StockedYarn(
        id=row.id, code=row.yarn_code, description=row.description, color=row.color,
        supplier=row.supplier_code, customer=row.customer, status=row.status, cost=row.cost_per_lb,
        safety=row.safety_stock_lb, lead_days=row.lead_time_days, supplier_days=row.supplier_days,
        origin=row.origin, stock=stock,
    )  # fmt: skip
