"""Spec D.10, Shift Attendance, as the report answers it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from tests.attendance.house import House

ASK = {"month": "2026-09", "rule_set": "frappe_hr"}
MARKED = {"late_marking": True, "early_marking": True}
MORNINGS = (("07:30", "12:30"), ("08:30", "12:30"), ("07:30", "11:30"))
NIGHTS = (("07 22:30", "08 01:30"), ("08 21:30", "08 23:15"), ("09 21:30", "09 22:15"))


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Two people of two shifts and their six attendances, without grace; Ana's second comes 30 minutes late."""
    async with house.writing() as made:
        await made.shift("Morning", "08:00", "12:00", **MARKED)
        await made.shift(
            "Late night", "22:00", "02:00", **MARKED, half_day_threshold_hours=2, absent_threshold_hours=1
        )
        await made.works("HR-EMP-00001", "Morning")
        await made.works("HR-EMP-00003", "Late night")
        for day, times in zip((7, 8, 9), MORNINGS, strict=True):
            for at in times:
                await made.punch("HR-EMP-00001", f"2026-09-{day:02} {at}")
        for first, last in NIGHTS:
            await made.punch("HR-EMP-00003", f"2026-09-{first}")
            await made.punch("HR-EMP-00003", f"2026-09-{last}")
        await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))
    await house.recompute(datetime(2026, 10, 2, 12, tzinfo=UTC))
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/shift-attendance", params=ASK | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_g_h_77_the_tiles_of_frappes_own_test(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert answer["summary"] == {
        "present": 4,
        "half_day": 1,
        "absent": 1,
        "late_entries": 2,
        "early_exits": 4,
        "by_shift": {"Late night": 3, "Morning": 3},
    }
    assert [row["hours"] for row in answer["items"]] == ["5.00", "4.00", "4.00", "3.00", "1.75", "0.75"]
    assert [row["attendance"] for row in answer["items"]] == [*["Present"] * 4, "Half Day", "Absent"]
    late = answer["items"][1]
    assert (late["late_entry_seconds"], late["early_exit_seconds"], late["shift"]) == (1800, 0, "Morning")
    assert (late["window_start"], late["window_end"]) == ("2026-09-08T07:00:00", "2026-09-08T13:00:00")


async def test_g_h_77_the_grace_is_taken_off_where_it_is_considered(
    http: httpx.AsyncClient, house: House
) -> None:
    async with house.runtime.database.write() as conn:
        await conn.exec_driver_sql(
            "UPDATE attendance.shift_type SET late_grace_minutes = 20, early_grace_minutes = 40"
        )
    await house.recompute(datetime(2026, 10, 2, 12, tzinfo=UTC), (date(2026, 9, 1), date(2026, 9, 30)))
    considered, whole = await answered(http), await answered(http, consider_grace_period=False)
    assert [row["late_entry_seconds"] for row in considered["items"]] == [0, 600, 0, 600, 0, 0]
    assert [row["late_entry_seconds"] for row in whole["items"]] == [0, 1800, 0, 1800, 0, 0]
    # 30 minutes early lie within a grace of 40; 23:15 and 22:15 do not.
    assert [row["early_exit_seconds"] for row in considered["items"]] == [0, 0, 0, 0, 7500, 11100]
    assert [row["early_exit_seconds"] for row in whole["items"]] == [0, 0, 1800, 1800, 9900, 13500]


async def test_only_late_entries_or_one_shift_can_be_asked_for(http: httpx.AsyncClient) -> None:
    late = await answered(http, late_entry=True)
    assert [(row["person"], row["day"]) for row in late["items"]] == [
        ("HR-EMP-00001", "2026-09-08"),
        ("HR-EMP-00003", "2026-09-07"),
    ]
    assert {row["shift"] for row in (await answered(http, shift="Morning"))["items"]} == {"Morning"}
    wrong = await http.get("/reports/shift-attendance", params=ASK | {"shift": "Mornin"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/query/shift")
    assert "Morning" in wrong.text


async def test_how_late_somebody_came_explains_itself(http: httpx.AsyncClient) -> None:
    asked = {"person": "HR-EMP-00001", "day": "2026-09-08", "shift": "Morning", "rule_set": "frappe_hr"}
    figure = asked | {"figure": "late_entry_seconds"}
    why = (await http.get("/reports/shift-attendance/explain", params=figure)).json()
    assert (why["value"], why["unit"]) == (1800, "seconds")
    assert why["steps"][-1]["threshold"] == {"grace_seconds": 0, "consider_grace_period": True}
    came = await http.get("/reports/shift-attendance/explain", params=asked | {"figure": "first_in"})
    assert came.json()["value"] == "2026-09-08T08:30:00"
    page = await http.get("/reports/shift-attendance", params=ASK | {"format": "html"})
    assert 'data-f="figure=late_entry_seconds"' in page.text
    assert 'data-f="figure=site"' not in page.text
