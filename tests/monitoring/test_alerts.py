"""Alerts end to end: business figures and the service's own fire, are told once, and resolve."""

import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.attendance.house import House, open_house
from tests.attendance.repairing import ANA, NOW, fix_of, missing, post
from tests.attendance.subscribed import Postbox, Receiver, postbox, receiving
from tests.monitoring.alerting import MISSING, events, judge, make, note_figures, only, pass_time, rule, told

ADMIN = "admin"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def box() -> AsyncIterator[Postbox]:
    """A mail server."""
    async with postbox() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str, box: Postbox) -> AsyncIterator[House]:
    """A replica that may call this machine, without the built-in rules."""
    delivery = {"private_targets": True, "retries": 0, "total_timeout": 5, "smtp_url": box.url}
    async with open_house(database_url, delivery=delivery, monitoring={"enabled": False}) as opened:
        await only(opened.runtime)
        yield opened


def verified(secret: str, receiver: Receiver, number: int = 0) -> bool:
    """What a receiver does to know that an alert is ours."""
    headers, body = receiver.headers[number], receiver.bodies[number]
    signed = f"{headers['muster-timestamp']}.{headers['muster-delivery']}.alert.json.".encode() + body
    expected = "v1=" + hmac.new(secret.encode(), signed, "sha256").hexdigest()
    return hmac.compare_digest(expected, headers["muster-signature"])


async def test_a_missing_punch_fires_is_told_once_and_resolves_when_it_is_repaired(
    house: House, receiver: Receiver, box: Postbox
) -> None:
    async with house.writing() as firm:
        await firm.known_through(NOW)
    await house.recompute(NOW)
    async with house.http(await house.token(ADMIN), base="") as http:
        channels = [
            {"channel": "webhook", "target": receiver.url},
            {"channel": "email", "target": "pay@example.com"},
        ]
        made = await make(http, source=MISSING, channels=channels, severity="critical")
        await judge(house.runtime)
        assert (await rule(http, made))["state"] == "ok"
        async with house.runtime.database.write() as conn:
            firm.conn = conn
            await firm.punch(ANA, "2026-09-07 08:00:00", "villas-gate-1", log_type="IN")
        await house.recompute(NOW, (NOW.date().replace(month=9, day=1), NOW.date()))
        await judge(house.runtime)
        firing = await rule(http, made)
        for _ in range(3):
            assert await judge(house.runtime) == {"rules": 1}
        async with house.http(await house.token("attendance:write")) as desk:
            (repaired,) = await post(desk, fix_of(await missing(desk, ANA), "correct"))
        assert repaired["status"] == 201
        await house.recompute(NOW)
        await judge(house.runtime)
        found = await events(http, made)
        assert (await rule(http, made))["state"] == "ok"
    assert (firing["state"], firing["value"]) == ("firing", 1.0)
    assert "rows of attendance/exceptions: 1; as of 2026-10-0" in firing["detail"]
    assert "complete" in firing["detail"]
    assert [event["state"] for event in found] == ["firing", "ok"]
    assert {*told(found[0]).values(), *told(found[1]).values()} == {"delivered"}
    documents = [json.loads(body) for body in receiver.bodies]
    assert [(one["state"], one["value"], one["severity"]) for one in documents] == [
        ("firing", 1.0, "critical"),
        ("ok", 0.0, "critical"),
    ]
    assert all(verified(made["secret"], receiver, number) for number in range(2))
    assert len({headers["muster-delivery"] for headers in receiver.headers}) == 2
    assert [mail["subject"] for mail in box.mails] == [
        "[firing] watched (critical)",
        "[resolved] watched (critical)",
    ]
    assert firing["detail"] in box.mails[0].get_content()
    assert "secret" not in firing


async def test_data_that_grow_old_fire_and_name_how_old_they_are(house: House) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        source = {"kind": "data_age", "desk": "attendance"}
        made = await make(http, source=source, threshold=3, for_seconds=60)
        await judge(house.runtime)
        nothing = await rule(http, made)
        async with house.writing() as firm:
            await firm.known_through(datetime.now(UTC) - timedelta(hours=4))
        await judge(house.runtime)
        assert (await rule(http, made))["state"] == "pending"
        await pass_time(house.runtime, 60)
        await judge(house.runtime)
        firing = await rule(http, made)
        async with house.runtime.database.write() as conn:
            firm.conn = conn
            await firm.known_through(datetime.now(UTC))
        await judge(house.runtime)
        assert (await rule(http, made))["state"] == "ok"
        mistyped = await make(http, name="Mistyped", source={**source, "source": "Employe"}, threshold=3)
        await judge(house.runtime)
        unread = await rule(http, mistyped)
    assert (nothing["state"], nothing["value"]) == ("ok", None)
    assert unread["state"] == "unknown"
    assert "reads no 'Employe'; there are: " in unread["detail"]
    assert firing["state"] == "firing"
    assert firing["unit"] == "h"
    assert 3.9 < firing["value"] < 4.1
    assert "complete through" in firing["detail"]


async def test_gaps_of_a_desk_are_counted(house: House) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        made = await make(http, source={"kind": "gaps", "desk": "attendance"}, threshold=1000)
        answer = await http.post(f"/v1/alerts/{made['id']}/test")
        verdict = answer.json()
        other = await make(
            http, name="other", source={"kind": "gaps", "desk": "attendance", "code": "site_not_known"}
        )
        none = (await http.post(f"/v1/alerts/{other['id']}/test")).json()
    assert answer.status_code == 200
    assert (verdict["beyond"], verdict["state"], verdict["next_state"]) == (False, "ok", "ok")
    assert (none["value"], none["beyond"]) == (0.0, False)


