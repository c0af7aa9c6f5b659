"""Yarns, suppliers and receipts over HTTP: shapes of spec E.4, filters, pages, what planners set."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.mill.queries import scopes
from service.schemas.mill import yarns as wire
from tests.mill.scenario import AS_OF, line, order, read_files, receipt, settle_f58, style, yarn
from tests.support.ground import Ground
from tests.support.house import House, open_house
from tests.support.statements import counted_statements

PATH = "/v1/mill"
MONDAYS = (date(2025, 9, 1), date(2025, 9, 8), date(2025, 9, 15), date(2025, 9, 22))


@pytest.fixture(scope="module")
async def f40(ground: Ground) -> AsyncIterator[House]:
    """F-40 and F-46 as a yarn with orders and receipts; F-13, F-14, F-16 as yarns in store; only read."""
    url = await ground.clone()
    async with open_house(url) as house:
        await house.sql(
            "INSERT INTO mill.planning_params (name, valid_from, value, set_by) VALUES"
            " ('production_lead_days', '2025-01-01', '0', 'test'), ('moq_lb', '2025-01-01', '0', 'test'),"
            " ('lot_multiple_lb', '2025-01-01', '0', 'test'), ('weeks_horizon', '2025-01-01', '4', 'test')"
        )
        await yarn(house, "Y9", beginning_balance=1000, allocated=-2200, on_order=1200, lead_time_days=0)
        await style(house, "S/9 A")
        await line(house, "S/9 A", "Y9", 1)
        for at, (monday, pounds) in enumerate(zip(MONDAYS, (600, 700, 500, 400), strict=True)):
            day = AS_OF if at == 0 else monday
            await order(house, f"K{at}", "S/9 A", pounds, due_date=day)
        await receipt(house, "PO-1", "Y9", 900, due=MONDAYS[2])
        await receipt(house, "PO-2", "Y9", 300, kind="past_due")
        await yarn(house, "A13/1", beginning_balance=1230, consumed=-430)
        await yarn(house, "B13", beginning_balance=800, allocated=-800)
        await yarn(house, "C13", beginning_balance=50)
        await yarn(house, "D13", beginning_balance=-5)
        await yarn(house, "A16", beginning_balance=680, consumed=-430, on_order=250)
        for code, stock in (("A14", 90), ("B14", 250), ("C14", 300), ("D14", 642), ("E14", 643)):
            await yarn(house, code, beginning_balance=stock + 430, consumed=-430)
        await yarn(house, "STUB", stocked=False, active=False)
        await read_files(house, "yarn_inventory", "bom", "knit_orders", "expected_receipts", "suppliers")
        yield house
    await ground.drop(url)


async def test_f058_balance_has_the_shape_of_the_specification(f58: House) -> None:
    body = await f58.get(f"{PATH}/yarns/Y1/balance")
    wire.YarnBalance.model_validate(body)
    told = ("yarn_code", "as_of", "theoretical_balance", "allocated", "on_order", "planning_balance",
            "available_now", "min_stock", "shortage", "risk", "balance_score")  # fmt: skip
    assert [body[name] for name in told] == [
        "Y1", "2025-09-03", "1000.0000", "-200.0000", "300.0000", "1100.0000", "800.0000", "1200.0000",
        "100.0000", "LOW", "0.00",
    ]  # fmt: skip
    # No dated demand is known without a plan: what is allocated over eight weeks.
    assert body["weeks_of_supply"] == {
        "value": "40.00", "mean": "40.00", "method": "allocated", "reason": None,
    }  # fmt: skip
    assert body["data"]["complete"] is False


@pytest.mark.parametrize(
    ("policy", "balances", "first"),
    [
        (
            "exclude",
            ["400.0000", "-300.0000", "100.0000", "-300.0000"],
            {"bucket": 1, "quantity": "300.0000"},
        ),
        ("now", ["700.0000", "0.0000", "400.0000", "0.0000"], None),
        ("offset:1", ["400.0000", "0.0000", "400.0000", "0.0000"], None),
    ],
)
async def test_f040_weeks_by_policy(
    f40: House, policy: str, balances: list[str], first: dict[str, Any] | None
) -> None:
    body = await f40.get(f"{PATH}/yarns/Y9/timeline", policy=policy)
    wire.YarnTimeline.model_validate(body)
    assert [week["balance"] for week in body["weeks"]] == balances
    assert (body["first_shortage"], body["opening"], body["past_due_receipts"]) == (
        first, "1000.0000", "300.0000",
    )  # fmt: skip


async def test_f041_new_shortage_and_what_to_buy(f40: House) -> None:
    body = await f40.get(f"{PATH}/yarns/Y9/timeline")
    assert [week["new_shortage"] for week in body["weeks"]] == ["0.0000", "300.0000", "0.0000", "300.0000"]
    assert (body["to_buy"], body["recovery"]) == ("300.0000", 2)
    assert [week["iso_week"] for week in body["weeks"]] == ["2025-W36", "2025-W37", "2025-W38", "2025-W39"]


async def test_f046_what_would_mend_it(f40: House) -> None:
    body = await f40.get(f"{PATH}/yarns/Y9/timeline")
    named = ("action", "from_bucket", "to_bucket", "quantity")
    assert [tuple(one[name] for name in named) for one in body["actions"]] == [
        ("EXPEDITE", 2, 1, "300.0000"),
        ("ORDER", None, 3, "300.0000"),
    ]


async def test_f045_all_that_comes_and_goes_is_the_planning_balance(f40: House) -> None:
    for policy in ("exclude", "now", "offset:2"):
        check = (await f40.get(f"{PATH}/yarns/Y9/timeline", policy=policy))["check"]
        assert (check["agrees"], check["closing"], check["explained_by"]) == (True, "0.0000", {})


async def test_i9_says_what_a_difference_is_made_of(f58: House) -> None:
    check = (await f58.get(f"{PATH}/yarns/Y1/timeline"))["check"]
    parts = [Decimal(value) for value in check["explained_by"].values()]
    assert check["agrees"] is False
    assert sum(parts) == Decimal(check["difference"])


async def test_the_chart_of_a_yarn(f40: House) -> None:
    page = await f40.ask("GET", f"{PATH}/yarns/Y9/timeline", params={"format": "html", "locale": "es"})
    assert page.headers["content-type"].startswith("text/html")
    assert "2025-W37" in page.text
    assert "Hilo semana a semana" in page.text


@pytest.mark.parametrize(
    ("code", "weeks", "method"),
    [("A13/1", "8.00", "consumed"), ("B13", "8.00", "allocated"), ("C13", None, None), ("D13", "0.00", None)],
)
async def test_f013_weeks_of_supply_without_dated_demand(
    f40: House, code: str, weeks: str | None, method: str | None
) -> None:
    cover = (await f40.get(f"{PATH}/yarns/{code}/balance"))["weeks_of_supply"]
    assert (cover["value"], cover["method"]) == (weeks, method)
    assert (cover["reason"] == "NO_DEMAND") == (weeks is None)


async def test_f014_f016_forecast_shortages(f40: House) -> None:
    rows = {row["yarn_code"]: row for row in (await f40.get(f"{PATH}/reports/forecast-shortages"))["items"]}
    assert [rows[code]["stock_out_day"] for code in ("A14", "B14", "C14", "D14", "E14")] == [
        6,
        17,
        21,
        44,
        45,
    ]
    urgent = [rows[code]["urgency"] for code in ("A14", "B14", "C14", "D14", "E14")]
    assert urgent == ["CRITICAL", "HIGH", "MEDIUM", "MEDIUM", "LOW"]
    told = ("balance_lb", "theoretical_balance_lb", "requirement_lb", "net_position_lb", "net_shortage_lb",
            "stock_out_day", "stock_out_week", "urgency")  # fmt: skip
    assert [rows["A16"][name] for name in told] == [
        "500.0000", "250.0000", "1300.0000", "-800.0000", "800.0000", 17, 3, "HIGH",
    ]  # fmt: skip


async def test_a_code_may_hold_a_slash_and_none_is_made_up(f40: House) -> None:
    assert (await f40.get(f"{PATH}/yarns/a13/1"))["yarn_code"] == "A13/1"
    assert len((await f40.get(f"{PATH}/receipts", yarn="y9"))["items"]) == 2
    assert (await f40.ask("GET", f"{PATH}/yarns/NONE")).status_code == 404
    missing = await f40.ask("GET", f"{PATH}/yarns/STUB/balance")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_stock_row")


async def test_pages_hold_every_yarn_once(f40: House) -> None:
    for sort in ("yarn_code", "planning_balance", "-planning_balance", "-theoretical_balance"):
        asked: dict[str, Any] = {"limit": 3, "sort": sort, "include": "total"}
        found: list[dict[str, Any]] = []
        while True:
            body = await f40.get(f"{PATH}/yarns", **asked)
            [wire.YarnItem.model_validate(one) for one in body["items"]]
            found += body["items"]
            assert body["page"]["total"] == 11
            if body["page"]["next"] is None:
                break
            asked["cursor"] = body["page"]["next"]
        assert len({one["yarn_code"] for one in found}) == len(found) == 11
        name = sort.removeprefix("-")
        values = [Decimal(one[f"{name}_lb"]) if name != "yarn_code" else one[name] for one in found]
        assert values == sorted(values, reverse=sort.startswith("-"))


async def test_filters_of_yarns(f40: House) -> None:
    async def codes(**asked: Any) -> list[str]:
        return [one["yarn_code"] for one in (await f40.get(f"{PATH}/yarns", **asked))["items"]]

    assert await codes(risk="MEDIUM") == ["D13"]
    assert await codes(q="13/") == ["A13/1"]
    assert await codes(max_planning_balance="0") == ["B13", "D13", "Y9"]
    assert await codes(min_planning_balance="600") == ["A13/1", "D14", "E14"]
    assert await codes(stocked=False) == ["STUB"]
    thin = (await f40.get(f"{PATH}/yarns", fields="risk,planning_balance_lb", q="D13"))["items"]
    assert thin == [{"yarn_code": "D13", "risk": "MEDIUM", "planning_balance_lb": "-5.0000"}]
    wrong = await f40.ask("GET", f"{PATH}/yarns", params={"fields": "planing_balance_lb"})
    assert (wrong.status_code, "planning_balance_lb" in wrong.text) == (422, True)
    assert (await f40.ask("GET", f"{PATH}/yarns?stocked=false&risk=LOW")).status_code == 422


async def test_receipts_and_suppliers(own_f58: House) -> None:
    await own_f58.sql(
        "INSERT INTO mill.suppliers (supplier_code, name) VALUES ('SUP-A', 'A'), ('SUP-B', 'B')"
    )
    await own_f58.sql(
        "UPDATE mill.yarns SET supplier_id = (SELECT id FROM mill.suppliers WHERE supplier_code = 'SUP-A')"
        " WHERE yarn_code IN ('Y1', 'Y2')"
    )
    await own_f58.sql(
        "UPDATE mill.purchase_order_lines SET price_per_lb = 4.25, supplier_id ="
        " (SELECT id FROM mill.suppliers WHERE supplier_code = 'SUP-B') WHERE po_no = 'PO-3'"
    )
    items = (await own_f58.get(f"{PATH}/receipts"))["items"]
    assert [(one["po_no"], one["kind"], one["supplier"], one["quantity_lb"]) for one in items] == [
        ("PO-1", "dated", "SUP-A", "500.0000"),
        ("PO-2", "past_due", "SUP-A", "300.0000"),
        ("PO-3", "later", "SUP-B", "100.0000"),
    ]
    [a, b] = (await own_f58.get(f"{PATH}/suppliers"))["items"]
    assert (a["yarns"], a["single_source_yarns"], a["open_lb"], a["past_due_lb"], a["past_due_percent"]) == (
        2, 1, "800.0000", "300.0000", "37.50",
    )  # fmt: skip
    assert (b["yarns"], b["single_source_yarns"], b["past_due_percent"]) == (1, 0, "0.00")
    body = await own_f58.get("/v1/mill/reports/receipts")
    assert [(row["po_no"], row["single_source"], row["supplier_past_due_percent"], row["money"])
            for row in body["items"]] == [
        ("PO-2", False, "37.50", None), ("PO-1", False, "37.50", None), ("PO-3", False, "0.00", "425.00"),
    ]  # fmt: skip
    assert (body["summary"]["past_due"], body["summary"]["past_due_lb"]) == (1, "300.0000")
    assert body["notes"][:1] == ["Plans count past-due receipts by the policy exclude."]
    await own_f58.sql("UPDATE mill.expected_receipts SET due_date = '2025-09-01' WHERE kind = 'dated'")
    dated = await own_f58.get("/v1/mill/reports/receipts", kind="dated")
    assert dated["notes"][:1] == ["Plans count what was due earlier this week from today on."]
    gaps = (await own_f58.get("/v1/gaps", desk="mill"))["items"]
    told = [one["reasons"][0].split(":")[0] for one in gaps if one["code"] == "receipt_past_due"]
    assert told == [
        "plans do not count on it unless the policy of past-due receipts says so",
        "plans count on it from today on",
    ]


async def test_what_a_planner_sets(own_f58: House) -> None:
    async def patch(body: dict[str, Any], version: int | None, code: str = "Y1", **more: Any) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await own_f58.ask("PATCH", f"{PATH}/yarns/{code}", json=body, headers=headers, **more)

    assert (await patch({"moq_lb": "120"}, None)).status_code == 428
    assert (await patch({"moq_lb": "120"}, 9)).status_code == 412
    done = await patch({"moq_lb": "120", "min_stock_lb": "900.5", "lead_time_days": 10, "reason": "new"}, 1)
    body = done.json()
    assert done.status_code == 200, done.text
    assert (body["moq_lb"], body["min_stock_lb"], body["lead_days"], body["lead_source"]) == (
        "120.0000", "900.5000", 10, "yarn",
    )  # fmt: skip
    assert (done.headers["etag"], body["row_version"]) == ('"2"', 2)
    assert "mill/stock" in done.headers["data-version"]
    back = await patch({"lead_time_days": None}, 2)
    assert (back.json()["lead_days"], back.json()["lead_source"]) == (21, "default")
    assert (await patch({}, 3)).status_code == 422
    assert (await patch({"moq_lb": None}, 3)).status_code == 422
    assert (await patch({"safety_stock_lb": "-1"}, 3)).status_code == 422
    assert (await patch({"min_stock_lb": "5"}, 1, "Y3")).json()["code"] == "no_stock_row"
    assert (await patch({"moq_lb": "5"}, 1, "NONE")).status_code == 404
    reader = await own_f58.token("mill:read")
    assert (await patch({"moq_lb": "5"}, 3, token=reader)).status_code == 403
    [row, _] = await own_f58.sql(
        "SELECT before, after FROM muster.audit WHERE subject = 'yarn:Y1' ORDER BY at, id"
    )
    assert (row.before["moq_lb"], row.after["moq_lb"], row.after["reason"]) == ("0.0000", "120", "new")


async def test_the_number_of_statements_does_not_grow_with_the_yarns(house: House) -> None:
    async def counted() -> list[int]:
        found = []
        for path in ("/yarns", "/suppliers", "/receipts", "/reports/shortages", "/reports/planning-balance",
                     "/reports/open-orders", "/reports/bom-checks"):  # fmt: skip
            with counted_statements(house.runtime.database.engine) as seen:
                await house.get(f"{PATH}{path}")
            found.append(sum("mill." in one for one in seen))
        return found

    await settle_f58(house)
    few = await counted()
    for at in range(30):
        await yarn(house, f"M{at}", beginning_balance=-at)
        await receipt(house, f"PO-M{at}", f"M{at}", 10, kind="later")
        await order(house, f"OM{at}", "G2", 10)
    async with house.runtime.database.write() as conn:
        await house.runtime.versions.raise_in(conn, scopes.ALL)
    assert await counted() == few
