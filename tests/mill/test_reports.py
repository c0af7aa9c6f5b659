"""The desk's reports over HTTP: the cases of spec F, totals over the whole filter, completeness, explanations."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from statistics import pvariance
from typing import Any

import pytest

from service.mill.reports import REPORTS
from tests.mill.scenario import AS_OF, line, order, read_files, settle_f58, style, yarn
from tests.support.ground import Ground
from tests.support.house import House, open_house

D = Decimal
PATH = "/v1/mill/reports"


@pytest.fixture(scope="module")
async def planned(ground: Ground) -> AsyncIterator[House]:
    """F-58 with its plan; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f58(opened)
        done = await opened.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
        assert done.state == "done"
        yield opened
    await ground.drop(url)


@pytest.mark.parametrize("report", [pytest.param(one, id=one.name) for one in REPORTS])
async def test_every_report_answers_rows_of_its_schema(planned: House, report: Any) -> None:
    body = await planned.get(f"{PATH}/{report.name}")
    [report.row.model_validate(row) for row in body["items"]]
    assert all(set(row) == set(report.row.model_fields) for row in body["items"])
    assert body["summary"]["as_of"] == "2025-09-03"
    assert body["meta"]["complete"] == (body["meta"]["incomplete_reasons"] == [])
    assert all(set(report.key) <= set(row) for row in body["items"])
    assert set(report.example["summary"]) == set(body["summary"])


async def test_f058_shortages(planned: House) -> None:
    body = await planned.get(f"{PATH}/shortages")
    assert [(row["yarn_code"], row["planning_balance_lb"], row["shortage_lb"], row["risk"],
             row["balance_score"]) for row in body["items"]] == [
        ("Y2", "-1276.0000", "1276.0000", "CRITICAL", "12.76"),
        ("Y1", "1100.0000", "100.0000", "LOW", "0.00"),
    ]  # fmt: skip
    summary = body["summary"]
    assert (summary["yarns"], summary["critical"], summary["shortage_lb"]) == (2, 1, "1376.0000")
    # The plan has a gate (a yarn nobody counted): the answer says so.
    assert any("NO_STOCK_ROW" in reason for reason in body["meta"]["incomplete_reasons"])


async def test_shortages_without_a_plan_say_so(own_f58: House) -> None:
    body = await own_f58.get(f"{PATH}/shortages")
    assert {row["short_reason"] for row in body["items"]} == {"NO_PLAN"}
    assert body["meta"]["incomplete_reasons"] == [
        "no plan was made: first short days and the demand by week are not known"
    ]


async def test_a_plan_of_older_data_is_not_told_as_one_of_now(own_f58: House) -> None:
    await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    [y2, _] = (await own_f58.get(f"{PATH}/shortages"))["items"]
    assert (y2["short_reason"], y2["weeks_method"]) == (None, "dated_demand")
    seen = await own_f58.get("/v1/mill/yarns/Y2")
    change = {"json": {"min_stock_lb": "10"}, "headers": {"If-Match": f'"{seen["row_version"]}"'}}
    answer = await own_f58.ask("PATCH", "/v1/mill/yarns/Y2", **change)
    assert answer.status_code == 200, answer.text
    seen_since = {"Min-Data-Version": answer.headers["data-version"]}
    body = (await own_f58.ask("GET", f"{PATH}/shortages", headers=seen_since)).json()
    [y2, _] = body["items"]
    assert (y2["shortage_lb"], y2["short_reason"], y2["weeks_method"]) == (
        "1286.0000",
        "PLAN_OLD",
        "allocated",
    )
    assert any("older data" in reason for reason in body["meta"]["incomplete_reasons"])


