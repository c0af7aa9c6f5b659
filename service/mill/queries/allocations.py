"""What is promised to orders: read, locked, written, released. R11 is held here under a lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson
from sqlalchemy import Row, Select, func, select, text

from service.core.database import ReadConnection, WriteConnection
from service.mill.models.orders import Allocation, ExpectedReceipt, ProductionOrder
from service.mill.models.styles import Style
from service.mill.models.yarns import Yarn
from service.schemas.mill.allocations import MillAllocationsAsk

# A lock is taken in ascending id by every route, so two of them never wait for each other.
_LOCK_STOCK = text("""
    SELECT i.yarn_id FROM mill.yarn_inventory i JOIN mill.yarns y ON y.id = i.yarn_id
    WHERE y.yarn_code = ANY (CAST(:yarns AS text[])) ORDER BY i.yarn_id FOR UPDATE OF i
""")
_LOCK_RECEIPTS = text("""
    SELECT id FROM mill.expected_receipts WHERE id = ANY (CAST(:receipts AS bigint[])) ORDER BY id FOR UPDATE
""")
_LOCK_ALL_STOCK = text("SELECT yarn_id FROM mill.yarn_inventory ORDER BY yarn_id FOR UPDATE")
_LOCK_ALL_RECEIPTS = text("SELECT id FROM mill.expected_receipts ORDER BY id FOR UPDATE")
_STOCK = text("""
    SELECT y.id, y.yarn_code, i.theoretical_balance, coalesce(a.held, 0) AS held
    FROM mill.yarns y LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id
    LEFT JOIN LATERAL (
        SELECT sum(quantity_lb) AS held FROM mill.allocations
        WHERE yarn_id = y.id AND released_at IS NULL AND kind <> 'expected'
    ) a ON true
    WHERE y.yarn_code = ANY (CAST(:yarns AS text[])) ORDER BY y.yarn_code
""")
_COMING = text("""
    SELECT r.id, y.yarn_code, p.po_no, r.kind, r.due_date, r.quantity - coalesce(a.held, 0) AS free
    FROM mill.expected_receipts r JOIN mill.yarns y ON y.id = r.yarn_id
    JOIN mill.purchase_order_lines p ON p.id = r.po_line_id
    LEFT JOIN LATERAL (
        SELECT sum(quantity_lb) AS held FROM mill.allocations
        WHERE expected_receipt_id = r.id AND released_at IS NULL
    ) a ON true
    WHERE r.kind <> 'later' AND y.yarn_code = ANY (CAST(:yarns AS text[]))
    ORDER BY r.due_date NULLS FIRST, r.id
""")
_LIVE = text("""
    SELECT a.id, o.order_no, o.priority, o.due_date, y.yarn_code, a.kind, a.required_lb, a.quantity_lb,
           a.expected_receipt_id, a.available_on
    FROM mill.allocations a JOIN mill.production_orders o ON o.id = a.order_id
    JOIN mill.yarns y ON y.id = a.yarn_id
    WHERE a.released_at IS NULL AND a.order_id = ANY (CAST(:orders AS bigint[])) ORDER BY a.id
""")
_INSERT = text("""
    INSERT INTO mill.allocations AS held
        (order_id, yarn_id, kind, required_lb, quantity_lb, expected_receipt_id, available_on, created_by)
    SELECT order_id, yarn_id, kind, required_lb, quantity_lb, receipt_id, available_on, :who
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS one (order_id bigint, yarn_id bigint, kind text,
         required_lb numeric, quantity_lb numeric, receipt_id bigint, available_on date)
    ORDER BY yarn_id, order_id
    ON CONFLICT (order_id, yarn_id, kind, expected_receipt_id) WHERE released_at IS NULL
    DO UPDATE SET quantity_lb = held.quantity_lb + excluded.quantity_lb, required_lb = excluded.required_lb,
                  available_on = excluded.available_on
    RETURNING id
""")
_RELEASE = text("""
    UPDATE mill.allocations
    SET released_at = clock_timestamp(), released_by = :who, release_reason = :reason
    WHERE id = ANY (CAST(:ids AS bigint[])) AND released_at IS NULL RETURNING id
