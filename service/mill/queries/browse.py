"""Lists that people page through: yarns, suppliers, receipts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select

from service.core.database import ReadConnection
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.mill import models
from service.mill.rules.parameters import Parameters
from service.schemas.envelope import Page, PageAsk
from service.schemas.mill.yarns import MillReceiptListAsk, MillSuppliersAsk, YarnsAsk

_YARN = models.Yarn.__table__.c
_STOCK = models.YarnInventory.__table__.c
_SUPPLIER = models.Supplier.__table__.c
_LINE = models.PurchaseOrderLine.__table__.c
_RECEIPT = models.ExpectedReceipt.__table__.c
_NEVER: Final = literal(date(9999, 12, 31))
_DUE = func.coalesce(_RECEIPT.due_date, _NEVER).label("due_on")
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "planning_balance": _STOCK.planning_balance,
    "theoretical_balance": _STOCK.theoretical_balance,
}

Listed = tuple[str, Sequence[SortKey], Select[Any]]


async def read_list(
    conn: ReadConnection, cursors: Cursors, ask: PageAsk, listed: Listed
) -> tuple[list[Row[Any]], Page]:
    """One page, counted where it is asked for."""
    name, keys, statement = listed
    paging = Paging(cursors, ask, name, keys)
    found = (await conn.execute(paging.narrow(statement))).all()
    return paging.page(found, await count_up_to(conn, statement) if paging.wants_total else None)


def yarns(ask: YarnsAsk, parameters: Parameters) -> Listed:
    """Yarns of the inventory, or those that it has no row of."""
    statement = select(
        _YARN.id, _YARN.yarn_code, _YARN.description, _YARN.color, _YARN.blend, _YARN.material,
        _YARN.size_raw, _SUPPLIER.supplier_code, _YARN.customer, _YARN.active, _YARN.cost_per_lb,
        _YARN.row_version, _STOCK.status, _STOCK.theoretical_balance, _STOCK.allocated, _STOCK.on_order,
        _STOCK.planning_balance, _STOCK.min_stock,
    )  # fmt: skip
    source = models.Yarn.__table__.outerjoin(models.Supplier.__table__, _SUPPLIER.id == _YARN.supplier_id)
    stock = models.YarnInventory.__table__
    statement = statement.select_from(source.join(stock, _STOCK.yarn_id == _YARN.id, isouter=not ask.stocked))
    if not ask.stocked:
        statement = statement.where(_STOCK.yarn_id.is_(None))
    for column, value in ((_SUPPLIER.supplier_code, ask.supplier), (_YARN.color, ask.color),
                          (_STOCK.status, ask.status)):  # fmt: skip
        if value is not None:
            statement = statement.where(column == value)
    if ask.q is not None:
        statement = statement.where(_holds(ask.q, _YARN.yarn_code, _YARN.description))
    statement = statement.where(*_balances(ask, parameters))
    return "mill/yarns", _order(ask), statement


def _balances(ask: YarnsAsk, parameters: Parameters) -> list[ColumnElement[bool]]:
    """Bounds of the planning balance: as asked for, and of a risk."""
    found: list[ColumnElement[bool]] = []
    if ask.min_planning_balance is not None:
        found.append(_STOCK.planning_balance >= ask.min_planning_balance)
    if ask.max_planning_balance is not None:
        found.append(_STOCK.planning_balance <= ask.max_planning_balance)
    if ask.risk is not None:
        low, high = _bounds(ask.risk, parameters.risk_balance_levels)
        found += [] if low is None else [_STOCK.planning_balance >= low]
        found += [] if high is None else [_STOCK.planning_balance < high]
    return found


def _bounds(risk: str, levels: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """From and below which planning balances have a risk (R4)."""
    edges = [None, *levels, None]
    at = ("CRITICAL", "HIGH", "MEDIUM", "LOW").index(risk)
    return edges[at], edges[at + 1]


def _order(ask: YarnsAsk) -> Sequence[SortKey]:
    name = ask.sort.removeprefix("-")
    unique = SortKey("yarn_code", _YARN.yarn_code)
    if name not in _SORTS:
        return [unique]
    return [SortKey(name, _SORTS[name], descending=ask.sort.startswith("-")), unique]


def suppliers(ask: MillSuppliersAsk, as_of: date) -> Listed:
    """Suppliers with their yarns and what they still owe."""
    named = select(_YARN.id.label("yarn_id"), _YARN.supplier_id).where(_YARN.supplier_id.is_not(None))
    bought = select(_LINE.yarn_id, _LINE.supplier_id).where(_LINE.supplier_id.is_not(None))
    pairs = named.union(bought).subquery()
    alone = select(pairs.c.yarn_id).group_by(pairs.c.yarn_id).having(func.count() == 1).subquery()
    of_yarns = (
        select(pairs.c.supplier_id, func.count().label("yarns"), func.count(alone.c.yarn_id).label("alone"))
        .outerjoin(alone, alone.c.yarn_id == pairs.c.yarn_id)
        .group_by(pairs.c.supplier_id)
        .subquery()
    )
    supplier = func.coalesce(_LINE.supplier_id, _YARN.supplier_id)
    overdue = or_(_RECEIPT.kind == "past_due", and_(_RECEIPT.kind == "dated", _RECEIPT.due_date < as_of))
    owed = (
        select(
            supplier.label("supplier_id"),
            func.sum(_RECEIPT.quantity).label("open_lb"),
            func.sum(case((overdue, _RECEIPT.quantity), else_=0)).label("past_due_lb"),
        )
        .join_from(models.ExpectedReceipt.__table__, models.PurchaseOrderLine.__table__)
        .join(models.Yarn.__table__, _YARN.id == _RECEIPT.yarn_id)
        .group_by(supplier)
        .subquery()
    )
    statement = (
        select(
            _SUPPLIER.supplier_code, _SUPPLIER.name, _SUPPLIER.origin, _SUPPLIER.lead_time_days,
            _SUPPLIER.moq_lb, _SUPPLIER.active, func.coalesce(of_yarns.c.yarns, 0).label("yarns"),
            func.coalesce(of_yarns.c.alone, 0).label("alone"),
            func.coalesce(owed.c.open_lb, 0).label("open_lb"),
            func.coalesce(owed.c.past_due_lb, 0).label("past_due_lb"),
        )
        .outerjoin(of_yarns, of_yarns.c.supplier_id == _SUPPLIER.id)
        .outerjoin(owed, owed.c.supplier_id == _SUPPLIER.id)
    )  # fmt: skip
    if ask.q is not None:
        statement = statement.where(_holds(ask.q, _SUPPLIER.supplier_code, _SUPPLIER.name))
    if ask.origin is not None:
        statement = statement.where(_SUPPLIER.origin == ask.origin)
    if ask.only_active:
        statement = statement.where(_SUPPLIER.active)
    return "mill/suppliers", [SortKey("supplier_code", _SUPPLIER.supplier_code)], statement


def receipts(ask: MillReceiptListAsk) -> Listed:
    """What purchases still bring, by day, those without a day last."""
    supplier = func.coalesce(_LINE.supplier_id, _YARN.supplier_id)
    statement = (
        select(
            _RECEIPT.id, _LINE.po_no, _LINE.line_no, _YARN.yarn_code, _SUPPLIER.supplier_code,
            _RECEIPT.kind, _RECEIPT.due_date, _RECEIPT.quantity, _LINE.price_per_lb, _DUE,
        )
        .join_from(models.ExpectedReceipt.__table__, models.PurchaseOrderLine.__table__)
        .join(models.Yarn.__table__, _YARN.id == _RECEIPT.yarn_id)
        .outerjoin(models.Supplier.__table__, _SUPPLIER.id == supplier)
    )  # fmt: skip
    for column, value in ((_YARN.yarn_code, ask.yarn), (_SUPPLIER.supplier_code, ask.supplier),
                          (_LINE.po_no, ask.po), (_RECEIPT.kind, ask.kind)):  # fmt: skip
        if value is not None:
            statement = statement.where(column == value)
    return "mill/receipts", [SortKey("due_on", _DUE), SortKey("id", _RECEIPT.id)], statement


def _holds(words: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(*(column.icontains(words, autoescape=True) for column in columns))
