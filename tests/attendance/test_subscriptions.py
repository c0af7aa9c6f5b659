"""`/v1/attendance/subscriptions`: what may be asked for, who sees it, what is never stored."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.attendance.house import House, open_house
from tests.attendance.subscribed import DUE, deliveries, due, subscribe, tick

WRITE = "attendance:write"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A replica that drops reports into a folder."""
    (tmp_path / "out").mkdir()
    async with open_house(database_url, delivery={"folder": tmp_path / "out"}) as opened:
        async with opened.writing():
            pass
        yield opened


async def test_a_subscription_is_made_shown_and_ended(house: House) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, params={"site": "Villas"}, target="payroll", locale="es")
        shown = (await http.get(f"/subscriptions/{made['id']}")).json()
        assert made == {**shown, "secret": None}
        expected = {
            "report": "monthly-sheet", "params": {"site": "Villas"}, "format": "csv", "locale": "es",
            "cron": "0 7 1 * *", "timezone": "America/Mexico_City", "channel": "folder", "target": "payroll",
            "state": "active", "failures": 0, "sites": None, "last_run": None,
        }  # fmt: skip
        assert {name: shown[name] for name in expected} == expected
        assert shown["next_at"] > shown["created_at"]
        assert (await http.get("/subscriptions")).json()["items"] == [shown]
        for _ in range(2):
            ended = (await http.delete(f"/subscriptions/{made['id']}")).json()
            assert (ended["state"], ended["next_at"]) == ("ended", None)
        assert (await http.get("/subscriptions")).json()["items"] == []
        assert (await http.get(f"/subscriptions/{made['id']}")).json()["state"] == "ended"
        again = await http.post(f"/subscriptions/{made['id']}/resume")
        assert (again.status_code, again.json()["code"]) == (409, "subscription_ended")
        await due(house)
        assert await tick(house) == {}
        assert await deliveries(http, made) == []


async def test_lists_are_paged(house: House) -> None:
    async with house.http(await house.token(WRITE)) as http:
        ids = [(await subscribe(http, target=f"t{number}"))["id"] for number in range(3)]
        seen, cursor = [], {}
        while True:
            page = (await http.get("/subscriptions", params={"limit": "2", **cursor})).json()
            seen += [item["id"] for item in page["items"]]
            if not page["page"]["has_more"]:
                break
            cursor = {"cursor": page["page"]["next"]}
        assert sorted(seen) == sorted(ids)


@pytest.mark.parametrize(
    ("asked", "status", "pointer"),
    [
        ({"report": "monthly-shet"}, 422, "/body/report"),
        ({"format": "pdf"}, 422, "/body/format"),
        ({"params": {"moth": "2026-09"}}, 422, "/body/params/moth"),
        ({"params": {"site": "Vilas"}}, 422, "/body/params/site"),
        ({"cron": "0 7 1"}, 422, "/body/cron"),
        ({"cron": "* * * * *"}, 422, "/body/cron"),
        ({"timezone": "Mexico City"}, 422, "/body/timezone"),
        ({"channel": "fax"}, 422, "/body/channel"),
        ({"target": "../../etc"}, 422, "/body/target"),
        ({"target": "a\x00b"}, 422, "/body/target"),
        ({"channel": "webhook", "target": "http://127.0.0.1/in"}, 422, "/body/target"),
        ({"channel": "email", "target": "a@b\nBcc: c@d"}, 422, "/body/target"),
        ({"colour": "red"}, 422, "/body/colour"),
    ],
)
async def test_what_cannot_be_delivered_is_refused_at_once(
    house: House, asked: dict[str, Any], status: int, pointer: str
) -> None:
    usual = {"report": "monthly-sheet", "format": "csv", "cron": "0 7 1 * *", "timezone": "UTC"}
    async with house.http(await house.token(WRITE)) as http:
        answer = await http.post("/subscriptions", json={**usual, "channel": "folder", **asked})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), answer.text
        assert ("did you mean month?" in answer.text) is (pointer == "/body/params/moth"), answer.text
        assert (await http.get("/subscriptions")).json()["items"] == []