""")
_CUT = text("""
    UPDATE mill.allocations a SET quantity_lb = a.quantity_lb - one.pounds
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS one (id bigint, pounds numeric)
    WHERE a.id = one.id AND a.released_at IS NULL
""")
_LOCK_ONE = text("SELECT id, order_id, kind FROM mill.allocations WHERE id = :id FOR UPDATE")
_LOCK_SOME = text(
    "SELECT id FROM mill.allocations WHERE id = ANY (CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE"
)
_BEYOND = text("""
    SELECT a.id, o.order_no, o.priority, o.due_date, y.yarn_code, a.kind, a.required_lb, a.quantity_lb,
           b.held - greatest(0, i.theoretical_balance) AS beyond
    FROM (SELECT yarn_id, sum(quantity_lb) AS held FROM mill.allocations
          WHERE released_at IS NULL AND kind <> 'expected' GROUP BY yarn_id) b
    JOIN mill.yarn_inventory i ON i.yarn_id = b.yarn_id
    JOIN mill.allocations a ON a.yarn_id = b.yarn_id AND a.released_at IS NULL AND a.kind <> 'expected'
    JOIN mill.production_orders o ON o.id = a.order_id JOIN mill.yarns y ON y.id = a.yarn_id
    WHERE b.held > greatest(0, i.theoretical_balance) ORDER BY a.id
""")
_BEYOND_RECEIPTS = text("""
    WITH promised AS (
        SELECT a.*, r.id IS NULL AS vanished,
               sum(a.quantity_lb) OVER (PARTITION BY a.expected_receipt_id) - coalesce(r.quantity, 0)
                   AS beyond
        FROM mill.allocations a LEFT JOIN mill.expected_receipts r ON r.id = a.expected_receipt_id
        WHERE a.released_at IS NULL AND a.kind = 'expected')
    SELECT a.id, o.order_no, o.priority, o.due_date, y.yarn_code, a.kind, a.required_lb, a.quantity_lb,
           a.expected_receipt_id, a.vanished, a.beyond
    FROM promised a JOIN mill.production_orders o ON o.id = a.order_id JOIN mill.yarns y ON y.id = a.yarn_id
    WHERE a.beyond > 0 ORDER BY a.id
""")


@dataclass(frozen=True, slots=True)
class StockRow:
    """A yarn: pounds in store (None: nobody counted it) and what orders hold of them."""

    id: int
    code: str
    theoretical: Decimal | None
    held: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be given (R11)."""
        return max(Decimal(0), max(Decimal(0), self.theoretical or Decimal(0)) - self.held)


async def lock_stock(conn: WriteConnection, yarns: Sequence[str], receipts: Sequence[int] = ()) -> None:
    """Let nobody else allocate these yarns and receipts until the transaction ends."""
    await conn.execute(_LOCK_STOCK, {"yarns": list(yarns)})
    if receipts:
        await conn.execute(_LOCK_RECEIPTS, {"receipts": list(receipts)})


async def lock_all_stock(conn: WriteConnection) -> None:
    """The same of every yarn: for who puts another stock in force."""
    await conn.execute(_LOCK_ALL_STOCK)


async def lock_all_receipts(conn: WriteConnection) -> None:
    """The same of every receipt: for who puts other purchases in force."""
    await conn.execute(_LOCK_ALL_RECEIPTS)


async def select_stock(conn: ReadConnection, yarns: Sequence[str]) -> dict[str, StockRow]:
    """By code; a yarn that there is not is not among them."""
    rows = await conn.execute(_STOCK, {"yarns": list(yarns)})
    return {row.yarn_code: StockRow(row.id, row.yarn_code, row.theoretical_balance, row.held) for row in rows}


async def select_coming(conn: ReadConnection, yarns: Sequence[str]) -> Sequence[Row[Any]]:
    """Receipts of yarns, past due or of a day, and what is free of each; the earliest first."""
    return (await conn.execute(_COMING, {"yarns": list(yarns)})).all()


