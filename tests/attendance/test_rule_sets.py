"""Rule sets as data: a new version, what it would change, and judging by it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.test_decisions import ANA, day_of, recomputed, week

__all__ = ["week"]
STRICT = {
    "name": "strict",
    "based_on": "recommended",
    "parameters": {"punctuality": {"late_grace_min": 0}},
    "reason": "the works agreement",
}
MONTH = {"month": "2026-09", "person": ANA}


@pytest.fixture
async def admin(week: House) -> AsyncIterator[httpx.AsyncClient]:
    async with week.http(await week.token("attendance:admin", "attendance:read", "attendance:write")) as http:
        yield http


async def late(house: House) -> None:
    """Ana comes three minutes late on the 10th, and goes early."""
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO attendance.checkin (source_id, upstream_name, person_id, local_time, day, at)
                SELECT source_id, 'L' || t, id, t, t::date, t AT TIME ZONE 'America/Mexico_City'
                FROM attendance.person, unnest(ARRAY[timestamp '2026-09-10 08:03', '2026-09-10 16:00']) AS t
                WHERE upstream_name = :ana
            """),
            {"ana": ANA},
        )
        await conn.execute(
            text("""
                INSERT INTO attendance.dirty_day (person_id, work_date, cause)
                SELECT id, '2026-09-10', 'test' FROM attendance.person WHERE upstream_name = :ana
            """),
            {"ana": ANA},
        )
    await recomputed(house)


@pytest.mark.parametrize(
    "parameters",
    [{"punching": 5}, {"punching": None}, {"punctuality": {"late_grace_min": 10**20}}],
    ids=["a number", "nothing", "more minutes than a life"],
)
async def test_parameters_that_cannot_be_are_refused(
    admin: httpx.AsyncClient, parameters: dict[str, object]
) -> None:
    answer = await admin.post("/rule-sets", json=STRICT | {"parameters": parameters})
    assert answer.status_code == 422, answer.text


async def test_a_new_version_judges_nothing_until_it_is_active(
    week: House,
    admin: httpx.AsyncClient,
) -> None:
    await late(week)
    made = await admin.post("/rule-sets", json=STRICT)
    assert made.status_code == 201, made.text
    assert (made.json()["version"], made.json()["active"]) == (1, False)
    assert made.json()["parameters"]["punctuality"]["late_grace_min"] == 0
    assert made.json()["parameters"]["punching"]["dedupe_seconds"] == 60
    refused = await admin.get("/reports/monthly-sheet", params=MONTH | {"rule_set": "strict"})
    assert refused.status_code == 422

    asked = MONTH | {"candidate": "strict"}
    answer = (await admin.get("/reports/what-if", params=asked)).json()
    (row,) = answer["items"]
    assert (row["day"], row["status"], row["candidate_status"]) == ("2026-09-10", "PRESENT", "LATE")
    assert (row["late_minutes"], row["candidate_late_minutes"], row["differs"]) == (0, 3, ["late", "status"])
    assert answer["summary"]["strict/1"]["lates"] == answer["summary"]["recommended/1"]["lates"] + 1
    why = {"person": ANA, "day": "2026-09-10", "candidate": "strict/1"}
    explained = (await admin.get("/reports/what-if/explain", params=why)).json()
    assert (explained["rule_version"], explained["gaps"]) == ("strict/1", [])
    async with week.runtime.database.read() as conn:
        count = "SELECT count(*) FROM attendance.day d JOIN attendance.rule_set r ON r.id = d.rule_set_id"
        assert await conn.scalar(text(f"{count} WHERE r.name = 'strict'")) == 0

    on = await admin.post("/rule-sets/strict/1/state", json={"active": True})
    assert on.json()["active"] is True
    await recomputed(week)
    sheet = (await admin.get("/reports/monthly-sheet", params=MONTH | {"rule_set": "strict"})).json()
    assert sheet["meta"]["rules_version"] == "strict/1"
    assert (await day_of(week, "2026-09-10"))["status"] == "PRESENT"


async def test_a_second_version_takes_the_place_of_the_first(admin: httpx.AsyncClient) -> None:
    await admin.post("/rule-sets", json=STRICT)
    await admin.post("/rule-sets/strict/1/state", json={"active": True})
    later = {"name": "strict", "parameters": {"punctuality": {"early_grace_min": 0}}, "reason": "again"}
    second = (await admin.post("/rule-sets", json=later)).json()
    assert second["version"] == 2
    assert second["parameters"]["punctuality"]["late_grace_min"] == 0
    await admin.post("/rule-sets/strict/2/state", json={"active": True})
    listed = (await admin.get("/rule-sets", params={"q": "strict"})).json()["items"]
    assert [(one["version"], one["active"]) for one in listed] == [(2, True), (1, False)]
    old = await admin.post("/rule-sets/strict/1/state", json={"active": False})
    assert (old.status_code, old.json()["active"]) == (200, False)
    listed = (await admin.get("/rule-sets", params={"q": "strict", "active": True})).json()["items"]
    assert [one["version"] for one in listed] == [2]
    off = await admin.post("/rule-sets/strict/2/state", json={"active": False})
    assert off.json()["active"] is False


async def test_what_judges_where_no_rule_set_is_named_cannot_be_switched_off(
    admin: httpx.AsyncClient,
) -> None:
    refused = await admin.post("/rule-sets/recommended/1/state", json={"active": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "default_rule_set")
    assert (await admin.get("/reports/monthly-sheet", params=MONTH)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"parameters": {"punctuality": {"grace": "none"}}}, "punctuality.grace"),
        ({"parameters": {"punctuality": {"late_grace": 5}}}, "known are"),
        ({"parameters": {"manners": {}}}, "known are windows"),
        ({"parameters": {"punctuality": {"late_grace_min": 61}}}, "severe_late_min: 60 is less than"),
        ({"based_on": "recomended"}, "did you mean recommended"),
        ({"name": "Not a name"}, "pattern"),
    ],
)
async def test_parameters_that_there_are_not_are_refused(
    admin: httpx.AsyncClient, changed: dict[str, object], word: str
) -> None:
    answer = await admin.post("/rule-sets", json=STRICT | changed)
    assert answer.status_code == 422
    assert word in answer.text


async def test_rules_concern_everybody(week: House, admin: httpx.AsyncClient) -> None:
    writes = await week.token("attendance:write", "attendance:read")
    limited = await week.token("attendance:admin", sites=["Villas"])
    async with week.http(writes) as http, week.http(limited) as other:
        assert (await http.post("/rule-sets", json=STRICT)).status_code == 403
        assert (await other.post("/rule-sets", json=STRICT)).status_code == 403
    missing = await admin.post("/rule-sets/strict/9/state", json={"active": True})
    assert missing.status_code == 404
    unknown = await admin.get("/reports/what-if", params=MONTH | {"candidate": "origin"})
    assert "did you mean original" in unknown.json()["detail"]
