"""Overtime: beyond the shift, all of a worked day off, and none where the hours fell short."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.attendance.house import House

ANA, DARIO = "HR-EMP-00001", "HR-EMP-00004"


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Ana: an hour more, a minute less, a holiday, a Sunday; Dario, who has no shift: one day."""
    async with house.writing() as made:
        for person, day, first, last in (
            (ANA, 1, "08:00", "18:00"),
            (ANA, 2, "08:00", "16:59"),
            (ANA, 16, "10:00", "12:00"),
            (ANA, 20, "10:00", "11:00"),
            (DARIO, 3, "09:00", "09:30"),
        ):
            await made.punch(person, f"2026-09-{day:02} {first}")
            await made.punch(person, f"2026-09-{day:02} {last}")
        await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))
    await house.recompute(datetime(2026, 10, 2, 12, tzinfo=UTC))
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/overtime", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_overtime_is_beyond_the_shift_or_all_of_a_day_off(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert [
        (row["person"], row["day"][-2:], row["overtime_seconds"], row["day_off"], row["holiday"])
        for row in answer["items"]
    ] == [
        (ANA, "01", 3600, False, None),
        (ANA, "16", 7200, True, "Independence"),
        (ANA, "20", 3600, True, "Sunday"),
        (DARIO, "03", 1800, True, None),
    ]
    assert answer["summary"] == {
        "people": 2,
        "days": 4,
        "overtime_seconds": 16_200,
        "days_off_worked": 3,
        "days_off_seconds": 12_600,
    }


async def test_little_overtime_can_be_left_out(http: httpx.AsyncClient) -> None:
    rows = (await answered(http, at_least_seconds=3600))["items"]
    assert [row["day"][-2:] for row in rows] == ["01", "16", "20"]
    assert (await http.get("/reports/overtime", params={"at_least_seconds": 0})).status_code == 422


async def test_overtime_explains_itself_and_is_written_as_a_clock(http: httpx.AsyncClient) -> None:
    asked = {"person": ANA, "day": "2026-09-16", "figure": "overtime_seconds"}
    why = (await http.get("/reports/overtime/explain", params=asked)).json()
    assert (why["value"], why["unit"]) == (7200, "seconds")
    file = await http.get("/reports/overtime", params={"month": "2026-09", "format": "csv", "locale": "es"})
    lines = file.text.split("\r\n")
    assert lines[0].endswith("Horas trabajadas,Horas esperadas,Horas extra")
    assert lines[1].endswith("10:00:00,09:00:00,01:00:00")
