"""Costs and substitutes over HTTP (F-72, F-77, F-79, F-81)."""

import threading
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from service.mill.answers import costs
from service.mill.rules.rollup import rolled_up
from tests.mill.scenario import line, order, style, yarn
from tests.support.ground import Ground
from tests.support.house import House, open_house


@pytest.fixture(scope="module")
async def mill(ground: Ground) -> AsyncIterator[House]:
    """Yarns of F-72, F-77 and F-79 with recipes, which only read."""
    url = await ground.clone()
    async with open_house(url) as house:
        await yarn(house, "Y1", cost_per_lb=Decimal("4.20"))
        await yarn(house, "Y3")
        await yarn(house, "OWN", cost_per_lb=Decimal(0))
        await style(house, "G2", conversion_cost_per_lb=Decimal("0.85"))
        await line(house, "G2", "Y1", ".6")
        await line(house, "G2", "Y3", ".4")
        await style(house, "G3", conversion_cost_per_lb=Decimal("0.50"))
        await line(house, "G3", "Y1", ".5")
        await line(house, "G3", "OWN", ".5")
        await style(house, "F3", conversion_cost_per_lb=Decimal("0.20"))
        await line(house, "F3", "G3", "1", loss="0.1")
        await order(house, "K/1", "F3", 100)
        for code, size, tex, form, balance, safety in (
            ("NE30", "30/1", "19.6833", "spun", -300, 0), ("NE28", "28/1", "21.0893", "spun", 500, 100),
            ("D150", "1/150/36", "16.6667", "filament", 0, 0), ("D70", "1/70/34", "7.7778", "filament", 0, 0),
            ("D2X70", "2/70/34", "15.5556", "filament", 0, 0), ("D140", "1/140/68", "15.5556", "filament", 0, 0),
            ("G+", "20/1", "29.525", "spun", 500, 0), ("G-", "20/1", "29.525", "spun", -300, 0),
            ("G--", "20/1", "29.525", "spun", -100, 0), ("H+", "10/1", "59.05", "spun", 500, 0),
            ("H-", "10/1", "59.05", "spun", -700, 0),
        ):  # fmt: skip
            await yarn(
                house, code, size_raw=size, tex=Decimal(tex), fibre_form=form, color="WHITE",
                blend="100% COTTON", safety_stock_lb=safety, **_balances(balance),
            )  # fmt: skip
        for one, other in (("NE30", "NE28"), ("G-", "G+"), ("G--", "G+"), ("H-", "H+")):
            answer = await house.ask("PUT", f"/v1/mill/substitutes/{one}", json={"substitute": other})
            assert answer.status_code == 200, answer.text
        yield house
    await ground.drop(url)


def _balances(planning: int) -> dict[str, int]:
    return {"beginning_balance": max(planning, 0), "allocated": min(planning, 0)}


async def test_f072_a_cost_that_nobody_states_is_missing_and_never_zero(mill: House) -> None:
    found = await mill.get("/v1/mill/costs/styles/G2")
    assert (found["material_per_lb"], found["missing_costs"], found["missing"]) == ("2.520000", 1, ["Y3"])
    assert (found["unit_cost_per_lb"], found["complete"], found["reason"]) == (None, False, "COST_MISSING")
    assert not found["data"]["complete"]


async def test_a_cost_is_the_sum_of_its_lines(mill: House) -> None:
    """F3: 1.1 x (0.5 x 4.20 + 0.5 x 0) of material, 0.20 + 1.1 x 0.50 of conversion."""
    found = await mill.get("/v1/mill/costs/styles/F3")
    assert (found["material_per_lb"], found["conversion_per_lb"]) == ("2.310000", "0.750000")
    assert (found["unit_cost_per_lb"], found["complete"]) == ("3.060000", True)
    total = sum(Decimal(one["per_top_lb"]) * Decimal(one["cost_per_lb"]) for one in found["lines"])
    assert total == Decimal("3.06")


