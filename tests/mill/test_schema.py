"""The tables of spec E.2: what they refuse, what they make themselves, how they are found."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError

from tests.mill.scenario import yarn
from tests.support.house import House

INDEXES = {
    "idx_yarn_status": ("yarn_inventory", "status"),
    "idx_yarn_planning": ("yarn_inventory", "planning_balance"),
    "idx_yarn_shortage": ("yarn_inventory", "planning_balance, min_stock"),
    "idx_bom_style": ("bom", "style_id"),
    "idx_bom_yarn": ("bom", "yarn_id"),
    "idx_bom_style_yarn": ("bom", "style_id, yarn_id"),
    "idx_order_status": ("production_orders", "status"),
    "idx_order_date": ("production_orders", "scheduled_date"),
    "idx_order_status_date": ("production_orders", "status, scheduled_date"),
    "idx_order_priority": ("production_orders", "priority DESC"),
    "idx_machine_center": ("machines", "work_center_id"),
    "idx_machine_status": ("machines", "status"),
    "idx_sales_date": ("sales_activity", "order_date"),
    "idx_sales_style": ("sales_activity", "style_id"),
    "idx_sales_customer": ("sales_activity", "customer_id"),
}
"""The fifteen of predecessor report 002 (spec A.14)."""


async def test_the_fifteen_indexes_have_their_names_and_columns(f58: House) -> None:
    rows = await f58.sql("SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'mill'")
    found = {row.indexname: (row.tablename, row.indexdef.split("(", 1)[1].split(")")[0]) for row in rows}
    assert {name: found.get(name) for name in INDEXES} == INDEXES


async def test_balances_are_generated_and_nobody_writes_them(f58: House) -> None:
    rows = await f58.sql(
        "SELECT y.yarn_code, i.theoretical_balance, i.planning_balance FROM mill.yarn_inventory i"
        " JOIN mill.yarns y ON y.id = i.yarn_id ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [
        ("Y1", Decimal(1000), Decimal(1100)),
        ("Y2", Decimal(224), Decimal(-1276)),
    ]
    with pytest.raises(DBAPIError, match="planning_balance"):
        await f58.sql("UPDATE mill.yarn_inventory SET planning_balance = 1")


@pytest.mark.parametrize("column", ["allocated", "consumed"])
async def test_what_is_taken_is_never_stored_as_positive(f58: House, column: str) -> None:
    with pytest.raises(DBAPIError, match=column):
        await f58.sql(f"UPDATE mill.yarn_inventory SET {column} = 1")


async def test_a_finished_plan_is_never_changed(house: House) -> None:
    key = await yarn(house, "Y1")
    run = (
        await house.sql(
            "INSERT INTO mill.plan_runs (kind, as_of, params, requested_by)"
            " VALUES ('plan', '2025-09-03', '{}', 'test') RETURNING id"
        )
    )[0].id
    await house.sql(
        "INSERT INTO mill.plan_buckets VALUES (:run, :yarn, 0, '2025-09-01', 0, 1, -1, 1, 1, 0, -1)",
        run=run, yarn=key,
    )  # fmt: skip
    await house.sql(
        "INSERT INTO mill.plan_actions (run_id, seq, key, action, quantity, trigger)"
        " VALUES (:run, 1, 'k', 'ORDER', 100, '{}')",
        run=run,
    )
    await house.sql("UPDATE mill.plan_runs SET status = 'done' WHERE id = :run", run=run)
    await house.sql("UPDATE mill.plan_actions SET state = 'accepted', assignee = 'ann'")
    for change in (
        "UPDATE mill.plan_buckets SET balance = 0",
        "UPDATE mill.plan_actions SET quantity = 1",
        "UPDATE mill.plan_runs SET params = '{\"a\": 1}'",
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            await house.sql(change)


async def test_no_machine_does_two_things_at_once(house: House) -> None:
    run = (
        await house.sql(
            "INSERT INTO mill.plan_runs (kind, as_of, params, requested_by)"
            " VALUES ('schedule', '2025-09-03', '{}', 'test') RETURNING id"
        )
    )[0].id
    put = (
        "INSERT INTO mill.schedule_ops (run_id, order_seq, seq, machine_id, machine_code, work_center,"
        " setup_start, run_start, run_end, quantity, late_hours) VALUES (:run, :order, 0, 7, 'M7', '6.30.28.F',"
        " CAST(CAST(:start AS text) AS timestamptz), CAST(CAST(:start AS text) AS timestamptz),"
        " CAST(CAST(:end AS text) AS timestamptz), 1, 0)"
    )
    await house.sql(put, run=run, order=1, start="2025-09-03T00:00Z", end="2025-09-03T08:00Z")
    await house.sql(put, run=run, order=2, start="2025-09-03T08:00Z", end="2025-09-03T09:00Z")
    with pytest.raises(DBAPIError, match="ex_schedule_ops_overlap"):
        await house.sql(put, run=run, order=3, start="2025-09-03T07:59Z", end="2025-09-03T08:01Z")
