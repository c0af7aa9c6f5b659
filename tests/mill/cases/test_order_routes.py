"""Knit orders over HTTP: their course, their kit, what they risk, why (F-58, F-66, F-73, F-78, F-82)."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.mill.scenario import line, order, read_files, settle_f58, style, yarn
from tests.support.ground import Ground
from tests.support.house import House, open_house

ORDERS = "/v1/mill/orders"


@pytest.fixture(scope="module")
async def shown(ground: Ground) -> AsyncIterator[House]:
    """F-58 and the orders of F-66, F-73, F-78, which only read."""
    url = await ground.clone()
    async with open_house(url) as house:
        await settle_f58(house)
        await style(house, "S/1 A")
        await line(house, "S/1 A", "Y1", 1)
        await style(house, "NONE")
        await order(
            house, "K/73", "S/1 A", 1800, produced=Decimal("260.5"), shipped=940, seconds=Decimal("62.5")
        )
        await order(house, "K-OVER", "S/1 A", 1000, shipped=1080)
        await order(house, "K-NEAR", "S/1 A", 1000, shipped=1050)
        await order(house, "K-TODAY", "S/1 A", 10, due_date=date(2025, 9, 3))
        await order(house, "K-LATE", "NONE", 2500, due_date=date(2025, 8, 24))
        await order(house, "K-BEGUN", "S/1 A", 2600, produced=100, due_date=date(2025, 8, 24))
        yield house
    await ground.drop(url)


async def one(house: House, number: str) -> Any:
    return await house.get(f"{ORDERS}/{number}", as_of="2025-09-03")


async def test_f073_what_remains_of_an_order_adds_its_rejects(shown: House) -> None:
    found = await one(shown, "K/73")
    assert (found["balance_lb"], found["completion_pct"]) == ("662.0000", "66.69")
    over, near = await one(shown, "K-OVER"), await one(shown, "K-NEAR")
    assert (over["balance_lb"], over["over_shipped_pct"]) == ("0.0000", "8.00")
    assert near["over_shipped_pct"] is None


async def test_f066_an_order_due_today_is_not_late(shown: House) -> None:
    today, late = await one(shown, "K-TODAY"), await one(shown, "K-LATE")
    assert (today["days_until_due"], today["late"]) == (0, False)
    assert (late["days_until_due"], late["late"]) == (-10, True)


async def test_f078_the_risk_of_an_order_with_its_parts(shown: House) -> None:
    late = await shown.get(f"{ORDERS}/K-LATE/feasibility", as_of="2025-09-03")
    assert late["risk"] == {
        "score": "83.33", "level": "CRITICAL", "delivery": "33.33", "quantity": 20, "production": 20,
        "material": 10, "reason": None,
    }  # fmt: skip
    assert (late["reason"], late["planned"], late["producible_lb"]) == ("NO_BOM", None, None)
    begun = await shown.get(f"{ORDERS}/K-BEGUN/feasibility", as_of="2025-09-03")
    assert (begun["risk"]["score"], begun["risk"]["level"]) == ("40.00", "MEDIUM")


async def test_f058_an_order_is_served_in_its_turn(f58: House) -> None:
    """O3 300, O1 367.71 of Y1; O2 is left 332.29 of it and nothing of Y3."""
    found = {
        number: await f58.get(f"{ORDERS}/{number}/feasibility", as_of="2025-09-03")
        for number in ("O1", "O2", "O3")
    }
    given = {
        number: [(one["yarn_code"], one["allocated_lb"], one["short_lb"]) for one in body["lines"]]
        for number, body in found.items()
    }
    assert given == {
        "O1": [("Y1", "367.7100", "0.0000"), ("Y2", "157.5900", "0.0000")],
        "O2": [("Y1", "332.2900", "267.7100"), ("Y3", "0.0000", "400.0000")],
        "O3": [("Y1", "300.0000", "0.0000"), ("Y3", "0.0000", "200.0000")],
    }
    assert found["O1"]["planned"]["status"] == "READY"
    assert (found["O1"]["earliest_start"], found["O1"]["held"]["status"]) == ("2025-09-03", "SHORT")
    assert found["O2"]["first_shortage"] == {
        "yarn_code": "Y3", "short_lb": "400.0000", "needed_on": "2025-09-01",
    }  # fmt: skip


async def test_the_list_is_in_the_order_of_service_and_its_totals_are_over_the_filter(f58: House) -> None:
    body = await f58.get(ORDERS, limit=2, as_of="2025-09-03")
    assert [row["order_no"] for row in body["items"]] == ["O3", "O1"]
    assert body["totals"] == {"count": 3, "quantity_lb": "2000.0000", "balance_lb": "2000.0000", "late": 1}
    rest = await f58.get(ORDERS, limit=2, as_of="2025-09-03", cursor=body["page"]["next"])
    assert [row["order_no"] for row in rest["items"]] == ["O2"]
    assert not rest["page"]["has_more"]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"style": "g2"}, ["O3", "O2"]),
        ({"priority": 1}, ["O3", "O1"]),
        ({"late": "true"}, ["O2"]),
        ({"late": "false"}, ["O3", "O1"]),
        ({"due_from": "2025-09-06", "due_to": "2025-09-10"}, ["O3"]),
        ({"status": ["on_hold", "cancelled"]}, []),
        ({"customer": "ANN"}, []),
    ],
)
async def test_a_list_is_narrowed(f58: House, asked: dict[str, Any], numbers: list[str]) -> None:
    body = await f58.get(ORDERS, as_of="2025-09-03", **asked)
    assert [row["order_no"] for row in body["items"]] == numbers
    assert body["totals"]["count"] == len(numbers)


@pytest.mark.parametrize("figure", ["balance_lb", "completion_pct", "days_until_due", "risk", "required_lb", "coverage"])  # fmt: skip
async def test_f082_the_same_get_twice_is_equal(f58: House, figure: str) -> None:
    for path in (f"{ORDERS}/O1/explain?figure={figure}", f"{ORDERS}/O1/feasibility", ORDERS):
        first, second = await f58.ask("GET", path), await f58.ask("GET", path)
        assert first.status_code == 200, first.text
        assert first.content == second.content
        again = await f58.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304


async def test_a_requirement_is_recomputed_from_its_explanation_alone(f58: House) -> None:
    """O1 needs 367.71 lb of Y1: 500 of F1, 1.03 of G1 for a pound, 0.714 of Y1 for a pound."""
    told = await f58.get(f"{ORDERS}/O1/explain", figure="required_lb", yarn="Y1")
    assert told["value"] == "367.7100"
    total = Decimal(0)
    for step in told["steps"]:
        pounds = Decimal(1)
        for part in step["inputs"]:
            pounds *= Decimal(part["value"])
        total += pounds
    assert total == Decimal("367.71")
    assert [part["name"] for part in told["steps"][0]["inputs"]] == [
        "lb of the order", "G1 for a pound of F1", "Y1 for a pound of G1",
    ]  # fmt: skip


async def test_a_balance_is_recomputed_from_its_explanation_alone(shown: House) -> None:
    told = await shown.get(f"{ORDERS}/K/73/explain")
    value = {part["name"]: Decimal(part["value"]) for part in told["inputs"]}
    left = value["quantity_lb"] - value["produced_lb"] - value["shipped_lb"] + value["seconds_lb"]
    assert told["value"] == f"{left:.4f}" == "662.0000"


async def change(house: House, number: str, version: str | None, **changed: Any) -> Any:
    headers = {} if version is None else {"If-Match": version}
    return await house.ask("PATCH", f"{ORDERS}/{number}", json=changed, headers=headers)


async def test_an_order_runs_its_course_and_no_other(house: House) -> None:
    await yarn(house, "Y1")
    await style(house, "S1")
    await order(house, "O1", "S1", 100)
    await read_files(house, "knit_orders")
    refused = await change(house, "O1", '"1"', status="in_progress")
    assert (refused.status_code, refused.json()["code"]) == (409, "status_move")
    refused = await change(house, "O1", '"1"', status="assigned")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_machine")
    await house.sql("INSERT INTO mill.work_centers (code, construction, diameter_in, needle_cut, kind)"
                    " VALUES ('6.30.28.F', 6, 30, 28, 'F')")  # fmt: skip
    await house.sql(
        "INSERT INTO mill.machines (machine_code, work_center_id) SELECT '161', id FROM mill.work_centers"
    )
    taken = await change(
        house, "O1", '"1"', status="assigned", machine="161", due_date="2025-10-01", priority=2
    )
    assert taken.status_code == 200, taken.text
    body = taken.json()
    assert (body["status"], body["machine_code"], body["due_date"], body["priority"]) == (
        "assigned", "161", "2025-10-01", 2,
    )  # fmt: skip
    assert (taken.headers["ETag"], body["row_version"], body["stale_plan"]) == ('"2"', 2, None)
    assert "mill/orders" in taken.headers["Data-Version"]
    assert (await change(house, "O1", '"1"', priority=1)).status_code == 412
    assert (await change(house, "O1", None, priority=1)).status_code == 428
    assert (await change(house, "O1", '"2"', machine="162")).status_code == 422
    same = await change(house, "O1", '"2"', priority=2)
    assert (same.json()["row_version"], "Data-Version" in same.headers) == (2, False)
    seen = await house.get(f"{ORDERS}/O1")
    assert seen["may_become"] == ["cancelled", "in_progress", "on_hold"]


async def test_an_order_is_assigned_when_its_machine_is_chosen(house: House) -> None:
    await style(house, "S1")
    await order(house, "O1", "S1", 100)
    await house.sql("INSERT INTO mill.work_centers (code, construction, diameter_in, needle_cut, kind)"
                    " VALUES ('6.30.28.F', 6, 30, 28, 'F')")  # fmt: skip
    await house.sql(
        "INSERT INTO mill.machines (machine_code, work_center_id) SELECT '161', id FROM mill.work_centers"
    )
    given = (await change(house, "O1", '"1"', machine="161")).json()
    assert (given["status"], given["machine_code"]) == ("assigned", "161")
    taken = (await change(house, "O1", '"2"', machine=None)).json()
    assert (taken["status"], taken["machine_code"]) == ("pending", None)


async def test_an_order_with_a_balance_is_closed_for_a_reason(house: House) -> None:
    await style(house, "S1")
    await order(house, "O1", "S1", 100, produced=40, status="in_progress")
    refused = await change(house, "O1", '"1"', status="completed")
    assert (refused.status_code, refused.json()["code"]) == (409, "balance_left")
    closed = await change(house, "O1", '"1"', status="completed", reason="the customer takes less")
    assert closed.json()["closed_reason"] == "the customer takes less"
    row = (await house.sql("SELECT after FROM muster.audit WHERE what = 'mill.order_changed'"))[0]
    assert row.after["reason"] == "the customer takes less"


async def test_an_order_that_there_is_not_is_a_404_with_near_numbers(f58: House) -> None:
    answer = await f58.ask("GET", f"{ORDERS}/O")
    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
    assert (await f58.ask("GET", f"{ORDERS}/%00")).status_code == 404