async def test_the_cost_of_an_order_needs_the_rate_of_a_machine_hour(house: House) -> None:
    await yarn(house, "Y1", cost_per_lb=Decimal("4.20"))
    await style(house, "S1", conversion_cost_per_lb=Decimal("0.80"))
    await line(house, "S1", "Y1", 1)
    await order(house, "K/1", "S1", 100)
    unknown = await house.get("/v1/mill/costs/orders/K/1")
    assert (unknown["unit_cost_per_lb"], unknown["cost"], unknown["reason"]) == (
        "5.000000", None, "COST_MISSING",
    )  # fmt: skip
    assert (await house.get("/v1/mill/costs/orders/K/1", setups=0))["cost"] == "500.00"
    await house.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by) VALUES"
        " ('machine_rate_per_hour', '2025-01-01', '20', 'test'), ('overhead_basis', '2025-01-01',"
        " '\"conversion_share\"', 'test'), ('overhead', '2025-01-01', '0.25', 'test')"
    )
    known = await house.get("/v1/mill/costs/orders/K/1", as_of="2025-09-03")
    assert (known["unit_cost_per_lb"], known["cost"]) == ("5.200000", "540.00")
    assert "overhead: conversion_share 0.25" in known["assumptions"]
    await style(house, "S2")
    by_default = await house.get("/v1/mill/costs/styles/S2")
    assert by_default["conversion_per_lb"] == "0.000000"
    assert "conversion_cost_per_lb: 0 for styles that state none (1)" in by_default["assumptions"]
    await house.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by)"
        " VALUES ('conversion_cost_per_lb', '2025-01-01', '\"unknown\"', 'test')"
    )
    nothing = await house.get("/v1/mill/costs/styles/S2", as_of="2025-09-02")
    assert [nothing[f"{part}_per_lb"] for part in ("material", "conversion", "overhead")] == [None] * 3
    await line(house, "S2", "Y1", 1)
    await house.sql("UPDATE mill.planning_params SET value = '\"per_lb\"' WHERE name = 'overhead_basis';")
    await house.sql(
        "UPDATE mill.planning_params SET value = '\"0.55\"' WHERE name = 'conversion_cost_per_lb'"
    )
    usual = await house.get("/v1/mill/costs/styles/S2", as_of="2025-09-03")
    assert [usual[f"{part}_per_lb"] for part in ("conversion", "overhead", "unit_cost")] == [
        "0.550000", "0.250000", "5.000000",
    ]  # fmt: skip
    assert "conversion_cost_per_lb: 0.55 for styles that state none (1)" in usual["assumptions"]


async def test_f072_every_style_has_its_row_in_the_report_and_a_run_writes_it(mill: House) -> None:
    body = await mill.get("/v1/mill/reports/style-costs")
    rows = {row["style_code"]: (row["unit_cost_per_lb"], row["reason"]) for row in body["items"]}
    assert rows == {"F3": ("3.060000", None), "G2": (None, "COST_MISSING"), "G3": ("2.600000", None)}
    assert (body["summary"]["incomplete"], body["meta"]["complete"]) == (1, False)
    run = await mill.ask("POST", "/v1/mill/cost-runs", json={"format": "csv", "complete": True})
    assert (run.status_code, run.json()["job"]) == (202, "mill.export")
    assert run.headers["Location"] == f"/v1/runs/{run.json()['id']}"


async def test_f081_variances_against_what_is_stated_or_the_cost_of_the_yarn(mill: House) -> None:
    items = [
        {"actual_price": "4.50", "standard_price": "4.25", "actual_lb": "1000", "standard_lb": "980"},
        {"yarn": "Y1", "actual_price": "4.00", "actual_lb": "10"},
        {"yarn": "Y3", "actual_price": "4.00", "actual_lb": "10", "standard_lb": "10"},
    ]
    answer = await mill.ask("POST", "/v1/mill/costs/variances", json={"items": items})
    assert answer.status_code == 200, answer.text
    stated, of_yarn, unknown = answer.json()["items"]
    assert stated["price"] == {"amount": "250.00", "verdict": "unfavourable", "reason": None}
    assert stated["usage"] == {"amount": "85.00", "verdict": "unfavourable", "reason": None}
    assert of_yarn["price"] == {"amount": "2.00", "verdict": "favourable", "reason": None}
    assert of_yarn["usage"] == {"amount": None, "verdict": None, "reason": "NOT_STATED"}
    assert unknown["usage"]["reason"] == unknown["price"]["reason"] == "COST_MISSING"


async def compared(house: House, one: str, other: str) -> dict[str, Any]:
    found = await house.get(f"/v1/mill/substitutes/{one}")
    return {item["yarn_code"]: item for item in found["items"]}.get(other, {})


