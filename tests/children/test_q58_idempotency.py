"""Q58: a write about a child that is repeated has one effect and one answer, whatever comes between."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.children.house import House

NOTE = {"category": "general", "note": "Slept well and came with a smile."}
POINTS = {"points": 5, "reason": "tidied up"}
SESSION = {"session_type": "dental_visit", "scenario_name": "Chair"}
WRITES = {
    "notes": (NOTE, "SELECT count(*) FROM children.progress_notes"),
    "points": (POINTS, "SELECT count(*) FROM children.point_ledger"),
    "sessions": (
        SESSION,
        "SELECT count(*) FROM children.game_sessions WHERE started_at > now() - interval '1 hour'",
    ),
    "activities": (
        {"activity_type": "dental_care", "activity_name": "Brushing"},
        "SELECT count(*) FROM children.activities",
    ),
}


async def post(house: House, path: str, body: Any, key: str, who: str = "G1") -> httpx.Response:
    """A write with a key."""
    return await house.ask(who, "POST", path, json=body, headers={"Idempotency-Key": key})


async def effects(house: House, what: str) -> int:
    """How often it was done."""
    [(count,)] = await house.sql(WRITES[what][1])
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize("what", WRITES)
async def test_q58_fifty_at_once_have_one_effect(house: House, what: str) -> None:
    """Each is answered as the first was, or told that it is under way; a repetition is marked as one."""
    body = WRITES[what][0]
    answers = await asyncio.gather(*(post(house, f"/1/{what}", body, "once") for _ in range(50)))
    assert await effects(house, what) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    told = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert told <= {"idempotency_key_in_flight"}
    again = await post(house, f"/1/{what}", body, "once")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.content for answer in [*done, again]} == {again.content}


async def test_q58_a_crash_between_commit_and_answer_loses_nothing(house: House) -> None:
    """The connection breaks when the answer begins; who asks again gets it, and the deed was done once."""

    async def breaking(scope: Any, receive: Any, send: Any) -> None:
        async def broken(message: Any) -> None:
            raise ConnectionResetError

        await house.app(scope, receive, broken)

    transport = httpx.ASGITransport(breaking, raise_app_exceptions=True)
    headers = {"Authorization": f"Bearer {house.token('G1')}", "Idempotency-Key": "crash"}
    async with httpx.AsyncClient(transport=transport, base_url="http://muster.test", headers=headers) as http:
        with pytest.raises((ConnectionResetError, RuntimeError)):
            await http.post("/v1/children/1/points", json=POINTS)
    assert await effects(house, "points") == 1
    again = await post(house, "/1/points", POINTS, "crash")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.json()["total_points"] == 5
    assert await effects(house, "points") == 1


async def test_q58_another_body_route_or_caller_is_another_matter(house: House) -> None:
    """Another body is refused; the key of another route or person is another key."""
    assert (await post(house, "/1/points", POINTS, "k")).status_code == 201
    other = await post(house, "/1/points", {**POINTS, "points": 6}, "k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await post(house, "/1/notes", NOTE, "k")).status_code == 201
    theirs = await post(house, "/1/points", POINTS, "k", who="E1")
    assert (theirs.status_code, "idempotency-replayed" in theirs.headers) == (201, False)
    assert await effects(house, "points") == 2
