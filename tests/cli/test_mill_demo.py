"""The demo's knitting mill: two days of files and a plan of each, made once, whatever stops it midway."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from service.cli.mill_demo import begun, settle_mill, settling_mill, tell_mill
from tests.support.house import House, open_house

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
"""The evening of the 21st at the mill."""
LATER = NOW + timedelta(days=3)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    async with open_house(database_url) as opened:
        yield opened


def written_days(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_two_days_come_once_with_a_plan_each(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await begun(house.runtime, NOW) == date(2026, 11, 21)  # and there it was stopped, for three days
    await settle_mill(house.runtime, tmp_path, LATER)
    assert "the mill: files of 2026-11-20 and 2026-11-21" in capsys.readouterr().err
    plans = (await house.get("/v1/mill/plan-runs"))["items"]
    assert [(one["as_of"], one["status"], one["published"]) for one in plans] == [
        ("2026-11-21", "done", True), ("2026-11-20", "done", False),
    ]  # fmt: skip
    assert plans[0]["input_hash"] != plans[1]["input_hash"]
    assert plans[0]["stats"]["short_yarns"] > 0
    files = await house.get("/v1/mill/imports", limit=200)
    assert {one["status"] for one in files["items"]} == {"done"}
    assert written_days(tmp_path) == ["2026-11-20", "2026-11-21"]
    short = await house.get("/v1/mill/reports/shortages")
    assert short["summary"]["as_of"] == "2026-11-21"
    assert short["items"]
    # Its schedule is published, and that makes no plan old.
    assert (await house.get("/v1/mill/schedule", most=1))["published"]
    assert not any("older data" in reason for reason in short["meta"]["incomplete_reasons"])

    await settle_mill(house.runtime, tmp_path, LATER)
    assert (
        "the mill:" not in capsys.readouterr().err
    )  # lines of the log, where one is shown, are no word of ours
    assert (await house.get("/v1/mill/plan-runs"))["items"] == plans


async def test_where_own_files_came_first_no_mill_is_made_up(house: House, tmp_path: Path) -> None:
    await house.sql(
        "INSERT INTO mill.import_jobs (file_kind, file_name, sha256, content_key, mode, requested_by)"
        " VALUES ('bom', 'bom.csv', 'x', 'x', 'strict', 'test')"
    )
    await settle_mill(house.runtime, tmp_path, NOW)
    assert written_days(tmp_path) == []


async def test_stopping_at_once_is_quiet(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wanted in (True, False):
        async with settling_mill(house.runtime, tmp_path, wanted=wanted):
            pass
    assert "the mill" not in capsys.readouterr().err


def test_where_the_mill_shows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell_mill("http://muster.test", "mst_x")
    said = capsys.readouterr().out
    assert "  http://muster.test/v1/mill/board" in said
    assert "curl -H 'Authorization: Bearer mst_x' 'http://muster.test/v1/mill/reports/shortages'" in said