async def test_f058_weeks_and_requirements(planned: House) -> None:
    body = await planned.get(f"{PATH}/yarn-weeks")
    weeks: dict[str, list[str]] = {}
    for row in body["items"]:
        weeks.setdefault(row["yarn_code"], []).append(row["balance_lb"])
    assert {code: of[:3] for code, of in weeks.items()} == {
        "Y1": ["100.0000", "232.2900", "232.2900"],
        "Y2": ["224.0000", "66.4100", "66.4100"],
        "Y3": ["-600.0000"] * 3,
    }
    assert (body["summary"]["yarns"], body["summary"]["short_yarns"]) == (3, 1)
    now = await planned.get(f"{PATH}/yarn-weeks", yarn="Y1")
    assert now["items"] == [row for row in body["items"] if row["yarn_code"] == "Y1"]
    needs = (await planned.get(f"{PATH}/requirements"))["items"]
    assert [(row["yarn_code"], row["week"], row["gross_lb"], row["needed_by"]) for row in needs] == [
        ("Y1", "2025-W36", "900.0000", "O3 300.0000; O2 600.0000"),
        ("Y1", "2025-W37", "367.7100", "O1 367.7100"),
        ("Y2", "2025-W37", "157.5900", "O1 157.5900"),
        ("Y3", "2025-W36", "600.0000", "O3 200.0000; O2 400.0000"),
    ]


async def test_requirements_are_told_by_the_weeks_that_the_plan_has(own_f58: House) -> None:
    await own_f58.runtime.tasks.run_now(
        "mill.plan", {"as_of": AS_OF, "parameters": {"weeks_horizon": 1}}, "test"
    )
    needs = (await own_f58.get(f"{PATH}/requirements"))["items"]
    assert [(row["yarn_code"], row["week"], row["week_start"]) for row in needs] == [
        ("Y1", "2025-W36", "2025-09-01"), ("Y1", "later", None), ("Y2", "later", None),
        ("Y3", "2025-W36", "2025-09-01"),
    ]  # fmt: skip


async def test_a_yarn_that_there_is_not_is_named_with_near_ones(planned: House) -> None:
    answer = await planned.ask("GET", f"{PATH}/yarn-weeks", params={"yarn": "Y9"})
    assert answer.status_code == 422
    assert "Y1" in answer.json()["errors"][0]["detail"]


def _below(balance: D, edges: Any) -> str:
    return next((name for name, edge in zip(LEVELS, edges, strict=False) if balance < D(edge)), "LOW")


def _from(score: D, edges: Any) -> str:
    return next((name for name, edge in zip(LEVELS, edges, strict=False) if score >= edge), "LOW")


LEVELS = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
HUNDREDTH, UNIT = D("0.01"), D("0.0001")
# By the words of each rule: from the inputs as numbers, the inputs as they are, and the threshold.
RULES: dict[str, Any] = {
    "theoretical_balance_lb": lambda d, _i, _t: sum(d.values()),
    "planning_balance_lb": lambda d, _i, _t: sum(d.values()),
    "available_now_lb": lambda d, _i, _t: sum(d.values()),
    "shortage_lb": lambda d, _i, _t: max(
        D(0),
        d["level_lb"] - d["balance_lb"] if "level_lb" in d else d["min_stock_lb"] - d["planning_balance_lb"],
    ),
    "new_shortage_lb": lambda d, _i, _t: max(D(0), d["shortage_lb"] - d["shortage_before_lb"]),
    "balance_lb": lambda d, _i, _t: (
        d["before_lb"] + d["receipts_lb"] - d["demand_lb"]
        if "before_lb" in d
        else max(D(0), d["ordered_lb"] - d["produced_lb"] - d["shipped_lb"] + d["seconds_lb"])
    ),
    "risk": lambda d, _i, t: (
        _from(d["risk_score"], t) if "risk_score" in d else _below(d["planning_balance_lb"], t)
    ),
    "criticality": lambda d, _i, t: _from(d["criticality_score"], t),
    "balance_score": lambda d, _i, _t: min(D(100), max(D(0), -d["planning_balance_lb"]) / 100),
    "criticality_score": lambda _d, i, _t: sum(i["criticality_parts"]),
    "weekly_demand_lb": lambda d, _i, _t: (d["demand_pounds_lb"] / d["demand_weeks"]).quantize(UNIT),
    "weeks_of_supply": lambda d, i, _t: _cover(
        d["theoretical_balance_lb"], [D(one) for one in i["dated_demand_lb"]]
    ),
    "completion_percent": lambda d, _i, _t: (
        (d["produced_lb"] + d["shipped_lb"]) * 100 / d["ordered_lb"]
    ).quantize(HUNDREDTH),
    "days_until_due": lambda _d, i, _t: (
        (date.fromisoformat(i["due_date"]) - date.fromisoformat(i["as_of"])).days
    ),
    "risk_score": lambda d, _i, _t: sum(d.values()),
    "value": lambda d, _i, _t: max(
        D(0), (d["theoretical_balance_lb"] * d["cost_per_lb"]).quantize(HUNDREDTH)
    ),
    "total": lambda d, _i, _t: sum(d.values()),
    "gross_lb": lambda d, _i, _t: sum(d.values()),
}


