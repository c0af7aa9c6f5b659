"""Corrections, weekly schedules and sites of devices: what people decide holds, is explained and stays on record."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.attendance.decisions.corrections import correct_each
from service.attendance.recompute import Recompute
from service.core.auth import Caller
from service.schemas.attendance.decisions import CorrectionAsk
from tests.attendance.house import House

ANA = "HR-EMP-00001"
NOW = datetime(2026, 9, 20, 18, tzinfo=UTC)
ON_DUTY = {
    "person": ANA,
    "day": "2026-09-08",
    "kind": "status",
    "status": "ON_DUTY",
    "reason": "at a client's",
}
EXIT = {
    "person": ANA,
    "day": "2026-09-07",
    "kind": "checkin",
    "time": "2026-09-07T17:02:00",
    "log_type": "OUT",
    "reason": "power cut at the gate",
}


@pytest.fixture
async def week(house: House) -> House:
    """Ana: an entry without exit on the 7th, nothing on the 8th, a whole day on the 9th; all recomputed."""
    async with house.writing() as firm:
        await firm.punch(ANA, "2026-09-07 08:00:00", "villas-gate-1", log_type="IN")
        await firm.punch(ANA, "2026-09-09 08:00:00", "villas-gate-1", log_type="IN")
        await firm.punch(ANA, "2026-09-09 17:00:00", "villas-gate-1", log_type="OUT")
        await firm.known_through(datetime(2026, 9, 19, tzinfo=UTC))
    await recomputed(house)
    return house


async def recomputed(house: House) -> None:
    runtime = house.runtime
    await Recompute(runtime.database, runtime.versions, runtime.compute).run(now=NOW)


async def day_of(house: House, day: str, number: str = ANA) -> Mapping[str, Any]:
    async with house.runtime.database.read() as conn:
        rows = await conn.execute(
            text("""
                SELECT d.* FROM attendance.day d JOIN attendance.person p ON p.id = d.person_id
                JOIN attendance.rule_set r ON r.id = d.rule_set_id
                WHERE r.name = 'recommended' AND p.upstream_name = :number AND d.work_date = CAST(:day AS date)
            """),
            {"number": number, "day": datetime.fromisoformat(day)},
        )
        return rows.mappings().one()


async def corrected(http: httpx.AsyncClient, *items: Mapping[str, Any], **headers: str) -> list[Any]:
    answer = await http.post("/corrections", json={"items": list(items)}, headers=headers)
    assert answer.status_code == 207, answer.text
    return list(answer.json()["items"])


async def writer(house: House, *sites: str) -> httpx.AsyncClient:
    return house.http(await house.token("attendance:read", "attendance:write", sites=list(sites) or None))


async def test_a_forgotten_exit_gives_the_day_its_hours_and_revoked_takes_them(week: House) -> None:
    assert (await day_of(week, "2026-09-07"))["status"] == "MISSING_OUT"
    async with await writer(week) as http:
        (made,) = await corrected(http, EXIT)
        assert (made["status"], made["correction"]["local_time"]) == (201, "2026-09-07T17:02:00")
        await recomputed(week)
        day = await day_of(week, "2026-09-07")
        assert (day["status"], day["worked_seconds"]) == ("PRESENT", 9 * 3600 + 120)
        path = f"/corrections/{made['correction']['id']}/revoke"
        revoked = await http.post(path, json={"reason": "it was uploaded"})
        assert revoked.json()["revoked_reason"] == "it was uploaded"
        assert (await http.post(path, json={"reason": "again"})).json()["code"] == "already_revoked"
    await recomputed(week)
    assert (await day_of(week, "2026-09-07"))["status"] == "MISSING_OUT"


async def test_a_status_by_hand_stands_before_the_rules_and_is_explained(week: House) -> None:
    assert (await day_of(week, "2026-09-08"))["status"] == "ABSENT"
    async with await writer(week) as http:
        (made,) = await corrected(http, ON_DUTY)
        assert made["correction"]["status_before"] == "ABSENT"
        await recomputed(week)
        day = await day_of(week, "2026-09-08")
        assert (day["status"], day["code"], day["difference_seconds"]) == ("ON_DUTY", "OD", 0)
        explained = (await http.get(f"/days/{ANA}/2026-09-08/explain")).json()
    step = next(step for step in explained["steps"] if step["figure"] == "status")
    inputs = {given["name"]: given["value"] for given in step["inputs"]}
    assert inputs["override_id"] == made["correction"]["id"]


async def test_each_correction_has_its_own_outcome(week: House) -> None:
    async with await writer(week) as http:
        outcomes = await corrected(
            http,
            ON_DUTY | {"person": "HR-EMP-0001"},
            ON_DUTY | {"status": "ON_DUTTY"},
            EXIT | {"time": "2026-09-07T08:00:00", "log_type": "IN"},
            EXIT | {"time": "2026-09-12T17:00:00"},
            ON_DUTY,
        )
    assert [outcome["status"] for outcome in outcomes] == [422, 422, 409, 422, 201]
    codes = [outcome["problem"]["errors"][0]["code"] for outcome in outcomes[:2]]
    assert codes == ["unknown_person", "unknown_status"]
    assert "ON_DUTY" in outcomes[1]["problem"]["detail"]
    assert outcomes[2]["problem"]["code"] == "checkin_exists"
    assert outcomes[3]["problem"]["errors"][0]["pointer"] == "/body/items/3/time"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"status": None}, "needs `status`"),
        ({"time": "2026-09-08T08:00:00"}, "takes no `time`"),
        ({"reason": "  "}, "pattern"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_is_no_correction_is_refused(week: House, changed: dict[str, Any], word: str) -> None:
    async with await writer(week) as http:
        answer = await http.post("/corrections", json={"items": [ON_DUTY | changed]})
    assert answer.status_code == 422
    assert word in answer.text


async def test_two_who_add_the_same_checkin_at_once_add_it_once(week: House) -> None:
    caller = Caller(id="key:1", name="k", kind="key", scopes=frozenset({"attendance:write"}))
    async with await writer(week) as http:
        async with week.runtime.database.write() as conn:
            ((made,), _) = await correct_each(conn, caller, [CorrectionAsk.model_validate(EXIT)], "/")
            other = asyncio.create_task(corrected(http, EXIT))
            while not other.done() and not await somebody_waits(week):
                pass
        (refused,) = await other
    assert (made["status"], refused["status"]) == (201, 409)
    assert refused["problem"]["code"] == "checkin_exists"


async def somebody_waits(house: House) -> bool:
    async with house.runtime.database.read() as conn:
        waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory')"
        return bool(await conn.scalar(text(waiting)))


async def test_a_shift_that_the_day_does_not_have_is_refused(week: House) -> None:
    async with await writer(week) as http:
        (outcome,) = await corrected(http, ON_DUTY | {"shift": 5})
        assert outcome["problem"]["errors"][0]["pointer"] == "/body/items/0/shift"
        (first,) = await corrected(http, ON_DUTY | {"shift": 0})
        assert first["status"] == 201


async def test_the_same_key_corrects_once(week: House) -> None:
    async with await writer(week) as http:
        first = await corrected(http, EXIT, **{"Idempotency-Key": "k1"})
        again = await corrected(http, EXIT, **{"Idempotency-Key": "k1"})
        assert first == again
        listed = (await http.get("/corrections", params={"from": "2026-09-01", "to": "2026-09-30"})).json()
    assert len(listed["items"]) == 1


async def test_a_key_of_one_site_corrects_and_sees_its_own_people_only(week: House) -> None:
    async with await writer(week, "Centro") as other, await writer(week, "Villas") as own:
        (refused,) = await corrected(other, ON_DUTY)
        assert refused["status"] == 422
        (made,) = await corrected(own, ON_DUTY)
        window = {"from": "2026-09-01", "to": "2026-09-30"}
        assert (await other.get("/corrections", params=window)).json()["items"] == []
        path = f"/corrections/{made['correction']['id']}/revoke"
        assert (await other.post(path, json={"reason": "not mine"})).status_code == 404


async def test_a_correction_can_neither_be_changed_nor_erased(week: House) -> None:
    async with await writer(week) as http:
        await corrected(http, ON_DUTY)
    for statement in ("UPDATE attendance.correction SET reason = 'x'", "DELETE FROM attendance.correction"):
        with pytest.raises(DBAPIError, match="never changed or erased"):
            async with week.runtime.database.write() as conn:
                await conn.execute(text(statement))


async def test_a_weekly_schedule_holds_from_its_first_day_on(week: House) -> None:
    async with week.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.person SET default_shift_type_id = NULL"))
    ask = {"person": ANA, "shift_type": "Day", "weekdays": [3, 1], "valid_from": "2026-09-09"}
    async with await writer(week) as http:
        made = await http.post("/schedules", json=ask)
        assert made.status_code == 201, made.text
        assert [row["weekday"] for row in made.json()["items"]] == [1, 3]
        assert (await http.post("/schedules", json=ask)).json()["code"] == "schedule_exists"
        await recomputed(week)
        assert (await day_of(week, "2026-09-09"))["schedule_source"] == "weekly"
        wednesday = made.json()["items"][1]["id"]
        ended = await http.post(f"/schedules/{wednesday}/end", json={"valid_to": "2026-09-10"})
        assert ended.json()["valid_to"] == "2026-09-10"
        early = await http.post(f"/schedules/{wednesday}/end", json={"valid_to": "2026-09-01"})
        assert early.status_code == 422
        await recomputed(week)
        listed = (await http.get("/schedules", params={"person": ANA, "from": "2026-09-12"})).json()
    assert [row["weekday"] for row in listed["items"]] == [1]
    assert (await day_of(week, "2026-09-09"))["schedule_source"] == "weekly"
    assert (await day_of(week, "2026-09-16"))["status"] in {"REST", "HOLIDAY"}


async def test_a_device_that_is_mapped_is_no_exception_any_more(week: House) -> None:
    async with week.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.device SET site_id = NULL"))
    ask = {"month": "2026-09", "kind": "unmapped_device"}
    async with await writer(week) as http, await writer(week, "Villas") as limited:
        assert [row["subject"] for row in (await http.get("/reports/exceptions", params=ask)).json()["items"]]
        body = {"device": "villas-gate-1", "site": "Villas"}
        assert (await limited.post("/device-sites", json=body)).status_code == 403
        wrong = await http.post("/device-sites", json=body | {"site": "Vilas"})
        assert "did you mean Villas" in wrong.json()["detail"]
        for _ in range(2):
            assert (await http.post("/device-sites", json=body)).json() == body
        assert (await http.get("/reports/exceptions", params=ask)).json()["items"] == []
        devices = (await http.get("/devices", params={"site": "Villas"})).json()["items"]
    assert [device["name"] for device in devices] == ["villas-gate-1"]
