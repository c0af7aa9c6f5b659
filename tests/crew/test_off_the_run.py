"""The report `off-the-run`: how long an appliance was off the run and for what, to the second (issue 6.4)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from service.crew import DESK
from service.crew.reports.off_the_run import OFF_THE_RUN
from service.crew.rules.slots import day_bounds
from service.reporting.commandline import write_report
from service.schemas.crew.reports import OffTheRunRow
from tests.crew.house import House, open_house
from tests.crew.scenario import DAY, S1, seen, station
from tests.support.ground import Ground

REPORT = "/v1/crew/reports/off-the-run"
ONE_DAY = {"station": "P22", "from": "2026-03-05", "to": "2026-03-05", "by": "day"}
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
HOUR = 3600


async def final(house: House, day: date, **more: Any) -> None:
    """S1 on a day, as it was seen after that day had ended."""
    at = await station(house.runtime)
    await seen(
        house.runtime, at, S1, day, fetched=day_bounds(day, at.zone)[1] + timedelta(minutes=30), **more
    )


@pytest.fixture(scope="module")
async def past(ground: Ground) -> AsyncIterator[House]:
    """S1 on 5 March and on both days of clock changes, all final; P33 has nothing; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        for day in (DAY, *CHANGES):
            await final(opened, day)
        await station(opened.runtime, "P33")
        yield opened
    await ground.drop(url)


def conserved(row: dict[str, Any]) -> bool:
    """On + off + unknown = the period; combinations = off; percentages are of the known."""
    OffTheRunRow.model_validate(row)
    known = row["on_the_run_seconds"] + row["off_seconds"]
    return bool(
        known == row["known_seconds"]
        and known + row["unknown_seconds"] == row["period_seconds"]
        and sum(row["by_combination"].values()) == row["off_seconds"]
        and all(0 < spent <= row["off_seconds"] for spent in row["by_reason"].values())
        and row["by_reason"].keys() == {code for word in row["by_combination"] for code in word.split("+")}
        and (row["on_the_run_percent"] is None) == (known == 0)
    )


async def test_every_second_off_the_run_has_its_reasons(past: House) -> None:
    body = await past.get(REPORT, **ONE_DAY)
    [row] = body["items"]
    assert conserved(row)
    # F.70: 06–09 and 18–24 on the run, 09–17 off by the grid, the rest too few.
    assert (row["on_the_run_seconds"], row["off_seconds"], row["unknown_seconds"]) == (9 * HOUR, 15 * HOUR, 0)
    assert (row["on_the_run_percent"], row["off_percent"]) == ("37.50", "62.50")
    assert row["by_combination"] == {
        "total_crew+ba_non_officer": 7 * HOUR,  # 00–06 and 17–18: {1, 2, 3}
        "flag+total_crew": 4 * HOUR,  # 09–12 and 13–14: {2, 3, 5}
        "flag+total_crew+ba_non_officer": 3 * HOUR,  # 14–17: {2, 3}
        "flag+total_crew+officer+senior_ba": HOUR,  # 12–13: {3, 5}
    }
    assert row["by_reason"] == {
        "flag": 8 * HOUR, "total_crew": 15 * HOUR, "ba_non_officer": 10 * HOUR, "officer": HOUR,
        "senior_ba": HOUR,
    }  # fmt: skip
    assert body["summary"]["off_seconds"] == 15 * HOUR
    assert (body["meta"]["complete"], body["meta"]["incomplete_reasons"]) == (True, [])
    assert body["meta"]["complete_through"] == {"gartan P22": "2026-03-06T00:00:00Z"}
    assert body["meta"]["rules_version"].startswith("crew-turnout/1 p22p6 ")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