def recomputed(figure: str, inputs: dict[str, Any], threshold: Any) -> Any:
    """A figure out of its explanation alone."""
    numbers = {name: D(value) for name, value in inputs.items() if _is_number(value)}
    return RULES[figure](numbers, inputs, threshold)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) or (
        isinstance(value, str) and value.lstrip("-").replace(".", "").isdecimal()
    )


def _cover(balance: D, dated: list[D]) -> D:
    if balance <= 0:
        return D(0)
    for full, pounds in enumerate(dated):
        if balance < pounds:
            return (full + balance / pounds).quantize(D("0.01"), "ROUND_HALF_UP")
        balance -= pounds
    return D(len(dated))


EXPLAINED = [
    ("shortages", {"yarn_code": "Y2"}, ("theoretical_balance_lb", "planning_balance_lb", "available_now_lb",
     "shortage_lb", "risk", "balance_score", "criticality_score", "criticality", "weekly_demand_lb",
     "weeks_of_supply")),
    ("planning-balance", {"yarn_code": "Y1"}, ("planning_balance_lb", "weeks_of_supply", "risk")),
    ("open-orders", {"order_no": "O1"}, ("balance_lb", "completion_percent", "days_until_due", "risk_score",
     "risk")),
    ("yarn-weeks", {"yarn_code": "Y3", "bucket": 0}, ("balance_lb", "shortage_lb", "new_shortage_lb")),
    ("requirements", {"yarn_code": "Y1", "week": "2025-W36"}, ("gross_lb",)),
    ("bom-checks", {"style_code": "G2"}, ("total",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key", "figures"), EXPLAINED, ids=[one[0] for one in EXPLAINED])
async def test_q08_figures_follow_from_their_explanations_alone(
    planned: House, name: str, key: dict[str, Any], figures: tuple[str, ...]
) -> None:
    rows = (await planned.get(f"{PATH}/{name}"))["items"]
    [row] = [one for one in rows if all(one[part] == value for part, value in key.items())]
    for figure in figures:
        told = await planned.get(f"{PATH}/{name}/explain", **key, figure=figure)
        inputs = {one["name"]: one["value"] for one in told["inputs"]}
        found = recomputed(figure, inputs, told["threshold"])
        assert told["value"] == row[figure], figure
        assert str(found) == str(told["value"]) or D(str(found)) == D(str(told["value"])), (figure, found)


async def test_an_explanation_of_what_is_not_there_is_404(planned: House) -> None:
    for name, key in (("shortages", {"yarn_code": "NONE", "figure": "risk"}),
                      ("open-orders", {"order_no": "NONE", "figure": "risk"}),
                      ("receipts", {"receipt": 999, "figure": "money"}),
                      ("yarn-weeks", {"yarn_code": "Y1", "bucket": 99}),
                      ("procurement", {"number": 999, "figure": "money"}),
                      ("requirements", {"yarn_code": "Y1", "week": "2030-W01"}),
                      ("bom-checks", {"style_code": "NONE", "figure": "total"}),
                      ("data-quality", {"source": "plan", "code": "NONE"}),
                      ("stock-value", {"yarn_code": "NONE", "figure": "value"}),
                      ("forecast-shortages", {"yarn_code": "NONE", "figure": "urgency"})):  # fmt: skip
        answer = await planned.ask("GET", f"{PATH}/{name}/explain", params=key)
        assert answer.status_code == 404, (name, answer.text)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "html", "ndjson"])
async def test_every_report_is_a_file_too(planned: House, format_: str) -> None:
    for report in REPORTS:
        asked = {"format": format_, "locale": "es"}
        file = await planned.ask("GET", f"{PATH}/{report.name}", params=asked)
        assert file.status_code == 200, (report.name, file.text)
        if format_ == "html":
            assert report.titles["es"] in file.text
    csv = await planned.ask("GET", f"{PATH}/shortages", params={"format": "csv"})
    assert "Planning balance (lb)" in csv.text.splitlines()[0]
    page = await planned.ask("GET", f"{PATH}/shortages", params={"format": "html"})
    assert ('<td class="n">-1276.00</td>' in page.text, "-1276.0000" in csv.text) == (True, True)


async def test_f036_what_to_keep_when_to_order_and_how_much(house: House) -> None:
    await house.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by) VALUES"
        " ('demand_variation', '2025-01-01', '\"0.2\"', 'test'),"
        " ('lead_sigma', '2025-01-01', '{\"unknown\": 0, \"international\": 5}', 'test')"
    )
    await house.sql(
        "INSERT INTO mill.suppliers (supplier_code, name, origin, lead_time_days)"
        " VALUES ('FAR', 'Far', 'international', 21)"
    )
    [(far,)] = await house.sql("SELECT id FROM mill.suppliers")
    # 700 lb a week are 100 a day; 1,000 a week 52,000 a year, at 1.00 a year to hold a pound.
    await yarn(house, "A", consumed=-3010, lead_time_days=14, cost_per_lb=D(4))
    await yarn(house, "B", consumed=-4300, lead_time_days=14, cost_per_lb=D(4))
    await yarn(house, "C", consumed=-3010, supplier_id=far)
    await yarn(house, "D", beginning_balance=5)
    rows = {row["yarn_code"]: row for row in (await house.get(f"{PATH}/safety-stock"))["items"]}
    names = ("daily_demand_lb", "sigma_lb", "safety_stock_lb", "reorder_point_lb", "economic_lb", "reasons")
    assert {code: [row[name] for name in names] for code, row in rows.items()} == {
        "A": ["100.0000", "20.0000", "153.4080", "1553.4080", "2336.6643", ""],
        "B": ["142.8571", "28.5714", "219.1540", "2219.1534", "2792.8480", ""],
        "C": ["100.0000", "20.0000", "1042.0777", "3142.0777", None, "NO_COST"],
        "D": [None, None, None, None, None, "NO_DEMAND"],
    }


