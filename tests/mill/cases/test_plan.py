"""Section F end to end: from rows in the database to a plan."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from service.mill.planning.plan import Plan, plan
from service.mill.queries.ground import select_ground
from service.mill.queries.parameters import select_parameters
from tests.mill.scenario import AS_OF
from tests.support.house import House

D = Decimal


async def planned(house: House, **values: object) -> Plan:
    async with house.runtime.database.snapshot() as conn:
        in_force = await select_parameters(conn)
        ground = await select_ground(conn, AS_OF, in_force, datetime.now(UTC))
    parameters = type(in_force.values).from_values({**in_force.values.as_values(), **values})
    object.__setattr__(ground, "parameters", parameters)
    return plan(ground)


async def test_f058_requirements(f58: House) -> None:
    made = await planned(f58)
    number = {one.seq: one.order.number for one in made.orders}
    found = {(number[row.seq], row.yarn): row.pounds for row in made.requirements}
    assert found == {
        ("O1", "Y1"): D("367.7100"), ("O1", "Y2"): D("157.5900"), ("O2", "Y1"): D("600.0000"),
        ("O2", "Y3"): D("400.0000"), ("O3", "Y1"): D("300.0000"), ("O3", "Y3"): D("200.0000"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "weeks"),
    [("exclude", ["100.00", "232.29", "232.29"]), ("now", ["400.00", "532.29", "532.29"]),
     ("offset:1", ["100.00", "532.29", "532.29"])],
)  # fmt: skip
async def test_f058_weeks_of_y1_by_policy(f58: House, policy: str, weeks: list[str]) -> None:
    made = await planned(f58, past_due_policy=policy, weeks_horizon=3)
    assert [week.balance for week in made.yarns[0].weekly.weeks] == [D(one) for one in weeks]


async def test_f058_weeks_of_y2_and_y3(f58: House) -> None:
    _, y2, y3 = (await planned(f58, weeks_horizon=3)).yarns
    assert [week.balance for week in y2.weekly.weeks] == [D("224"), D("66.41"), D("66.41")]
    assert [week.balance for week in y3.weekly.weeks] == [D(-600)] * 3
    assert [week.new_shortage for week in y3.weekly.weeks] == [D(600), D(0), D(0)]


async def test_f058_allocation(f58: House) -> None:
    made = await planned(f58)
    got = {share.claim.key: (share.allocated, share.short) for share in made.promised.shares}
    assert got == {
        ("O3", "Y1"): (D(300), D(0)), ("O1", "Y1"): (D("367.71"), D(0)),
        ("O2", "Y1"): (D("332.29"), D("267.71")), ("O1", "Y2"): (D("157.59"), D(0)),
        ("O2", "Y3"): (D(0), D(400)), ("O3", "Y3"): (D(0), D(200)),
    }  # fmt: skip


async def test_the_first_short_day_names_the_orders_that_cause_it(f58: House) -> None:
    y1, y2, y3 = (await planned(f58)).yarns
    assert (y1.first_short, y2.first_short) == (None, None)
    assert y3.first_short is not None
    # O2 was needed on the Monday before the as-of day: it counts on the as-of day.
    assert (y3.first_short.day, y3.first_short.pounds) == (date(2025, 9, 3), D(400))
    assert [(one.seq, one.need_lb, one.short_lb) for one in y3.first_short.culprits] == [(3, D(400), D(400))]


async def test_what_is_doubtful_is_told_with_what_it_concerns(f58: House) -> None:
    made = await planned(f58)
    assert [(gate.code, gate.pounds, gate.subjects) for gate in made.gates] == [
        ("NO_STOCK_ROW", D(600), ("Y3",)),
        ("PAST_DUE", D(300), ("Y1",)),
        ("LEAD_ASSUMED", D(600), ("Y3",)),
    ]
    assert made.stats["bom_coverage"] == "1.000000"


async def test_a_plan_is_a_run_that_keeps_what_it_stood_on(own_f58: House) -> None:
    done = await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    assert (done.state, done.result["short_yarns"]) == ("done", 1)
    await own_f58.sql("UPDATE mill.production_orders SET status = 'cancelled'")
    kept = await own_f58.sql(
        "SELECT r.status, r.as_of, o.order_no, o.quantity FROM mill.plan_runs r"
        " JOIN mill.plan_orders o ON o.run_id = r.id ORDER BY o.seq"
    )
    assert [tuple(row) for row in kept] == [
        ("done", AS_OF, "O3", D(500)), ("done", AS_OF, "O1", D(500)), ("done", AS_OF, "O2", D(1000)),
    ]  # fmt: skip
    weeks = await own_f58.sql(
        "SELECT w.balance FROM mill.plan_buckets w JOIN mill.plan_yarns y USING (run_id, yarn_id)"
        " WHERE y.yarn_code = 'Y1' ORDER BY w.bucket LIMIT 2"
    )
    assert [row.balance for row in weeks] == [D("100"), D("232.29")]


async def test_parameters_there_are_not_fail_the_run_and_leave_no_plan(own_f58: House) -> None:
    done = await own_f58.runtime.tasks.run_now("mill.plan", {"parameters": {"weeks_horizn": 3}}, "test")
    assert done.state == "failed"
    assert "weeks_horizon" in done.error["detail"]
    (row,) = await own_f58.sql(
        "SELECT status, (SELECT count(*) FROM mill.plan_yarns) AS n FROM mill.plan_runs"
    )
    assert tuple(row) == ("failed", 0)
