"""The statements of spec E.5 on random recipes give what the rules give: explosion (Q2), allocation (Q3), cost (Q5)."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.mill.rules.allocation import Claim, allocate
from service.mill.rules.explosion import Order, paths
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.rollup import rolled_up

GRAPHS = 60
LOSSES = [Decimal(0), Decimal("0.03"), Decimal("0.02"), Decimal("0.012345")]

TABLES = """
CREATE TEMP TABLE lines (style text, yarn text, part text, quantity_per numeric(12,8), loss_pct numeric(7,6)) ON COMMIT DROP;
CREATE TEMP TABLE ways (style text, loss_mode text, conversion numeric(12,4)) ON COMMIT DROP;
CREATE TEMP TABLE prices (yarn text, cost_per_lb numeric(12,4), balance numeric(14,4)) ON COMMIT DROP;
CREATE TEMP TABLE asked (order_no text, style text, balance numeric(14,4), priority int, due_date date) ON COMMIT DROP;
CREATE TEMP TABLE need (order_no text, yarn text, need numeric(14,4)) ON COMMIT DROP;
"""

# The one quotient, rounded where it is made. PostgreSQL gives a quotient about 16 digits unless an operand
# has more places of its own.
FACTOR = """CASE w.loss_mode WHEN 'yield' THEN round(b.quantity_per::numeric(50, 40) / (1 - b.loss_pct), 20)
            ELSE b.quantity_per * (1 + b.loss_pct) END"""

Q2 = f"""
WITH RECURSIVE x AS (
  SELECT order_no, style, NULL::text AS yarn, balance::numeric AS qty, ARRAY[style] AS path FROM asked WHERE balance > 0
  UNION ALL
  SELECT x.order_no, b.part, b.yarn, x.qty * {FACTOR}, CASE WHEN b.part IS NULL THEN x.path ELSE x.path || b.part END
  FROM x JOIN lines b ON b.style = x.style JOIN ways w ON w.style = b.style WHERE x.yarn IS NULL)
SELECT order_no, path, yarn, round(sum(qty), 4) AS gross FROM x WHERE yarn IS NOT NULL GROUP BY 1, 2, 3
"""

Q3 = """
WITH w AS (
  SELECT r.order_no, r.yarn, r.need, GREATEST(0, COALESCE(i.balance, 0)) AS avail,
         SUM(r.need) OVER (PARTITION BY r.yarn ORDER BY o.priority, o.due_date NULLS LAST, o.order_no COLLATE "C"
                           ROWS UNBOUNDED PRECEDING) AS cum
  FROM need r JOIN asked o USING (order_no) LEFT JOIN prices i USING (yarn))
SELECT order_no, yarn, LEAST(need, GREATEST(0, avail - (cum - need))) AS allocated FROM w
"""

# Without the zeros of the spec's COALESCE: what nobody knows is null (R12).
Q5 = f"""
WITH RECURSIVE x AS (
  SELECT style AS root, style, NULL::text AS yarn, 1::numeric AS qty FROM ways
  UNION ALL
  SELECT x.root, b.part, b.yarn, x.qty * {FACTOR}
  FROM x JOIN lines b ON b.style = x.style JOIN ways w ON w.style = b.style WHERE x.yarn IS NULL)
SELECT x.root, round(sum(x.qty * y.cost_per_lb) FILTER (WHERE x.yarn IS NOT NULL), 6) AS material,
       round(sum(x.qty * s.conversion) FILTER (WHERE x.yarn IS NULL), 6) AS conversion,
       count(*) FILTER (WHERE x.yarn IS NOT NULL AND y.cost_per_lb IS NULL) AS missing_costs
