"""An invented mill put straight into the tables; the row of a position has the number one above it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import text

from benchmarks.mill_sets import AS_OF, MillSet, cents, day, order_no, share, style_code, yarn_code
from service.core.database import Database, copy_rows

Rows = Iterator[tuple[Any, ...]]
SCHEMA: Final = "mill"
NUMBERED: Final = ("machines", "work_centers", "styles", "yarns", "production_orders", "purchase_order_lines",
                   "expected_receipts", "bom", "sales_activity")  # fmt: skip
_READ = text("""
    INSERT INTO mill.import_jobs (file_kind, file_name, sha256, content_key, mode, status, rows_read, rows_ok,
        rows_repaired, rows_rejected, snapshot_date, requested_by, finished_at)
    SELECT kind, kind, kind, kind, 'strict', 'done', 1, 1, 0, 0, :as_of, 'benchmark', now()
    FROM unnest(CAST(:kinds AS text[])) AS kind
""")


async def fill(db: Database, mill: MillSet) -> None:
    """Everything that a plan reads, as if whole files had been put in force just now."""
    async with db.write(timeout=600) as conn:
        for table, (columns, rows) in _tables(mill).items():
            await copy_rows(conn, table, columns, rows, schema=SCHEMA)
        for table in NUMBERED:
            name = f"{SCHEMA}.{table}"
            await conn.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
            )
        kinds = ["yarn_inventory", "bom", "knit_orders", "expected_receipts"]
        await conn.execute(_READ, {"as_of": AS_OF, "kinds": kinds})
    await analyze(db)


async def analyze(db: Database) -> None:
    """What the planner knows after a while."""
    async with db.write(timeout=600) as conn:
        for table in (*NUMBERED, "yarn_inventory"):
            await conn.exec_driver_sql(f"ANALYZE {SCHEMA}.{table}")


async def empty(db: Database) -> None:
    """A mill without anything, plans of it among them."""
    async with db.write(timeout=600) as conn:
        tables = ("work_centers", "yarns", "styles", "stage_inventory", "import_jobs", "plan_runs")
        names = ", ".join(f"{SCHEMA}.{table}" for table in tables)
        await conn.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def _tables(mill: MillSet) -> dict[str, tuple[Sequence[str], Rows]]:
    return {
        "work_centers": (("id", "code", "construction", "diameter_in", "needle_cut", "kind"), _centers(mill)),
        "machines": (("id", "machine_code", "work_center_id"), _machines(mill)),
        "styles": (
            ("id", "style_code", "stage", "rate_lb_per_day", "work_center_id", "bom_status"), _styles(mill)
        ),
        "yarns": (("id", "yarn_code", "cost_per_lb", "lead_time_days"), _yarns(mill)),
        "yarn_inventory": (
            ("yarn_id", "beginning_balance", "allocated", "on_order", "min_stock"), _stock(mill)
        ),
        "bom": (
            ("id", "style_id", "yarn_id", "component_style_id", "quantity_per", "loss_pct"), _lines(mill)
        ),
        "production_orders": (
            ("id", "order_no", "style_id", "quantity", "priority", "due_date", "machine_id"), _orders(mill)
        ),
        "purchase_order_lines": (("id", "po_no", "yarn_id", "ordered"), _bought(mill)),
        "expected_receipts": (
            ("id", "po_line_id", "yarn_id", "kind", "due_date", "quantity"), _receipts(mill)
        ),
        "sales_activity": (
            ("id", "document_no", "line_no", "order_date", "due_date", "open", "style_id", "quantity", "uom"),
            _sales(mill),
        ),
        "stage_inventory": (("stage", "roll_no", "style_id", "style_code", "lb"), _rolls(mill)),
    }  # fmt: skip


def _centers(mill: MillSet) -> Rows:
    for at in range(mill.size.centers):
        construction, diameter, cut = 1 + at % 10, 16 + at // 10 % 20, 18 + at // 200
        yield at + 1, f"{construction}.{diameter}.{cut}.F", construction, diameter, cut, "F"


def _machines(mill: MillSet) -> Rows:
    for at in range(mill.size.machines):
        yield at + 1, f"M{at:04}", 1 + at % mill.size.centers


def _styles(mill: MillSet) -> Rows:
    known = set(mill.lines.style.tolist())
    for at, rate in enumerate(mill.rates.tolist()):
        stage = "greige" if at < mill.size.styles else "finished"
        status = "ok" if at in known else "none"
        yield at + 1, style_code(at), stage, cents(rate * 100), 1 + at % mill.size.centers, status


def _yarns(mill: MillSet) -> Rows:
    for at in range(mill.size.yarns):
        yield at + 1, yarn_code(at), cents(150 + at % 700), 7 + at % 40


def _stock(mill: MillSet) -> Rows:
    for at, (held, allocated, coming) in enumerate(mill.stock.tolist()):
        yield at + 1, cents(held), cents(allocated), cents(coming), cents(at % 5 * 10_000)


def _lines(mill: MillSet) -> Rows:
    lines = mill.lines
    columns = (lines.style, lines.yarn, lines.part, lines.per, lines.loss)
    for at, (style, yarn, part, per, loss) in enumerate(zip(*(one.tolist() for one in columns), strict=True)):
        of_yarn = yarn >= 0
        yield (
            at + 1, style + 1, yarn + 1 if of_yarn else None, None if of_yarn else part + 1, share(per),
            share(loss),
        )  # fmt: skip


def _orders(mill: MillSet) -> Rows:
    orders = mill.orders
    columns = (orders.style, orders.cents, orders.priority, orders.due)
    for at, (style, pounds, priority, due) in enumerate(zip(*(one.tolist() for one in columns), strict=True)):
        # A machine of the style's own centre; every fifth order has none.
        machine = None if at % 5 == 0 else 1 + style % mill.size.centers
        yield at + 1, order_no(at), style + 1, cents(pounds), priority, day(due), machine


def _bought(mill: MillSet) -> Rows:
    for at, (yarn, pounds, _) in enumerate(mill.receipts.tolist()):
        yield at + 1, f"PO-{at:05}", yarn + 1, cents(pounds)


def _receipts(mill: MillSet) -> Rows:
    for at, (yarn, pounds, due) in enumerate(mill.receipts.tolist()):
        kind = ("dated", "dated", "dated", "past_due", "later")[at % 5]
        yield at + 1, at + 1, yarn + 1, kind, day(due) if kind == "dated" else None, cents(pounds)


def _sales(mill: MillSet) -> Rows:
    for at, (style, pounds, due) in enumerate(mill.sales.tolist()):
        yield at + 1, f"SO-{at:06}", 1, day(-30), day(due), True, style + 1, cents(pounds), "lb"


def _rolls(mill: MillSet) -> Rows:
    for at, (style, pounds) in enumerate(mill.rolls.tolist()):
        finished = ("F01", "I01", "G02")[at % 3]
        stage = "G00" if style < mill.size.styles else finished
        yield stage, f"R{at:07}", style + 1, style_code(style), cents(pounds)