async def test_f036_the_spread_of_demand_is_that_of_the_dated_weeks(planned: House) -> None:
    told = await planned.get(f"{PATH}/safety-stock/explain", yarn_code="Y1", figure="sigma_lb")
    [weeks] = [one["value"] for one in told["inputs"] if one["name"] == "dated_demand_lb"]
    assert len(weeks) == 13
    assert D(told["value"]) == (pvariance([D(one) for one in weeks]) / 7).sqrt().quantize(D("0.0001"))


async def test_f071_stock_value_and_f073_f078_orders_and_f028_recipes(house: House) -> None:
    await yarn(house, "V1", beginning_balance=D("310.40"), cost_per_lb=D("4.25"), allocated=D("-245.15"))
    await yarn(house, "V2", beginning_balance=D("-75.25"), cost_per_lb=D(2))
    await yarn(house, "V3", beginning_balance=50)
    await yarn(house, "V4", beginning_balance=10, cost_per_lb=D(0), customer="CUST-X")
    body = await house.get(f"{PATH}/stock-value")
    assert [(row["yarn_code"], row["value"], row["negative_value"], row["reason"]) for row in body["items"]] == [
        ("V1", "1319.20", "0.00", None), ("V2", "0.00", "-150.50", None), ("V3", None, None, "COST_MISSING"),
        ("V4", "0.00", "0.00", None),
    ]  # fmt: skip
    assert body["summary"] | {"as_of": ""} == {
        "as_of": "", "yarns": 4, "value": None, "known_value": "1319.20", "negative_value": None,
        "known_negative_value": "-150.50", "without_cost": 1, "without_cost_lb": "50.0000",
    }  # fmt: skip
    assert "1 yarns have no cost: their value is not known" in body["meta"]["incomplete_reasons"]
    told = await house.get(f"{PATH}/stock-value/explain", yarn_code="V1", figure="value")
    assert recomputed("value", {one["name"]: one["value"] for one in told["inputs"]}, None) == D(
        told["value"]
    )
    for code, parts in (("OK1", "0.6 0.4005"), ("NEAR", "0.5 0.485"), ("OFF", "0.5 0.4"), ("BARE", "")):
        await style(house, code)
        for at, part in enumerate(parts.split()):
            await line(house, code, f"V{at + 1}", part)
    await read_files(house, "yarn_inventory", "bom", "knit_orders")
    checks = (await house.get(f"{PATH}/bom-checks"))["items"]
    assert {row["style_code"]: (row["total"], row["verdict"]) for row in checks} == {
        "OK1": ("1.00050000", "OK"), "NEAR": ("0.98500000", "BOM_SUM_NEAR"), "OFF": ("0.90000000", "BOM_SUM_OFF"),
    }  # fmt: skip
    await order(house, "R1", "OK1", 1800, produced=D("260.5"), shipped=940, seconds=D("62.5"))
    await order(house, "R2", "OK1", 1000, shipped=1080)
    await order(house, "R3", "OK1", 1000, shipped=1050)
    await order(house, "L1", "BARE", 2500, due_date=date(2025, 8, 24))
    await order(house, "L2", "OK1", 2501, produced=1, due_date=date(2025, 8, 24))
    rows = {row["order_no"]: row for row in (await house.get(f"{PATH}/open-orders"))["items"]}
    assert (rows["R1"]["balance_lb"], rows["R1"]["completion_percent"]) == ("662.0000", "66.69")
    assert [rows[one]["over_shipped_percent"] for one in ("R1", "R2", "R3")] == [None, "8.00", None]
    assert (rows["R2"]["balance_lb"], rows["R1"]["reason"]) == ("0.0000", "NO_DUE_DATE")
    named = ("risk_delivery", "risk_quantity", "risk_production", "risk_material", "risk_score", "risk")
    assert [rows["L1"][one] for one in named] == ["33.33", 20, 20, 10, "83.33", "CRITICAL"]
    assert [rows["L2"][one] for one in named] == ["10.00", 20, 10, 0, "40.00", "MEDIUM"]
    late = await house.get(f"{PATH}/open-orders", late=True, min_risk="HIGH")
    assert [row["order_no"] for row in late["items"]] == ["L1"]


