"""Knit orders: browsed, found, locked, changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select, text, update

from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.mill.models.orders import ProductionOrder
from service.mill.models.plant import Machine
from service.mill.models.styles import Style
from service.mill.rules.ground import OPEN
from service.schemas.mill.orders import MillOrdersAsk

_DUE: Final = func.coalesce(ProductionOrder.due_date, literal(date.max))
KEYS: Final = (
    SortKey("priority", ProductionOrder.priority.expression),
    SortKey("due_or_last", _DUE),
    SortKey("order_no", ProductionOrder.order_no.expression),
)
"""The order of service (R10)."""
_COLUMNS: Final[tuple[Any, ...]] = (
    ProductionOrder.id, ProductionOrder.order_no, Style.style_code, ProductionOrder.status,
    ProductionOrder.priority, ProductionOrder.demand_kind, ProductionOrder.quantity, ProductionOrder.produced,
    ProductionOrder.shipped, ProductionOrder.seconds, ProductionOrder.balance, ProductionOrder.start_date,
    ProductionOrder.due_date, ProductionOrder.scheduled_date, Machine.machine_code,
    ProductionOrder.customer_ref, ProductionOrder.sales_order_ref, ProductionOrder.closed_reason,
    ProductionOrder.row_version, _DUE.label("due_or_last"),
)  # fmt: skip
_LOCK = text(
    "SELECT id FROM mill.production_orders WHERE id = ANY (CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE"
)
_MACHINE = text("SELECT id FROM mill.machines WHERE machine_code = :code AND status <> 'retired'")
_NEWEST_PLAN = text("SELECT max(id) FROM mill.plan_runs WHERE status = 'done'")


def orders() -> Select[Any]:
    """All of them, each with its style and machine."""
    return (
        select(*_COLUMNS)
        .join(Style, Style.id == ProductionOrder.style_id)
        .outerjoin(Machine, Machine.id == ProductionOrder.machine_id)
    )


def is_late(as_of: date) -> ColumnElement[bool]:
    """Open, something left, and due before the day (R14)."""
    return and_(
        ProductionOrder.status.in_(OPEN),
        ProductionOrder.balance > 0,
        func.coalesce(ProductionOrder.due_date < as_of, literal(False)),
    )


def narrowed(ask: MillOrdersAsk, as_of: date) -> Select[Any]:
    """Those that are asked for."""
    wanted: list[ColumnElement[bool]] = []
    if ask.status is not None:
        wanted.append(ProductionOrder.status.in_(ask.status))
    if ask.style is not None:
        wanted.append(Style.style_code == ask.style)
    if ask.customer is not None:
        wanted.append(ProductionOrder.customer_ref == ask.customer)
    if ask.priority is not None:
        wanted.append(ProductionOrder.priority == ask.priority)
    if ask.due_from is not None:
        wanted.append(ProductionOrder.due_date >= ask.due_from)
    if ask.due_to is not None:
        wanted.append(ProductionOrder.due_date <= ask.due_to)
    if ask.late is not None:
        wanted.append(is_late(as_of) if ask.late else ~is_late(as_of))
    return orders().where(*wanted)


async def select_totals(conn: ReadConnection, statement: Select[Any], as_of: date) -> Row[Any]:
    """Count, pounds and late ones of such a statement, whole."""
    summed: tuple[Any, ...] = (
        func.count().label("count"),
        func.coalesce(func.sum(ProductionOrder.quantity), 0).label("quantity"),
        func.coalesce(func.sum(ProductionOrder.balance), 0).label("balance"),
        func.count(case((is_late(as_of), 1))).label("late"),
    )
    of = statement.with_only_columns(*summed, maintain_column_froms=True)
    row: Row[Any] = (await conn.execute(of)).one()
    return row


async def select_order(conn: ReadConnection, number: str) -> Row[Any] | None:
    """The order of this number, as it is written or in upper case."""
    same = ProductionOrder.order_no == number
    statement = orders().where(ProductionOrder.order_no.in_([number, number.upper()])).order_by(same.desc())
    row: Row[Any] | None = (await conn.execute(statement.limit(1))).one_or_none()
    return row


async def select_orders(conn: ReadConnection, numbers: Sequence[str] | None) -> Sequence[Row[Any]]:
    """Orders by number, whatever their status; without numbers all that ask for yarn. In R10 order."""
    statement = orders().order_by(*(key.column for key in KEYS))
    if numbers is None:
        asking = and_(ProductionOrder.status.in_(OPEN), ProductionOrder.balance > 0)
        statement = statement.where(asking)
    else:
        statement = statement.where(ProductionOrder.order_no.in_(list(numbers)))
    rows: Sequence[Row[Any]] = (await conn.execute(statement)).all()
    return rows


async def lock_orders(conn: WriteConnection, ids: Sequence[int]) -> None:
    """Let nobody else change these orders, or allocate to them, until the transaction ends."""
    await conn.execute(_LOCK, {"ids": list(ids)})


async def select_machine(conn: ReadConnection, code: str) -> int | None:
    """A machine that is not retired."""
    return (await conn.execute(_MACHINE, {"code": code})).scalar_one_or_none()


async def update_order(conn: WriteConnection, number: int, values: Mapping[str, Any]) -> None:
    """Change columns of an order; its version grows."""
    grown = {**values, "row_version": ProductionOrder.row_version + 1}
    await conn.execute(update(ProductionOrder).where(ProductionOrder.id == number).values(grown))


async def select_newest_plan_number(conn: ReadConnection) -> int | None:
    """The last plan that was made."""
    number: int | None = (await conn.execute(_NEWEST_PLAN)).scalar_one()
    return number