async def select_live(conn: ReadConnection, orders: Sequence[int]) -> Sequence[Row[Any]]:
    """Live allocations of orders, the oldest first."""
    return (await conn.execute(_LIVE, {"orders": list(orders)})).all()


async def select_beyond_stock(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Live allocations of yarns of which more is held than lies in store, with how much more."""
    return (await conn.execute(_BEYOND)).all()


async def select_beyond_receipts(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Live promises of receipts that bring less than is promised, with how much less; `vanished`: gone."""
    return (await conn.execute(_BEYOND_RECEIPTS)).all()


async def insert_allocations(conn: WriteConnection, rows: Sequence[Mapping[str, Any]], who: str) -> list[int]:
    """Write allocations, or enlarge the live ones of the same order, yarn, kind and receipt; their ids."""
    packed = orjson.dumps(list(rows), default=str).decode()
    return list((await conn.execute(_INSERT, {"rows": packed, "who": who})).scalars())


async def release_allocations(
    conn: WriteConnection, ids: Sequence[int], who: str, reason: str | None
) -> list[int]:
    """Give allocations back whole; the ids of those that were live."""
    values = {"ids": list(ids), "who": who, "reason": reason}
    return list((await conn.execute(_RELEASE, values)).scalars())


async def cut_allocations(conn: WriteConnection, pounds: Mapping[int, Decimal]) -> None:
    """Give back a part of allocations, by id."""
    rows = [{"id": number, "pounds": str(part)} for number, part in pounds.items()]
    await conn.execute(_CUT, {"rows": orjson.dumps(rows).decode()})


async def lock_allocations(conn: WriteConnection, ids: Sequence[int]) -> None:
    """Let nobody else release or enlarge these until the transaction ends."""
    await conn.execute(_LOCK_SOME, {"ids": list(ids)})


async def lock_allocation(conn: WriteConnection, number: int) -> Row[Any] | None:
    """An allocation that nobody else changes until the transaction ends."""
    return (await conn.execute(_LOCK_ONE, {"id": number})).one_or_none()


_COLUMNS: Final[tuple[Any, ...]] = (
    Allocation.id, ProductionOrder.order_no, Style.style_code, Yarn.yarn_code, Allocation.kind,
    Allocation.required_lb, Allocation.quantity_lb, Allocation.expected_receipt_id, Allocation.available_on,
    Allocation.created_by, Allocation.created_at, Allocation.released_at, Allocation.released_by,
    Allocation.release_reason,
)  # fmt: skip


def allocations() -> Select[Any]:
    """All of them, each with its order and yarn."""
    known = select(ExpectedReceipt.id).where(ExpectedReceipt.id == Allocation.expected_receipt_id).exists()
    return (
        select(*_COLUMNS, known.label("receipt_known"))
        .join(ProductionOrder, ProductionOrder.id == Allocation.order_id)
        .join(Style, Style.id == ProductionOrder.style_id)
        .join(Yarn, Yarn.id == Allocation.yarn_id)
    )


def narrowed(ask: MillAllocationsAsk) -> Select[Any]:
    """Those that are asked for."""
    statement = allocations()
    if ask.order is not None:
        statement = statement.where(ProductionOrder.order_no.in_([ask.order, ask.order.upper()]))
    if ask.yarn is not None:
        statement = statement.where(Yarn.yarn_code == ask.yarn)
    if ask.kind is not None:
        statement = statement.where(Allocation.kind == ask.kind)
    return statement.where(Allocation.released_at.is_(None)) if ask.live else statement


async def select_totals(conn: ReadConnection, statement: Select[Any]) -> Row[Any]:
    """How many rows such a statement has, and their pounds."""
    summed: tuple[Any, ...] = (
        func.count().label("count"),
        func.coalesce(func.sum(Allocation.quantity_lb), 0).label("pounds"),
    )
    of = statement.with_only_columns(*summed, maintain_column_froms=True)
    row: Row[Any] = (await conn.execute(of)).one()
    return row


async def select_allocations(conn: ReadConnection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Some of them, by id."""
    statement = allocations().where(Allocation.id.in_(list(ids))).order_by(Allocation.id)
    found: Sequence[Row[Any]] = (await conn.execute(statement)).all()
    return found