async def test_a_signed_shortage_list_says_what_changed_since(own_f58: House) -> None:
    await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    asked = {"report": "shortages", "params": {}, "accept_incomplete": True}
    sealed = await own_f58.ask("POST", "/v1/mill/statements", json=asked)
    assert sealed.status_code == 201, sealed.text
    version = (await own_f58.get("/v1/mill/yarns/Y2"))["row_version"]
    await own_f58.ask(
        "PATCH", "/v1/mill/yarns/Y2", json={"min_stock_lb": "10"}, headers={"If-Match": f'"{version}"'}
    )
    changes = await own_f58.get(f"/v1/statements/{sealed.json()['id']}/changes")
    by_figure = {one["figure"]: one for one in changes["items"] if one["key"] == {"yarn_code": "Y2"}}
    assert (by_figure["shortage_lb"]["sealed"], by_figure["shortage_lb"]["today"]) == (
        "1276.0000",
        "1286.0000",
    )
    assert all(one["causes"] for one in changes["items"])
    assert "yarn_edited" in {cause["code"] for cause in by_figure["shortage_lb"]["causes"]}


async def test_an_inventory_of_an_earlier_day_can_be_asked_for(own_f58: House) -> None:
    await own_f58.sql(
        "INSERT INTO mill.yarn_inventory_history (snapshot_date, yarn_id, beginning_balance, min_stock,"
        " theoretical_balance, planning_balance)"
        " SELECT '2025-09-01', id, 5, 7, 5, 5 FROM mill.yarns WHERE yarn_code = 'Y1'"
    )
    body = await own_f58.get(f"{PATH}/shortages", as_of="2025-09-01")
    assert [(row["yarn_code"], row["shortage_lb"]) for row in body["items"]] == [("Y1", "2.0000")]
    none = await own_f58.ask("GET", f"{PATH}/shortages", params={"as_of": "2025-08-01"})
    assert (none.status_code, "2025-09-01" in none.text) == (422, True)


async def test_filters_narrow_rows_and_totals_alike(planned: House) -> None:
    body = await planned.get(f"{PATH}/shortages", min_risk="HIGH")
    assert [row["yarn_code"] for row in body["items"]] == ["Y2"]
    assert (body["summary"]["yarns"], body["summary"]["shortage_lb"]) == (1, "1276.0000")
    none = await planned.get(f"{PATH}/planning-balance", q="nothing holds this")
    assert (none["items"], none["summary"]["yarns"], none["summary"]["health"]) == ([], 0, "GOOD")
