"""The desk's reports over HTTP: the cases of spec F, totals over the whole filter, completeness, explanations."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from service.mill.reports import REPORTS
from tests.mill.scenario import AS_OF, settle_f58
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
    body = await own_f58.get(f"{PATH}/shortages")
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


async def test_a_yarn_that_there_is_not_is_named_with_near_ones(planned: House) -> None:
    answer = await planned.ask("GET", f"{PATH}/yarn-weeks", params={"yarn": "Y9"})
    assert answer.status_code == 422
    assert "Y1" in answer.json()["errors"][0]["detail"]
