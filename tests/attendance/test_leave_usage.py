"""Leave used: whole and half days by type, two halves of one day, split shifts, unpaid leave (spec D.8)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from service.attendance.models import ShiftAssignment
from tests.attendance.house import House
from tests.attendance.make import leave

ANA, CARLA = "HR-EMP-00001", "HR-EMP-00003"
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)


def half(day: date) -> dict[str, Any]:
    return {"half_day": True, "half_day_date": day}


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Ana: Monday to Wednesday, the last half, over a feast; two halves of two types. Carla: a split day."""
    async with house.writing() as made:
        unpaid = {"leave_type_id": made.ids["Leave Without Pay"]}
        await leave(made, ANA, date(2026, 9, 14), date(2026, 9, 17), **half(date(2026, 9, 17)))
        friday = date(2026, 9, 18)
        await leave(made, ANA, friday, friday, half_day=True)
        await leave(made, ANA, friday, friday, **half(friday), **unpaid)
        await leave(made, CARLA, date(2026, 9, 29), date(2026, 10, 2), **unpaid)
        for name, start, end in (("Early", "06:00", "10:00"), ("Evening", "16:00", "20:00")):
            shift = await made.shift(name, start, end)
            await made.add(
                ShiftAssignment,
                name,
                person_id=made.ids[CARLA],
                shift_type_id=shift,
                start_date=date(2026, 9, 1),
            )
        # A horizon: the first day on which somebody punched.
        await made.punch(ANA, "2026-09-01 08:00")
        await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))
    await house.recompute(NOW)
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/leave-usage", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_halves_count_as_halves_and_feasts_not_at_all(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert [
        (row["person"], row["leave_type"], row["unpaid"], row["days"], row["full_days"], row["half_days"])
        for row in answer["items"]
    ] == [
        # 14th and 15th whole, 16th is a feast, 17th half; half of the 18th.
        (ANA, "Casual Leave", False, "3.0", 2, 2),
        (ANA, "Leave Without Pay", True, "0.5", 0, 1),
        # Two shifts a day, one day of leave each; October is not asked for.
        (CARLA, "Leave Without Pay", True, "2.0", 2, 0),
    ]
    assert answer["summary"] == {
        "people": 2,
        "days": "5.5",
        "unpaid_days": "2.5",
        "by_type": {"Casual Leave": "3.0", "Leave Without Pay": "2.5"},
    }


async def test_unpaid_leave_alone_can_be_asked_for(http: httpx.AsyncClient) -> None:
    rows = (await answered(http, unpaid=True))["items"]
    assert [(row["person"], row["days"]) for row in rows] == [(ANA, "0.5"), (CARLA, "2.0")]
    assert [row["leave_type"] for row in (await answered(http, unpaid=False))["items"]] == ["Casual Leave"]


async def test_a_sum_of_days_explains_itself_by_its_days(http: httpx.AsyncClient) -> None:
    asked = {"month": "2026-09", "person": ANA, "leave_type": "Casual Leave"}
    why = (await http.get("/reports/leave-usage/explain", params=asked)).json()
    assert why["value"] == "3.0"
    assert [(given["name"][-2:], given["value"]) for given in why["inputs"]] == [
        ("14", "1.0"), ("15", "1.0"), ("17", "0.5"), ("18", "0.5"),
    ]  # fmt: skip
    day = await http.get(why["inputs"][0]["link"].removeprefix("/v1/attendance"))
    assert day.json()["value"] == "L"
    original = (
        await http.get("/reports/leave-usage/explain", params=asked | {"rule_set": "original"})
    ).json()
    day = await http.get(original["inputs"][0]["link"].removeprefix("/v1/attendance"))
    assert day.json()["rule_version"] == "original/1"
    halves = (await http.get("/reports/leave-usage/explain", params=asked | {"figure": "half_days"})).json()
    assert (halves["value"], len(halves["inputs"])) == (2, 2)
    none = await http.get("/reports/leave-usage/explain", params=asked | {"month": "2026-08"})
    assert none.status_code == 404


async def test_a_foreign_site_is_not_explained(http: httpx.AsyncClient, house: House) -> None:
    asked = {"month": "2026-09", "person": CARLA, "leave_type": "Leave Without Pay"}
    assert (await http.get("/reports/leave-usage/explain", params=asked)).status_code == 200
    async with house.reader("Villas") as limited:
        refused = await limited.get("/reports/leave-usage/explain", params=asked)
        assert refused.status_code == 422
        rows = (await limited.get("/reports/leave-usage", params={"month": "2026-09"})).json()["items"]
    assert {row["person"] for row in rows} == {ANA}