FROM x LEFT JOIN prices y ON y.yarn = x.yarn LEFT JOIN ways s ON s.style = x.style GROUP BY x.root
"""


class Mill:
    """Random recipes without circles, orders of them, costs and stock of some of the yarns."""

    def __init__(self, random: Random) -> None:
        self.lines: dict[str, list[Line]] = {}
        for graph in range(GRAPHS):
            size = random.randint(1, 6)
            for at in range(size):
                below = [f"S{graph}.{to}" for to in range(at + 1, size)]
                parts = random.sample(below, random.randint(0, min(3, len(below))))
                yarns = random.sample([f"Y{one}" for one in range(8)], random.randint(0, 3))
                self.lines[f"S{graph}.{at}"] = [
                    Line(
                        one, Decimal(random.randint(1, 10**8)).scaleb(-8), random.choice(LOSSES), one in yarns
                    )
                    for one in parts + yarns
                ]
        self.recipes = Recipes(self.lines, frozenset(style for style in self.lines if random.random() < 0.2))
        self.conversion = {style: Decimal(random.randint(0, 20_000)).scaleb(-4) for style in self.lines}
        self.costs = {
            f"Y{one}": Decimal(random.randint(0, 90_000)).scaleb(-4) if one % 4 else None for one in range(8)
        }
        self.stock = {f"Y{one}": Decimal(random.randint(-(10**6), 10**9)).scaleb(-4) for one in range(7)}
        self.orders = [
            Order(
                f"O{at}",
                random.choice(sorted(self.lines)),
                Decimal(random.randint(1, 376_000_000)).scaleb(-4),
            )
            for at in range(150)
        ]
        self.served = {
            order.number: (
                random.randint(1, 3),
                random.choice([None, date(2025, 9, 1) + timedelta(random.randint(0, 5))]),
            )
            for order in self.orders
        }

    async def settle(self, connection: AsyncConnection) -> None:
        for statement in TABLES.strip().split("\n"):
            await connection.execute(text(statement))
        yarns = [(style, one) for style, of in self.lines.items() for one in of]
        await fill(connection, "lines", (
            {"style": style, "yarn" if one.is_yarn else "part": one.component, "quantity_per": one.quantity_per, "loss_pct": one.loss}
            for style, one in yarns
        ))  # fmt: skip
        await fill(connection, "ways", (
            {"style": style, "loss_mode": self.recipes.mode(style), "conversion": self.conversion[style]} for style in self.lines
        ))  # fmt: skip
        await fill(connection, "prices", (
            {"yarn": yarn, "cost_per_lb": cost, "balance": self.stock.get(yarn, 0)} for yarn, cost in self.costs.items()
        ))  # fmt: skip
        await fill(connection, "asked", (
            {"order_no": one.number, "style": one.style, "balance": one.pounds, "priority": self.served[one.number][0],
             "due_date": self.served[one.number][1]}
            for one in self.orders
        ))  # fmt: skip


async def fill(connection: AsyncConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    await connection.execute(
        text(
            f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, CAST(:rows AS json))"
        ),
        {"rows": json.dumps(list(rows), default=str)},
    )


@pytest.fixture
async def mill(connection: AsyncConnection) -> Mill:
    made = Mill(Random(23))
    await made.settle(connection)
    return made


async def test_the_statements_give_what_the_rules_give(mill: Mill, connection: AsyncConnection) -> None:
    ways = {(way.order, way.path, way.yarn): rounded(way.gross) for way in paths(mill.orders, mill.recipes)}
    found = (await connection.execute(text(Q2))).all()
    assert {(row.order_no, tuple(row.path), row.yarn): row.gross for row in found} == ways
    assert max(len(path) for _, path, _ in ways) >= 4

    needs: dict[tuple[str, str], Decimal] = {}
    for (order, _, yarn), gross in ways.items():
        needs[order, yarn] = needs.get((order, yarn), Decimal(0)) + gross
    await fill(connection, "need", ({"order_no": o, "yarn": y, "need": lb} for (o, y), lb in needs.items()))
    shares = allocate([Claim(o, y, lb, *mill.served[o]) for (o, y), lb in needs.items()], mill.stock)
    given = (await connection.execute(text(Q3))).all()
    assert {(row.order_no, row.yarn): row.allocated for row in given} == {
        share.claim.key: share.allocated for share in shares
    }
    assert {share.reason for share in shares if share.claim.yarn == "Y7"} == {"NO_STOCK_ROW"}

    costs = rolled_up(mill.recipes, mill.costs, mill.conversion)
    rows = (await connection.execute(text(Q5))).all()
    assert {row.root: (row.material, row.conversion, row.missing_costs) for row in rows} == {
        style: (one.material_per_lb, one.conversion_per_lb, one.missing_costs) for style, one in costs.items()
    }
