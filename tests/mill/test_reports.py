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
