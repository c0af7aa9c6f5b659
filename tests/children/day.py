"""A day at the children's desk for the scan of the log (T110, Q60): what is done, refused and failed."""

from contextlib import suppress
from typing import Any

from sqlalchemy import text

from tests.children.family import PEOPLE, secret_of
from tests.children.house import House, open_house

NOTE = "cried when the drill was named"
REASON = "because-of-our-own-reasons"
PHONE = "+39 02 5550199"
NAME = "Zenobia Querini"
_CHILD = {
    "name": NAME,
    "date_of_birth": "2019-01-01",
    "relation": "mother",
    "consents": [{"purpose": "processing", "policy_version": "2026-01"}],
    "emergency_contacts": [{"name": "Nonna Querini", "phone": PHONE, "relationship": "grandmother"}],
}


async def family_day(url: str) -> list[str]:
    """Everything once; what no line may hold."""
    async with open_house(url) as house:
        tokens = {name: house.token(name) for name in PEOPLE}
        await _write(house)
        await _read(house)
        await _refused(house)
        await _rights(house)
        with suppress(Exception):
            await house.sql("INSERT INTO children.nothing VALUES (:name)", name=NAME)
        with suppress(Exception):
            async with house.runtime.database.write() as conn:
                await conn.execute(text("UPDATE children.children SET parent_id = 0, name = :n"), {"n": NAME})
        for token in tokens.values():
            async with house.http(token=token) as http:
                await http.get("/v1/access/me")
    emails = [f"{name.lower()}@example.org" for name in PEOPLE]
    signatures = [token.rpartition(".")[2] for token in tokens.values()]
    return ["Emma", "Querini", NOTE, REASON, PHONE, secret_of("K1")[13:], *emails, *signatures]


async def _write(house: House) -> None:
    note = {"category": "medical", "note": NOTE}
    for who, path, body in (
        ("G1", "", _CHILD),
        ("G1", "", {**_CHILD, "support_level": 9, "diagnosis": NOTE}),
        ("G1", "/1/notes", note),
        ("G1", "/1/notes", {**note, "visibility": NAME}),
        ("K1", "/1/sessions", {"session_type": "dental_visit", "scenario_name": NAME}),
        ("K1", "/1/sessions", {"session_type": NAME, "scenario_name": NAME}),
        ("G1", "/1/points", {"points": 5, "reason": NOTE}),
    ):
        answer = await house.ask(who, "POST", path, json=body, headers={"Idempotency-Key": REASON})
        assert answer.status_code in (201, 422), answer.text
    await house.ask("G1", "POST", "/1/notes", content=f'{{"note": "{NOTE}'.encode())


async def _read(house: House) -> None:
    for who in ("G1", "V1", "N1", "AD", None):
        for path in ("", "/1", "/1/sessions", "/1/notes", "/1/analytics/summary", "/1/access-log"):
            await house.ask(who, "GET", path)
    await house.ask("G1", "GET", "", params={"q": "Emma"})
    await house.ask("G1", "GET", "", params={NAME: NOTE})


async def _refused(house: House) -> None:
    for token in (house.token("G1")[:-4] + "AAAA", "eyJ" + "A" * 60):
        async with house.http(token=token) as http:
            await http.get("/v1/children/1")
    async with house.http() as http:
        signing_in: dict[str, Any] = {"username": "g1@example.org", "password": REASON}
        await http.post("/v1/access/token", data=signing_in)
        await http.post("/v1/access/password/forgot", json={"email": "g1@example.org"})


async def _rights(house: House) -> None:
    made = await house.ask("G1", "POST", "/1/exports", json={})
    run = await house.runtime.tasks.run_now("children.copy", {"request": made.json()["id"]}, "test")
    assert run.state == "done", run.error
    await house.ask("G1", "GET", f"/exports/{made.json()['id']}/download")
    asked = {"confirm_name": "Emma", "reason": REASON}
    await house.ask("G1", "POST", "/1/erasure", json={**asked, "confirm_name": NAME})
    assert (await house.ask("G1", "POST", "/1/erasure", json=asked)).status_code == 202
    await house.sql("UPDATE children.data_requests SET executes_at = now()")
    run = await house.runtime.tasks.run_now("children.erasure", {}, "test")
    assert run.counts["children_deleted"] == 1
