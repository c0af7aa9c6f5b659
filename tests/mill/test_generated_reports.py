"""A made-up mill through its files: SQL of E.5 and rules give the same (Q1, Q4, Q6), whatever is in them."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.mill.answers.newest import newest_plan
from service.mill.answers.timelines import timeline_of
from service.mill.queries.one_yarn import select_yarn
from service.mill.queries.parameters import select_parameters
from service.mill.queries.stocks import StockAsk, select_short, select_stocks
from service.mill.rules.balances import balance_score, risk, short_yarns
from service.mill.rules.quantities import rounded
from service.mill.rules.recipe_checks import checked
from service.simulators.mill import generate
from service.simulators.mill.files import tables, write_mill
from service.simulators.mill.plan import Plan
from tests.mill.imports.ground import ON, imported
from tests.support.ground import Ground
from tests.support.house import House, open_house
from tests.support.plans import captured, explained, indexes

D = Decimal
AS_OF = date.fromisoformat(ON)
MONDAY = date(2025, 9, 1)
NEEDED = ("suppliers", "yarn_inventory", "styles", "bom", "knit_orders", "expected_receipts")
# As spec E.5 words it; our rows of requirements have no bucket where an order has no date.
Q4 = """
    WITH ids AS (SELECT yarn_id FROM mill.yarn_inventory
                 UNION SELECT yarn_id FROM mill.plan_requirements WHERE run_id = :run
                 UNION SELECT yarn_id FROM mill.expected_receipts),
    g AS (SELECT ids.yarn_id, coalesce(i.theoretical_balance, 0) AS ob, k AS bucket
          FROM ids LEFT JOIN mill.yarn_inventory i USING (yarn_id)
          CROSS JOIN generate_series(0, :weeks - 1) k),
    r AS (SELECT yarn_id, (due_date - CAST(:monday AS date)) / 7 AS bucket, sum(quantity) AS q
          FROM mill.expected_receipts WHERE kind = 'dated' AND due_date >= :monday GROUP BY 1, 2),
    d AS (SELECT yarn_id, bucket, sum(gross_lb) AS q FROM mill.plan_requirements
          WHERE run_id = :run GROUP BY 1, 2),
    c AS (SELECT g.*, coalesce(r.q, 0) AS receipts, coalesce(d.q, 0) AS demand,
                 g.ob + sum(coalesce(r.q, 0) - coalesce(d.q, 0))
                        OVER (PARTITION BY g.yarn_id ORDER BY g.bucket ROWS UNBOUNDED PRECEDING) AS balance
          FROM g LEFT JOIN r USING (yarn_id, bucket) LEFT JOIN d USING (yarn_id, bucket))
    SELECT y.yarn_code, c.bucket, c.receipts, c.demand, c.balance, greatest(0, -c.balance) AS shortage,
           greatest(0, greatest(0, -c.balance) - greatest(0, -lag(c.balance, 1, c.ob)
               OVER (PARTITION BY c.yarn_id ORDER BY c.bucket))) AS new_shortage
    FROM c JOIN mill.yarns y ON y.id = c.yarn_id ORDER BY y.yarn_code, c.bucket
"""


@pytest.fixture(scope="module")
async def made(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A tiny mill with incomplete recipes and negative stock, planned; only read."""
    folder: Path = tmp_path_factory.mktemp("mill")
    url = await ground.clone()
    async with open_house(url, home=folder) as house:
        mill = generate(Plan(as_of=AS_OF))
        write_mill(mill, folder, ["csv"])
        for table in tables(mill):
            if table.kind in NEEDED:
                unit = "days" if table.kind == "suppliers" else None
                await imported(house, table.kind, folder / f"{table.name}.csv", lead_unit=unit)
        done = await house.runtime.tasks.run_now("mill.plan", {}, "test")
        assert done.state == "done", done.error
        yield house
    await ground.drop(url)


async def test_q1_is_what_the_rules_say_of_every_yarn(made: House) -> None:
    async with made.runtime.database.snapshot() as conn:
        stocks = await select_stocks(conn, StockAsk())
    active = [(one.code, one.stock) for one in stocks if one.status == "active"]
    rows = (await made.get("/v1/mill/reports/shortages"))["items"]
    assert rows
    assert [
        (row["yarn_code"], D(row["shortage_lb"]), row["risk"], D(row["balance_score"])) for row in rows
    ] == [
        (code, stock.shortage, risk(stock.planning), rounded(balance_score(stock.planning), 2))
        for code, stock in short_yarns(active)
    ]