async def test_everybody_sees_their_own_and_an_admin_of_all_sites_everybodys(house: House) -> None:
    villas, other = await house.token(WRITE, sites=["Villas"]), await house.token(WRITE)
    limited, admin = await house.token("attendance:admin", sites=["Villas"]), await house.token("admin")
    async with house.http(villas) as http:
        made = await subscribe(http)
        assert made["sites"] == ["Villas"]
        usual = {**{name: made[name] for name in ("report", "format", "cron", "timezone", "channel")}}
        foreign = await http.post("/subscriptions", json={**usual, "params": {"site": "Centro"}})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
    for token, sees in ((villas, True), (other, False), (limited, False), (admin, True)):
        async with house.http(token) as http:
            assert len((await http.get("/subscriptions")).json()["items"]) == sees
            for path in ("", "/deliveries"):
                answer = await http.get(f"/subscriptions/{made['id']}{path}")
                assert answer.status_code == (200 if sees else 404)
    async with house.http(other) as http:
        assert (await http.delete(f"/subscriptions/{made['id']}")).status_code == 404
    async with house.http(await house.token("attendance:read")) as http:
        assert (await http.post("/subscriptions", json={})).status_code == 403


async def test_the_secret_of_a_webhook_is_shown_once_and_stored_nowhere(house: House) -> None:
    webhook = {"channel": "webhook", "target": "https://payroll.example.com/in"}
    async with house.http(await house.token(WRITE)) as http:
        headers = {"Idempotency-Key": "october"}
        asked = {
            "report": "monthly-sheet",
            "format": "csv",
            "cron": "0 7 1 * *",
            "timezone": "UTC",
            **webhook,
        }
        first = await http.post("/subscriptions", json=asked, headers=headers)
        again = await http.post("/subscriptions", json=asked, headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.headers["idempotency-replayed"] == "true"
        assert first.json() == again.json()
        reused = await http.post("/subscriptions", json={**asked, "format": "xlsx"}, headers=headers)
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
        listed = (await http.get("/subscriptions")).json()["items"]
        assert len(listed) == 1
        assert "secret" not in listed[0]
        secret = first.json()["secret"]
        assert secret.startswith("whs_")
        assert (await subscribe(http, **webhook))["secret"] != secret
    async with house.runtime.database.read() as conn:
        kept = (
            await conn.execute(text("SELECT convert_from(body, 'UTF8') FROM muster.idempotency_key"))
        ).all()
    assert secret not in str(kept)
    async with house.runtime.database.read() as conn:
        rows = (await conn.execute(text("SELECT * FROM muster.subscription"))).all()
    assert secret not in str(rows)


async def test_nobody_has_more_than_a_hundred(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.reporting.subscriptions.asking.MOST", 1)
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http)
        asked = {name: made[name] for name in ("report", "format", "cron", "timezone", "channel")}
        refused = await http.post("/subscriptions", json=asked)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_subscriptions")
        await http.delete(f"/subscriptions/{made['id']}")
        await subscribe(http)


async def test_what_was_missed_while_paused_is_on_record(house: House) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http)
        async with house.runtime.database.write() as conn:
            paused = text("UPDATE muster.subscription SET state = 'paused', next_at = :at, failures = 5")
            await conn.execute(paused, {"at": DUE.replace(year=2020)})
        assert await tick(house) == {}
        went_on = (await http.post(f"/subscriptions/{made['id']}/resume")).json()
        assert (went_on["state"], went_on["failures"], went_on["detail"]) == ("active", 0, None)
        assert went_on["next_at"] > made["created_at"]
        passed = await deliveries(http, made)
        assert passed[-1]["due_at"] == "2020-10-01T13:00:00Z"
        assert {entry["state"] for entry in passed} == {"skipped"}
        again = (await http.post(f"/subscriptions/{made['id']}/resume")).json()
        assert again == went_on