async def test_the_worst_installation_counts_and_a_trial_changes_nothing(house: House) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        made = await make(http, source={"kind": "figure", "figure": "p95_ms"}, threshold=500, clear_at=400)
        blind = (await http.post(f"/v1/alerts/{made['id']}/test")).json()
        await note_figures(house.runtime, "one", p95_ms=100, rss_mib=80)
        await note_figures(house.runtime, "two", p95_ms=700)
        verdict = (await http.post(f"/v1/alerts/{made['id']}/test")).json()
        assert await events(http, made) == []
        own = {"kind": "figure", "figure": "p95_ms", "instance": "one"}
        mine = await make(http, name="own", source=own, threshold=500)
        calm = (await http.post(f"/v1/alerts/{mine['id']}/test")).json()
        quiet = await make(http, name="quiet", source={"kind": "figure", "figure": "cpu_percent"})
        idle = (await http.post(f"/v1/alerts/{quiet['id']}/test")).json()
    assert (blind["value"], blind["next_state"]) == (None, "unknown")
    assert (verdict["value"], verdict["beyond"], verdict["next_state"]) == (700.0, True, "firing")
    assert "at two, of 2" in verdict["detail"]
    assert calm["value"] == 100.0
    assert (idle["value"], idle["next_state"]) == (None, "ok")


async def test_what_happens_while_it_is_silenced_is_told_afterwards_if_it_still_fires(
    house: House, receiver: Receiver
) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        channels = [{"channel": "webhook", "target": receiver.url}]
        made = await make(http, source={"kind": "figure", "figure": "rss_mib"}, channels=channels)
        until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        silenced = await http.post(
            f"/v1/alerts/{made['id']}/silence", json={"until": until, "because": "moving"}
        )
        await note_figures(house.runtime, rss_mib=80)
        await judge(house.runtime)
        (event,) = await events(http, made)
        assert (event["state"], event["told"], receiver.bodies) == ("firing", [], [])
        await pass_time(house.runtime, 3601)
        await judge(house.runtime)
        await judge(house.runtime)
        (event,) = await events(http, made)
    assert silenced.json()["silenced_because"] == "moving"
    assert told(event) == {"log": "delivered", "webhook": "delivered"}
    assert [json.loads(body)["state"] for body in receiver.bodies] == ["firing"]


async def test_a_webhook_that_fails_is_told_again_with_the_same_id(house: House, receiver: Receiver) -> None:
    receiver.statuses = [503, 500]
    async with house.http(await house.token(ADMIN), base="") as http:
        channels = [{"channel": "webhook", "target": receiver.url}]
        made = await make(http, channels=channels)
        await note_figures(house.runtime, rss_mib=80)
        for seconds in (0, 61, 301):
            await pass_time(house.runtime, seconds)
            await note_figures(house.runtime, rss_mib=80)
            await judge(house.runtime)
        (event,) = await events(http, made)
    (webhook,) = [one for one in event["told"] if one["channel"] == "webhook"]
    assert (webhook["state"], webhook["attempts"]) == ("delivered", 3)
    assert len({headers["muster-delivery"] for headers in receiver.headers}) == 1


async def test_the_job_judges_for_everybody_and_asks_the_watchdog_outside(
    database_url: str, receiver: Receiver
) -> None:
    monitoring = {"heartbeat_url": receiver.url, "enabled": False}
    async with open_house(database_url, monitoring=monitoring) as house:
        run = await house.runtime.tasks.run_now("monitoring.alerts", {}, "schedule")
        async with house.http(await house.token(ADMIN), base="") as http:
            listed = (await http.get("/v1/alerts", params={"enabled": "true"})).json()["items"]
            shown = (await http.get("/v1/alert-figures")).json()
    assert (run.state, run.counts["rules"]) == ("done", len(listed) - 1)
    assert len(receiver.headers) == 1
    judged = {one["name"]: one["evaluated_at"] for one in listed}
    assert [name for name, at in judged.items() if at is None] == ["Alerts are not evaluated"]
    exceptions = next(one for one in shown["reports"] if one["report"] == "exceptions")
    assert "missing_punch" in exceptions["summary"]


async def test_a_value_that_cannot_be_had_is_unknown_and_told_after_five_minutes(house: House) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        made = await make(http)
        await judge(house.runtime)
        (event,) = await events(http, made)
        assert (event["state"], event["told"]) == ("unknown", [])
        for _ in range(5):
            await pass_time(house.runtime, 75)
            await judge(house.runtime)
        (event,) = await events(http, made)
    assert told(event) == {"log": "delivered"}
    assert "no figures were noted" in event["detail"]


async def test_switching_a_firing_rule_off_ends_it_on_record(house: House) -> None:
    async with house.http(await house.token(ADMIN), base="") as http:
        made = await make(http)
        await note_figures(house.runtime, rss_mib=80)
        await judge(house.runtime)
        asked: dict[str, Any] = {
            name: made[name] for name in ("name", "source", "comparison", "threshold", "severity")
        }
        asked["source"] = {"kind": "figure", "figure": "rss_mib"}
        answer = await http.put(
            f"/v1/alerts/{made['id']}", json={**asked, "enabled": False}, headers={"If-Match": '"1"'}
        )
        await judge(house.runtime)
        found = await events(http, made)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.headers["etag"]) == ("ok", '"2"')
    assert [event["state"] for event in found] == ["firing", "ok"]
    assert "switched off by key:" in found[1]["detail"]