async def test_days_of_clock_changes_have_their_own_length(past: House, day: str, hours: int) -> None:
    body = await past.get(REPORT, **{**ONE_DAY, "from": day, "to": day})
    [row] = body["items"]
    assert conserved(row)
    # The hour that spring leaves out and autumn repeats is one of 00–06: too few.
    assert (row["period_seconds"], row["on_the_run_seconds"]) == (hours * HOUR, 9 * HOUR)
    assert row["by_combination"]["total_crew+ba_non_officer"] == (hours - 17) * HOUR
    assert body["meta"]["complete"]


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize(("month", "hours"), [("2026-03", 743), ("2026-10", 745)])
async def test_parts_of_a_month_sum_to_the_month(past: House, by: str, month: str, hours: int) -> None:
    body = await past.get(REPORT, month=month, by=by)
    assert all(conserved(row) for row in body["items"])
    summed = sum(row["period_seconds"] for row in body["items"])
    assert summed == hours * HOUR == body["summary"]["period_seconds"]
    whole = (await past.get(REPORT, month=month))["items"][0]
    for name in ("on_the_run_seconds", "off_seconds", "unknown_seconds"):
        assert sum(row[name] for row in body["items"]) == whole[name] == body["summary"][name]
    meta = body["meta"]
    assert not meta["complete"]
    assert meta["incomplete_reasons"][0].startswith(f"P22: no grid was read of {month}-01")


async def test_what_nobody_looked_at_is_neither_on_nor_off_the_run(past: House) -> None:
    [row] = (await past.get(REPORT, **{**ONE_DAY, "from": "2026-03-06", "to": "2026-03-06"}))["items"]
    assert (row["unknown_seconds"], row["known_seconds"], row["on_the_run_percent"]) == (24 * HOUR, 0, None)
    assert (row["by_reason"], row["by_combination"]) == ({}, {})


async def test_an_explanation_without_days_says_what_is_missing(past: House) -> None:
    asked = {"station": "P22", "appliance": "P22P6", "period": "2020-03", "figure": "off_seconds"}
    answer = await past.ask("GET", f"{REPORT}/explain", params=asked)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_period")
    assert "there is no 2020-03 in" in answer.json()["detail"]
    assert "name its days with month, week, or from and to" in answer.json()["detail"]
    assert (await past.get(f"{REPORT}/explain", **asked, month="2020-03"))["value"] == 0


async def test_q08_every_figure_follows_from_its_explanation_alone(past: House) -> None:
    asked = {**ONE_DAY, "by": "day"}
    [row] = (await past.get(REPORT, **asked))["items"]
    figures = [(name, None) for name in row if name.endswith(("_seconds", "_percent"))]
    for figure, reason in [*figures, *(("by_reason", code) for code in row["by_reason"])]:
        question = {**asked, "appliance": "P22P6", "period": "2026-03-05", "figure": figure}
        told = await past.get(f"{REPORT}/explain", **question, **({"reason": reason} if reason else {}))
        expected = row["by_reason"][reason] if reason else row[figure]
        values = [one["value"] for one in told["inputs"]]
        if told["unit"] == "%":
            share = Decimal(100 * values[0]) / values[1]
            assert (
                share.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(expected) == Decimal(told["value"])
            )
        else:
            assert sum(values) == expected == told["value"], figure
        assert told["steps"][0]["threshold"] == {
            "total_crew": 4, "officer": 1, "driver": 1, "ba_non_officer": 2, "senior_ba": 1,
        }  # fmt: skip


async def test_files_have_a_column_for_each_reason(past: House) -> None:
    file = await past.ask("GET", REPORT, params={**ONE_DAY, "format": "csv"})
    head, line = file.text.splitlines()
    assert "Off by the grid,Too few,Too few BA beside the officer" in head
    assert "08:00:00,15:00:00,10:00:00" in line
    assert "total_crew+ba_non_officer 7.00 h; flag+total_crew 4.00 h" in line
    book = await past.ask("GET", REPORT, params={**ONE_DAY, "format": "xlsx", "locale": "es"})
    rows = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    labels = next(row for row in rows if "Estación" in row)
    assert {"Vehículo", "Fuera de servicio", "Faltan personas", "Sin mando"} <= set(labels)
    page = await past.ask("GET", REPORT, params={**ONE_DAY, "format": "html"})
    assert page.status_code == 200
    assert "No officer" in page.text