async def test_f077_sizes_are_compared_in_tex(mill: House) -> None:
    near = await compared(mill, "NE30", "NE28")
    assert near["size"]["tex"] == "21.0893"
    assert near["likeness"]["difference_pct"] == "6.67"
    assert (near["likeness"]["tolerance_pct"], near["likeness"]["near"]) == ("9.00", True)
    assert near["score"] == near["likeness"]["score"] == "0.9800"
    assert await compared(mill, "D150", "D70") == {}
    equal = await compared(mill, "D2X70", "D140")
    assert (equal["size"]["tex"], equal["score"], equal["source"]) == ("15.5556", "1.0000", "alike")


async def test_f077_spun_never_stands_for_filament(mill: House) -> None:
    answer = await mill.ask("PUT", "/v1/mill/substitutes/NE30", json={"substitute": "D150", "score": "1"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "spun_with_filament")


async def test_f079_a_group_is_seen_as_one(mill: House) -> None:
    group = (await mill.get("/v1/mill/substitutes/G-"))["group"]
    assert group == {
        "members": ["G+", "G-", "G--"], "uncounted": [], "total_lb": "100.0000",
        "aggregated_shortage_lb": "0.0000", "individual_shortage_lb": "400.0000", "can_substitute": True,
    }  # fmt: skip
    group = (await mill.get("/v1/mill/substitutes/H+"))["group"]
    assert (group["aggregated_shortage_lb"], group["can_substitute"]) == ("200.0000", False)


async def test_only_what_is_approved_and_free_is_proposed(mill: House) -> None:
    """NE28 has 500 lb and keeps 100."""
    found = await mill.get("/v1/mill/substitutes/NE30")
    assert (found["short_lb"], found["items"][0]["free_lb"]) == ("300.0000", "400.0000")
    assert found["proposals"] == [{"yarn_code": "NE28", "use_lb": "300.0000", "covers_lb": "300.0000"}]
    more = await mill.get("/v1/mill/substitutes/NE30", short_lb="1000")
    assert more["proposals"][0]["covers_lb"] == "400.0000"


async def test_a_substitute_is_approved_by_an_admin_and_changed_at_its_version(house: House) -> None:
    for code in ("A/1", "B 2"):
        await yarn(house, code)
    ask = {"substitute": "b 2", "score": "0.8", "factor": "1.05", "valid_to": "2025-12-31"}
    planner = await house.token("mill:read", "mill:write")
    path = "/v1/mill/substitutes/A/1"
    assert (await house.ask("PUT", path, json=ask, token=planner)).status_code == 403
    made = await house.ask("PUT", path, json=ask)
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"'), made.text
    assert (await house.ask("PUT", path, json=ask)).status_code == 428
    withdrawn = {**ask, "approved": False}
    changed = await house.ask("PUT", path, json=withdrawn, headers={"If-Match": '"1"'})
    assert (changed.json()["approved"], changed.json()["row_version"]) == (False, 2)
    gone = await house.ask("DELETE", path, params={"substitute": "B 2"}, headers={"If-Match": '"2"'})
    assert (gone.status_code, gone.json()["factor"]) == (200, "1.050000")
    assert (await house.get(path))["items"] == []
    rows = await house.sql("SELECT what FROM muster.audit WHERE subject = 'yarn:A/1' ORDER BY id")
    assert [row.what for row in rows] == ["mill.substitute_put"] * 2 + ["mill.substitute_removed"]
    unscored = await house.ask("PUT", path, json={"substitute": "B 2"})
    assert unscored.json()["errors"][0]["code"] == "score_needed"


async def test_f082_the_same_get_twice_is_equal(mill: House) -> None:
    for path in ("/costs/styles/F3", "/costs/orders/K/1", "/substitutes/NE30"):
        first, second = [await mill.ask("GET", f"/v1/mill{path}") for _ in range(2)]
        assert first.content == second.content


async def test_all_styles_are_costed_beside_the_event_loop(
    mill: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 9,000 styles of a mill take half a second of CPU: everybody else would wait for them."""
    threads = []

    def seen(*asked: Any) -> Any:
        threads.append(threading.current_thread())
        return rolled_up(*asked)

    monkeypatch.setattr(costs, "rolled_up", seen)
    answer = await mill.ask("GET", "/v1/mill/reports/style-costs", params={"style": "beside the loop"})
    assert answer.status_code == 200, answer.text
    assert threads
    assert threading.main_thread() not in threads
