"""Late arrivals and early exits: which are listed, which are forgiven, and that the figures explain themselves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, get_args

import httpx
import pytest

from service.schemas.attendance.day_reports import DayFigure
from tests.attendance.house import House

ANA = "HR-EMP-00001"
# Shift 08:00-17:00, grace 15 minutes: forgiven, late, severe, within the grace, early, early within the grace, more.
TIMES = {
    1: ("08:16:00", "17:16:00"),
    2: ("08:16:00", "17:00:00"),
    3: ("09:30:00", "17:00:00"),
    4: ("08:15:59", "17:00:00"),
    7: ("08:00:00", "16:44:00"),
    8: ("08:00:00", "16:45:00"),
    9: ("08:00:00", "18:00:00"),
}


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.writing() as made:
        shift = "auto_attendance = true, process_after = '2026-09-01', last_sync = '2026-10-02', late_marking = true"
        await made.conn.exec_driver_sql(f"UPDATE attendance.shift_type SET {shift}, late_grace_minutes = 10")
        for day, times in TIMES.items():
            for at in times:
                await made.punch(ANA, f"2026-09-{day:02} {at}")
        await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))
    await house.recompute(datetime(2026, 10, 2, 12, tzinfo=UTC))
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/late-early", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_beyond_the_grace_is_listed_forgiven_or_not(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert [
        (
            row["day"][-1],
            row["status"],
            row["late_minutes"],
            row["late_forgiven"],
            row["late_counted"],
            row["early_minutes"],
        )
        for row in answer["items"]
    ] == [
        ("1", "LATE_FORGIVEN", 16, True, False, 0),
        ("2", "LATE", 16, False, True, 0),
        ("3", "SEVERE_LATE", 90, False, True, 0),
        ("7", "PRESENT", 0, False, False, 16),
    ]
    assert answer["summary"] == {
        "people": 1,
        "late_arrivals": 3,
        "late_counted": 2,
        "late_forgiven": 1,
        "late_seconds": (16 + 16 + 90) * 60,
        "early_exits": 1,
        "early_seconds": 960,
    }
    assert answer["meta"]["complete"] is True


async def test_what_the_grace_covers_is_listed_where_asked_for(http: httpx.AsyncClient) -> None:
    covered = {row["day"][-1]: row for row in (await answered(http, within_grace=True))["items"]}
    assert sorted(covered) == ["1", "2", "3", "4", "7", "8"]
    assert (covered["4"]["late"], covered["4"]["late_seconds"], covered["4"]["late_grace_seconds"]) == (
        False,
        959,
        900,
    )
    assert (covered["8"]["early"], covered["8"]["early_seconds"]) == (False, 900)


@pytest.mark.parametrize("name", ["late-early", "shift-attendance", "overtime"])
@pytest.mark.parametrize("rule_set", ["recommended", "frappe_hr"])
async def test_q8_every_figure_of_every_row_is_what_its_explanation_says(
    http: httpx.AsyncClient, name: str, rule_set: str
) -> None:
    asked = {"month": "2026-09", "rule_set": rule_set}
    rows = (await http.get(f"/reports/{name}", params=asked)).json()["items"]
    assert rows
    for row in rows:
        for figure in sorted(row.keys() & set(get_args(DayFigure))):
            question = {"person": ANA, "day": row["day"], "shift": row["shift"], "rule_set": rule_set}
            why = await http.get(f"/reports/{name}/explain", params=question | {"figure": figure})
            assert why.json()["value"] == row[figure], (row["day"], figure)


async def test_forgiveness_explains_itself(http: httpx.AsyncClient) -> None:
    asked = {"person": ANA, "day": "2026-09-01", "shift": "Day", "figure": "late_forgiven"}
    why = (await http.get("/reports/late-early/explain", params=asked)).json()
    assert why["value"] is True
    inputs = {
        given["name"]: given["value"]
        for given in next(step for step in why["steps"] if step["figure"] == "late_forgiven")["inputs"]
    }
    assert (inputs["worked_seconds"], inputs["expected_net_seconds"]) == (32_400, 32_400)
    wrong = await http.get("/reports/late-early/explain", params=asked | {"figure": "site"})
    assert wrong.status_code == 422