@pytest.mark.parametrize(
    "name", ["off-the-run", "recovery", "gap-cover", "fairness", "availability", "monthly-return"]
)
async def test_a_caller_sees_its_own_stations(past: House, name: str) -> None:
    path = f"/v1/crew/reports/{name}"
    days = {"month": "2026-03"} if name == "monthly-return" else {"from": "2026-03-01", "to": "2026-03-31"}
    limited = await past.token("crew:read", sites=["P33"])
    own = await past.ask("GET", path, token=limited, params=days)
    assert (own.status_code, own.json()["items"]) == (200, [])
    assert own.json()["meta"]["complete_through"] == {"gartan P33": None}
    assert "P22" not in own.text
    assert (await past.ask("GET", path, params=days)).json()["items"] != []
    foreign = await past.ask("GET", path, token=limited, params={**days, "station": "P22"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
    other = await past.token("attendance:read")
    assert (await past.ask("GET", path, token=other, params=days)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"station": "P99", "month": "2026-03"}, "unknown_station"),
        ({"appliance": "P99P9", "month": "2026-03"}, "unknown_appliance"),
        ({"station": "P22", "from": "2026-01-01", "to": "2027-01-02"}, "range_too_long"),
        ({"from": "2026-01-01", "to": "2026-02-05"}, "range_too_long"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, None),
        ({"month": "2026-03", "week": "2026-W10"}, None),
        ({"month": "2026-03", "known_at": "2026-03-05T10:00:00"}, "offset_required"),
        ({"stations": "P22"}, "unknown_parameter"),
    ],
)
async def test_what_cannot_be_asked_is_refused(past: House, asked: dict[str, str], code: str | None) -> None:
    answer = await past.ask("GET", REPORT, params=asked)
    assert answer.status_code == 422
    assert code is None or code in {one["code"] for one in answer.json()["errors"]}


async def test_the_command_writes_the_report_and_says_whether_it_is_complete(
    past: House, tmp_path: Path
) -> None:
    given = {"station": "P22", "from_": "2026-03-05", "to": "2026-03-05", "by": "day", "format": "csv"}
    file = tmp_path / "off.csv"
    assert await write_report(past.runtime, DESK, OFF_THE_RUN, {**given, "output": file}) == 0
    assert (
        file.read_text()
        .splitlines()[1]
        .startswith("P22,P22P6,2026-03-05,2026-03-05,2026-03-05,24:00:00,09:00:00")
    )
    longer = {**given, "to": "2026-03-06", "output": file}
    assert await write_report(past.runtime, DESK, OFF_THE_RUN, longer) == 3
    assert len(file.read_text().splitlines()) == 3


async def test_as_it_was_known_at_an_instant(house: House) -> None:
    made = await station(house.runtime)
    first = datetime(2026, 3, 4, 12, tzinfo=UTC)
    await seen(house.runtime, made, S1, fetched=first)
    fewer = S1.__class__(S1.labels, 15, S1.crew[:3], S1.appliances)
    await seen(house.runtime, made, fewer, fetched=first + timedelta(days=3))
    now = (await house.get(REPORT, **ONE_DAY))["items"][0]
    then = await house.get(REPORT, **ONE_DAY, known_at="2026-03-05T00:00:00Z")
    assert (now["on_the_run_seconds"], then["items"][0]["on_the_run_seconds"]) == (0, 9 * HOUR)
    assert then["meta"]["incomplete_reasons"] == ["P22: not yet final, as last looked at: 2026-03-05"]
    before = (await house.get(REPORT, **ONE_DAY, known_at="2026-03-01T00:00:00Z"))["items"][0]
    assert (before["known_seconds"], before["unknown_seconds"]) == (0, 24 * HOUR)


async def test_somebody_who_is_left_out_on_a_day_between_is_not_known(house: House) -> None:
    for day in range(4, 7):
        await final(house, date(2026, 3, day))
    made = await station(house.runtime)
    fewer = S1.__class__(S1.labels, 15, S1.crew[:4], S1.appliances)
    await seen(house.runtime, made, fewer, fetched=datetime(2026, 3, 8, tzinfo=UTC))
    meta = (await house.get(REPORT, **ONE_DAY))["meta"]
    assert meta["incomplete_reasons"] == [
        "P22: of one person the state is not known for 24 h of the days read"
    ]
    # Who is listed from a day on is not missed before it.
    later = await house.get(REPORT, **{**ONE_DAY, "from": "2026-03-04", "to": "2026-03-04"})
    assert later["meta"]["complete"]


async def test_where_no_grid_told_of_an_appliance_nothing_is_complete(house: House) -> None:
    made = await station(house.runtime)
    silent = replace(S1, appliances=())
    await seen(house.runtime, made, silent, fetched=day_bounds(DAY, made.zone)[1] + timedelta(hours=1))
    body = await house.get(REPORT, **ONE_DAY)
    assert (body["items"], body["meta"]["complete"]) == ([], False)
    assert body["meta"]["incomplete_reasons"] == ["P22: no grid has told of any appliance"]
