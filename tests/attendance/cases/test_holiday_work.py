"""Spec D.10, Employees working on a holiday; G-H-75 is what the rules make of such a day."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from tests.attendance.house import House

ANA, CARLA = "HR-EMP-00001", "HR-EMP-00003"
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Ana works on a feast, a Sunday and an ordinary day; Carla, who has no holiday list, on the same dates."""
    async with house.writing() as made:
        for person in (ANA, CARLA):
            await made.works(person, "Day")
            for day in (15, 16, 20):
                await made.punch(person, f"2026-09-{day} 09:00")
                await made.punch(person, f"2026-09-{day} 12:00")
        await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))
    await house.recompute(NOW)
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/holiday-work", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_d_10_only_days_of_the_persons_own_list(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert [
        (row["person"], row["day"], row["status"], row["holiday"], row["weekly_off"], row["worked_seconds"])
        for row in answer["items"]
    ] == [
        (ANA, "2026-09-16", "HOLIDAY_WORKED", "Independence", False, 10_800),
        (ANA, "2026-09-20", "REST_WORKED", "Sunday", True, 10_800),
    ]
    assert answer["summary"] == {"people": 1, "days": 2, "weekly_offs": 1, "worked_seconds": 21_600}


async def test_d_10_feasts_or_weekly_offs_or_one_list_can_be_asked_for(http: httpx.AsyncClient) -> None:
    feasts = await answered(http, weekly_off=False)
    assert [row["day"] for row in feasts["items"]] == ["2026-09-16"]
    name = feasts["items"][0]["holiday_list"]
    assert len((await answered(http, holiday_list=name))["items"]) == 2
    wrong = await http.get("/reports/holiday-work", params={"month": "2026-09", "holiday_list": name + "x"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/query/holiday_list")
    assert name in wrong.text


async def test_d_10_who_did_not_come_is_not_listed(http: httpx.AsyncClient, house: House) -> None:
    async with house.runtime.database.write() as conn:
        await conn.exec_driver_sql(
            "UPDATE attendance.checkin SET deleted_at = now() WHERE day = '2026-09-16'"
        )
    await house.recompute(NOW, (date(2026, 9, 1), date(2026, 9, 30)))
    assert [row["day"] for row in (await answered(http))["items"]] == ["2026-09-20"]


async def test_g_h_75_by_the_upstreams_rules_the_shift_decides(http: httpx.AsyncClient, house: House) -> None:
    auto = "auto_attendance = true, process_after = '2026-09-01', last_sync = '2026-10-02'"
    for marked, days in (("false", []), ("true", ["2026-09-16", "2026-09-20"])):
        async with house.runtime.database.write() as conn:
            await conn.exec_driver_sql(
                f"UPDATE attendance.shift_type SET {auto}, mark_on_holidays = {marked}, half_day_threshold_hours = 0"
            )
        await house.recompute(NOW, (date(2026, 9, 1), date(2026, 9, 30)))
        found = await answered(http, rule_set="frappe_hr", person=ANA)
        assert [row["day"] for row in found["items"]] == days
