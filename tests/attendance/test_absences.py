"""Episodes of absence over HTTP: from, to, kind, days bridged, contributions, explanations."""

from collections.abc import AsyncIterator
from datetime import date
from fractions import Fraction
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.make import Firm
from tests.attendance.reported import got, summary

ANA, BEN, CARLA = (f"HR-EMP-0000{number}" for number in (1, 2, 3))
ABSENCES = "/reports/absences"
MONTH = {"month": "2026-09"}


async def fill(made: Firm) -> None:
    """Ana: Friday 4 and Monday 7 absent, leave on the 9th and 10th, half absent on the 11th; Carla one day."""
    absent, off = {"status": "ABSENT", "code": "A"}, {"status": "REST", "code": "WO"}
    leave = {
        "status": "ON_LEAVE",
        "code": "L",
        "leave_type_id": made.ids["Casual Leave"],
        "leave_hundredths": 100,
    }
    half = leave | {"status": "HALF_DAY_ABSENT", "code": "HD/A", "leave_hundredths": 50}
    special: dict[int, dict[str, Any]] = {4: absent, 5: off, 6: off, 7: absent, 9: leave, 10: leave, 11: half}
    for day in range(1, 31):
        await made.day(ANA, date(2026, 9, day), **special.get(day, {}))
        await made.day(CARLA, date(2026, 9, day), **(absent if day == 15 else {}))


@pytest.fixture
async def filled(house: House) -> House:
    async with house.writing() as made:
        await fill(made)
    return house


@pytest.fixture
async def http(filled: House) -> AsyncIterator[httpx.AsyncClient]:
    async with filled.reader() as opened:
        yield opened


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["person"], row["first_day"], row["last_day"], row["days"], row["bridged_days"], row["kind"]


async def test_episodes_stand_with_the_longest_first(http: httpx.AsyncClient) -> None:
    answer = await got(http, ABSENCES, **MONTH)
    assert [told(row) for row in answer["items"]] == [
        (ANA, "2026-09-09", "2026-09-11", "2.50", 0, "justified"),
        (ANA, "2026-09-04", "2026-09-07", "2.00", 2, "unjustified"),
        (CARLA, "2026-09-15", "2026-09-15", "1.00", 0, "unjustified"),
        (ANA, "2026-09-11", "2026-09-11", "0.50", 0, "unjustified"),
    ]
    assert [row["leave_type"] for row in answer["items"]] == ["Casual Leave", None, None, None]
    assert answer["summary"]["episodes"] == 4
    assert answer["summary"]["days"] == "6.00"


async def test_contributions_sum_to_the_bradford_factor_of_the_summary(http: httpx.AsyncClient) -> None:
    rows = (await got(http, ABSENCES, **MONTH))["items"]
    assert [row["bradford_contribution"] for row in rows] == [None, "8.00", "1.00", "2.00"]
    for person, row in (await summary(http, **MONTH)).items():
        own = [one["bradford_contribution"] for one in rows if one["person"] == person]
        assert Fraction(row["bradford"]) == sum(Fraction(part) for part in own if part)


async def test_c22_without_bridging_a_weekend_splits_an_absence(filled: House) -> None:
    async with filled.runtime.database.write() as conn:
        await conn.execute(
            text("""UPDATE attendance.rule_set SET parameters =
                    jsonb_set(parameters, '{absence,episode_bridging}', 'false')""")
        )
    async with filled.reader() as http:
        rows = (await got(http, ABSENCES, **MONTH, kind="unjustified", person=ANA))["items"]
    assert [(row["first_day"], row["days"], row["bridged_days"]) for row in rows] == [
        ("2026-09-04", "1.00", 0), ("2026-09-07", "1.00", 0), ("2026-09-11", "0.50", 0),
    ]  # fmt: skip
    assert {row["bradford_contribution"] for row in rows} == {"9.00", "4.50"}


async def test_an_episode_explains_itself(http: httpx.AsyncClient) -> None:
    asked = {**MONTH, "person": ANA, "first_day": "2026-09-04"}
    explained = await got(http, f"{ABSENCES}/explain", **asked)
    assert [given["name"] for given in explained["inputs"]] == ["2026-09-04", "2026-09-07"]
    assert explained["value"] == "2.00"
    assert sum(Fraction(given["value"]) for given in explained["inputs"]) == 2
    steps = {step["figure"]: step for step in explained["steps"]}
    assert [given["name"] for given in steps["rest_days"]["inputs"]] == ["2026-09-05", "2026-09-06"]
    given = {one["name"]: Fraction(str(one["value"])) for one in steps["bradford_contribution"]["inputs"]}
    assert given["absence_episodes"] ** 2 * given["days"] == Fraction(steps["bradford_contribution"]["value"])
    link = explained["inputs"][0]["link"]
    assert link == f"/v1/attendance/days/{ANA}/2026-09-04/explain?rule_set=recommended"


async def test_the_kind_tells_two_episodes_of_one_day_apart(http: httpx.AsyncClient) -> None:
    day = {**MONTH, "person": ANA, "first_day": "2026-09-11"}
    assert (await got(http, f"{ABSENCES}/explain", **day))["value"] == "0.50"
    leave = {
        **MONTH,
        "person": ANA,
        "first_day": "2026-09-09",
        "kind": "justified",
        "leave_type": "Casual Leave",
    }
    explained = await got(http, f"{ABSENCES}/explain", **leave)
    assert (explained["value"], explained["rule"].endswith("Casual Leave")) == ("2.50", True)
    missing = await http.get(f"{ABSENCES}/explain", params=day | {"kind": "justified"})
    assert (missing.status_code, "2026-09-09" in missing.text) == (404, True)


async def test_a_row_of_the_page_asks_for_its_own_episode(http: httpx.AsyncClient) -> None:
    page = (await http.get(ABSENCES, params=MONTH | {"format": "html"})).text
    assert f"first_day=2026-09-04&amp;kind=unjustified&amp;person={ANA}" in page


async def test_g_n_99_a_key_of_one_site_sees_that_site_only(filled: House) -> None:
    async with filled.reader("Centro") as http:
        rows = (await got(http, ABSENCES, **MONTH))["items"]
        assert [row["person"] for row in rows] == [CARLA]
        hidden = {**MONTH, "person": ANA, "first_day": "2026-09-04"}
        assert (await http.get(f"{ABSENCES}/explain", params=hidden)).status_code == 422