async def test_q4_is_what_the_plan_and_the_spot_say_of_every_week(made: House) -> None:
    body = await made.get("/v1/mill/reports/yarn-weeks")
    weeks = len({row["bucket"] for row in body["items"]})
    [(run,)] = await made.sql("SELECT max(id) FROM mill.plan_runs WHERE status = 'done'")
    expected = await made.sql(Q4, run=run, weeks=weeks, monday=MONDAY)
    names = ("receipts", "demand", "balance", "shortage", "new_shortage")
    assert {(row["yarn_code"], row["bucket"]): [D(row[f"{name}_lb"]) for name in names]
            for row in body["items"]} == {
        (row.yarn_code, row.bucket): [getattr(row, name) for name in names] for row in expected
    }  # fmt: skip
    by_code: dict[str, list[Any]] = {}
    for row in body["items"]:
        by_code.setdefault(row["yarn_code"], []).append(D(row["balance_lb"]))
    async with made.runtime.database.snapshot() as conn:
        in_force, plan = await select_parameters(conn), await newest_plan(conn)
        for code, balances in by_code.items():
            yarn = await select_yarn(conn, code)
            assert yarn is not None
            now = await timeline_of(conn, yarn, in_force.values, plan, AS_OF)
            assert [week.balance for week in now.record.weeks] == balances, code


async def test_orders_exploded_on_the_spot_need_what_the_plan_says(made: House) -> None:
    async with made.runtime.database.snapshot() as conn:
        in_force, plan = await select_parameters(conn), await newest_plan(conn)
        without = type(plan)()
        compared = 0
        for row in await made.sql("SELECT yarn_code FROM mill.yarns ORDER BY 1"):
            yarn = await select_yarn(conn, row.yarn_code)
            assert yarn is not None
            planned = await timeline_of(conn, yarn, in_force.values, plan, AS_OF)
            now = await timeline_of(conn, yarn, in_force.values, without, AS_OF)
            assert now.record == planned.record, row.yarn_code
            compared += bool(now.record.total_demand)
    assert compared > 20


async def test_q6_is_what_the_rules_say_of_every_recipe(made: House) -> None:
    rows = (await made.get("/v1/mill/reports/bom-checks"))["items"]
    lines: dict[str, list[tuple[str, D]]] = {}
    for line in await made.sql(
        "SELECT s.style_code, y.yarn_code, b.quantity_per FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id"
        " JOIN mill.yarns y ON y.id = b.yarn_id WHERE b.valid_to = '9999-12-31'"
    ):
        lines.setdefault(line.style_code, []).append((line.yarn_code, line.quantity_per))
    word = {"ok": "OK", "near": "BOM_SUM_NEAR", "incomplete": "BOM_SUM_OFF"}
    assert {row["style_code"]: (D(row["total"]), row["verdict"]) for row in rows} == {
        style: (found.total, word[found.status]) for style, of in lines.items() if (found := checked(of))
    }
    assert "BOM_SUM_OFF" in {row["verdict"] for row in rows}
    unknown = {row["style_code"]: row["unknown_yarns"] for row in rows if row["unknown_yarns"]}
    assert unknown


async def test_what_is_told_first_is_read_by_its_index(made: House) -> None:
    async with made.runtime.database.write() as conn:
        # At size: the planner takes the index by itself where the table is not a single page.
        await conn.exec_driver_sql(
            "INSERT INTO mill.yarns (yarn_code) SELECT 'Z' || n FROM generate_series(1, 20000) n"
        )
        await conn.exec_driver_sql(
            "INSERT INTO mill.yarn_inventory (yarn_id, beginning_balance) SELECT id, (id * 7919) % 5000 - 100"
            " FROM mill.yarns WHERE yarn_code LIKE 'Z%'"
        )
        await conn.exec_driver_sql("ANALYZE mill.yarn_inventory")
        await conn.exec_driver_sql("ANALYZE mill.yarns")
        with captured(conn) as seen:
            found = await select_short(conn, StockAsk(), most=12)
        assert len(found) == 12
        [(statement, values)] = seen
        assert "idx_yarn_shortage" in indexes(await explained(conn, statement, values)) or (
            "idx_yarn_planning" in indexes(await explained(conn, statement, values))
        )
        await conn.rollback()


async def test_days_between_weeks_are_of_the_first_short_week_or_before(made: House) -> None:
    """The first short day is never after the first week that ends short."""
    weeks = (await made.get("/v1/mill/reports/yarn-weeks", short=True))["items"]
    first: dict[str, date] = {}
    for row in weeks:
        if D(row["shortage_lb"]) > 0:
            first.setdefault(row["yarn_code"], date.fromisoformat(row["week_start"]))
    gaps = (await made.get("/v1/gaps", desk="mill", limit=1000))["items"]
    days = {
        one["subject"]: date.fromisoformat(one["from"][:10]) for one in gaps if one["code"] == "yarn_short"
    }
    assert days.keys() == {row["yarn_code"] for row in weeks}
    assert all(days[code] < monday + timedelta(days=7) for code, monday in first.items())
