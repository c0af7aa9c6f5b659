"""An admin's reading of a child in an emergency (spec E4.4, T75)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.access.families import SignedIn, open_family
from tests.children.house import House, open_house

REASON = "Found unconscious; asked by the hospital."


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """With an outbox of its own."""
    async with open_house(database_url, home=tmp_path) as opened:
        yield opened


async def test_t075_a_record_is_opened_to_be_read_for_an_hour_and_the_guardian_is_told(
    house: House, tmp_path: Path
) -> None:
    short = await house.ask("AD", "POST", "/1/break-glass", json={"reason": "ten chars."})
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/body/reason")
    answer = await house.ask("AD", "POST", "/1/break-glass", json={"reason": REASON})
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    assert (opened["expires_in"], opened["guardian_notified"]) == (3600, True)
    [mail] = (tmp_path / "outbox").iterdir()
    told = mail.read_text()
    assert "To: g1@example.org" in told
    assert not any(word in told for word in ("Emma", REASON, opened["access_token"]))
    async with house.http(token=opened["access_token"]) as http:
        for path in ("/1", "/1/notes", "/1/reports", "/1/assessments", "/1/sessions", "/1/analytics/summary"):
            read = await http.get(f"/v1/children{path}")
            assert read.status_code == 200, (path, read.text)
        assert (await http.get("/v1/children/2")).status_code == 404
        for method, path, body in (
            ("PATCH", "/1", {"name": "Em"}),
            ("POST", "/1/notes", {"category": "general", "note": "from outside"}),
            ("POST", "/1/sessions", {"session_type": "dental_visit", "scenario_name": "Chair"}),
            ("POST", "/1/reports", {"type": "summary"}),
            ("POST", "/1/break-glass", {"reason": REASON}),
        ):
            refused = await http.request(method, f"/v1/children{path}", json=body, headers={"If-Match": "*"})
            assert refused.status_code == 403, (path, refused.text)
    uses = await house.sql(
        "SELECT what, purpose FROM muster.audit WHERE who = 'person:21' AND outcome = 'allow' AND child_id = 1"
    )
    assert {purpose for _, purpose in uses} == {REASON}
    assert {"breakglass.open", "note.list", "report.list", "analytics.read"} <= {what for what, _ in uses}
    log = (await house.ask("G1", "GET", "/1/access-log")).json()["items"]
    assert ("breakglass.open", REASON) in {(row["action"], row["purpose"]) for row in log}


async def test_nobody_else_opens_a_record_and_no_other_there_is(house: House) -> None:
    for name in ("G1", "E1", "K1"):
        refused = await house.ask(name, "POST", "/1/break-glass", json={"reason": REASON})
        assert refused.status_code == 403, name
    assert (await house.ask("AD", "POST", "/999/break-glass", json={"reason": REASON})).status_code == 404
    assert (await house.ask("AD", "GET", "/1")).status_code == 403
    assert await house.sql("SELECT * FROM children.break_glass") == []


async def test_opening_repeated_by_its_key_is_one_opening_whose_token_is_kept_nowhere(house: House) -> None:
    key = {"Idempotency-Key": "now"}
    answers = [
        await house.ask("AD", "POST", "/1/break-glass", json={"reason": REASON}, headers=key)
        for _ in range(2)
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    token = answers[0].json()["access_token"]
    assert answers[1].json()["access_token"] is None
    kept = await house.sql("SELECT body FROM muster.idempotency_key")
    assert all(token.encode() not in bytes(one) for (one,) in kept)


async def test_it_is_over_when_the_grant_is(house: House) -> None:
    token = await house.open_glass()
    await house.sql(
        "UPDATE children.break_glass SET opened_at = now() - interval '2 hours', expires_at = now()"
    )
    async with house.http(token=token) as http:
        assert (await http.get("/v1/children/1")).status_code == 404


async def test_what_was_opened_closes_with_the_sign_in_it_was_opened_from(house: House) -> None:
    """At a computer that others use after: signing out ends the emergency's token as well."""
    async with house.runtime.database.write() as conn:
        tokens = await open_family(conn, house.runtime.settings, SignedIn(21, 0), None)
    async with house.http(token=tokens.access_token) as admin:
        opened = (await admin.post("/v1/children/1/break-glass", json={"reason": REASON})).json()
    async with house.http(token=opened["access_token"]) as reader:
        assert (await reader.get("/v1/children/1")).status_code == 200
        assert (
            await reader.post("/v1/access/logout", json={"refresh_token": tokens.refresh_token})
        ).status_code == 204
        assert (await reader.get("/v1/children/1")).status_code == 401
