"""What is due is delivered once, signed and whole; what fails says so (issue 3: subscriptions)."""

import asyncio
import csv
import hmac
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.access.keys import revoke_key
from service.reporting.subscriptions.delivering import AGAIN, LEASE
from tests.attendance.house import House
from tests.attendance.subscribed import DUE, Receiver, deliveries, delivering, due, receiving, subscribe, tick

WRITE = "attendance:write"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A replica with people at two sites."""
    async with delivering(database_url) as opened:
        async with opened.writing():
            pass
        yield opened


def verified(made: dict[str, Any], receiver: Receiver, number: int = 0) -> bool:
    """What a receiver does to know that a delivery is ours."""
    headers, body = receiver.headers[number], receiver.bodies[number]
    name = headers["content-disposition"].partition('filename="')[2].rstrip('"')
    signed = f"{headers['muster-timestamp']}.{headers['muster-delivery']}.{name}.".encode() + body
    expected = "v1=" + hmac.new(made["secret"].encode(), signed, "sha256").hexdigest()
    return hmac.compare_digest(expected, headers["muster-signature"])


async def test_a_webhook_gets_the_file_signed(house: House, receiver: Receiver) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url, params={"site": "Villas"})
        await due(house)
        assert await tick(house) == {"delivered": 1}
        (delivery,) = await deliveries(http, made)
        shown = (await http.get(f"/subscriptions/{made['id']}")).json()
    assert (delivery["state"], delivery["attempts"], delivery["complete"]) == ("delivered", 1, False)
    assert (delivery["due_at"], delivery["size_bytes"]) == ("2026-10-01T13:00:00Z", len(receiver.bodies[0]))
    assert shown["next_at"] == "2026-11-01T13:00:00Z"
    headers = receiver.headers[0]
    assert headers["content-type"].startswith("text/csv")
    assert (headers["muster-delivery"], headers["muster-complete"]) == (delivery["id"], "false")
    assert delivery["file_name"].endswith("_incomplete.csv")
    assert delivery["file_name"] in headers["content-disposition"]
    assert verified(made, receiver)
    receiver.bodies[0] += b"x"
    assert not verified(made, receiver)


async def test_two_replicas_deliver_each_instant_once(database_url: str, receiver: Receiver) -> None:
    async with delivering(database_url) as one, delivering(database_url) as two:
        async with one.writing():
            pass
        async with one.http(await one.token(WRITE)) as http:
            made = [await subscribe(http, channel="webhook", target=receiver.url) for _ in range(8)]
            await due(one)
            told = await asyncio.gather(tick(one), tick(two), tick(one), tick(two))
            assert sum(counts.get("delivered", 0) for counts in told) == 8
            assert {headers["muster-subscription"] for headers in receiver.headers} == {
                entry["id"] for entry in made
            }
            assert len(receiver.headers) == 8
            assert await tick(two) == {}


async def test_the_job_of_the_schedule_delivers_and_is_named(house: House, receiver: Receiver) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
        await due(house)
        run = await house.runtime.tasks.run_now("attendance.deliver", {}, "schedule")
        assert (run.state, run.counts["delivered_written"]) == ("done", 1)
        assert {(await deliveries(http, made))[0]["run"]} == {str(run.id)}
        assert (await http.get(f"/subscriptions/{made['id']}")).json()["last_run"] == str(run.id)


async def test_missed_instants_are_delivered_once_and_on_record(house: House, receiver: Receiver) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url, cron="0 * * * *", timezone="UTC")
        await due(house)
        assert await tick(house, DUE + timedelta(hours=5, minutes=20)) == {"delivered": 1}
        records = await deliveries(http, made)
    assert [entry["state"] for entry in records] == ["delivered", *["skipped"] * 5]
    assert (records[0]["due_at"], records[-1]["due_at"]) == ("2026-10-01T18:00:00Z", "2026-10-01T13:00:00Z")
    assert "not running" in records[1]["detail"]
    assert len(receiver.bodies) == 1


@pytest.mark.parametrize(
    ("params", "meant"),
    [({}, "2026-09-01_2026-09-30"), ({"period": "quincena"}, "2026-09-2"), ({"period": "week"}, "2026-W40")],
)
async def test_a_late_delivery_is_of_the_period_that_was_due(
    house: House, receiver: Receiver, params: dict[str, str], meant: str
) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url, params=params)
        await due(house)
        assert await tick(house, DUE + timedelta(days=20)) == {"delivered": 1}
        (delivery,) = await deliveries(http, made)
    assert meant in delivery["file_name"]


async def test_half_past_two_on_the_day_the_clock_jumps_comes_once(house: House, receiver: Receiver) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(
            http, channel="webhook", target=receiver.url, cron="30 2 * * *", timezone="Europe/London"
        )
        await due(house, datetime(2026, 3, 28, 2, 30, tzinfo=UTC))
        moment = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
        while moment < datetime(2026, 3, 30, 0, tzinfo=UTC):
            await tick(house, moment)
            moment += timedelta(minutes=15)
        days = [entry["due_at"] for entry in await deliveries(http, made)]
    assert days == ["2026-03-29T01:30:00Z", "2026-03-28T02:30:00Z"]
    assert len(receiver.bodies) == 2


async def test_a_failing_webhook_is_tried_again_with_pauses(house: House, receiver: Receiver) -> None:
    receiver.statuses = [503, 500]
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
        await due(house)
        now = DUE
        assert await tick(house, now) == {"waiting": 1}
        (waiting,) = await deliveries(http, made)
        assert (waiting["state"], waiting["retry_at"]) == ("waiting", "2026-10-01T13:01:00Z")
        assert waiting["detail"] == "the webhook answered 503"
        assert await tick(house, now + timedelta(seconds=59)) == {}
        assert await tick(house, now + timedelta(minutes=1)) == {"waiting": 1}
        assert await tick(house, now + timedelta(minutes=6)) == {"delivered": 1}
        (done,) = await deliveries(http, made)
    assert (done["attempts"], done["state"], done["detail"]) == (3, "delivered", None)
    assert len({headers["muster-delivery"] for headers in receiver.headers}) == 1


async def test_five_failures_in_a_row_pause_it_and_a_gap_says_so(house: House, receiver: Receiver) -> None:
    receiver.statuses = [410] * 5
    async with house.http(await house.token(WRITE)) as http, house.http(await house.token(), base="/v1") as o:
        made = await subscribe(http, channel="webhook", target=receiver.url, cron="0 7 * * *")
        for day in range(5):
            at = DUE + timedelta(days=day)
            await due(house, at)
            assert await tick(house, at) == {"failed": 1}
            gaps = (await http.get("http://muster.test/v1/gaps")).json()["items"]
            (gap,) = [entry for entry in gaps if entry["subject"] == f"subscription {made['id']}"]
            assert gap["code"] == ("delivery_failed" if day < 4 else "delivery_paused")
            assert gap["reasons"] == ["the webhook answered 410"]
        shown = (await http.get(f"/subscriptions/{made['id']}")).json()
        assert (shown["state"], shown["failures"]) == ("paused", 5)
        assert await tick(house, DUE + timedelta(days=9)) == {}
        assert [gap["code"] for gap in (await o.get("/gaps")).json()["items"]] == []
        await http.post(f"/subscriptions/{made['id']}/resume")
        later = DUE.replace(year=2190)  # what has passed by now is on record as skipped
        await due(house, later)
        assert await tick(house, later) == {"delivered": 1}
        assert (await http.get("http://muster.test/v1/gaps")).json()["items"] == []


async def test_attempts_end_after_the_last_pause(house: House, receiver: Receiver) -> None:
    receiver.statuses = [503] * 10
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
        await due(house)
        now, told = DUE, []
        pauses = [timedelta(seconds=AGAIN.pause(attempt)) for attempt in range(1, AGAIN.attempts)]
        for pause in (timedelta(0), *pauses, timedelta(hours=5)):
            now += pause
            told.append(await tick(house, now))
        assert told == [*[{"waiting": 1}] * 4, {"failed": 1}, {}]
        (failed,) = await deliveries(http, made)
    assert (failed["attempts"], failed["retry_at"]) == (5, None)


async def test_redirects_are_not_followed(house: House, receiver: Receiver) -> None:
    receiver.statuses = [302]
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
        await due(house)
        assert await tick(house) == {"failed": 1}
        assert "302" in (await deliveries(http, made))[0]["detail"]
    assert len(receiver.bodies) == 1


async def test_a_private_address_is_refused_at_delivery_too(database_url: str, receiver: Receiver) -> None:
    async with delivering(database_url) as lax, delivering(database_url, private_targets=False) as strict:
        async with lax.writing():
            pass
        async with lax.http(await lax.token(WRITE)) as http:
            named = receiver.url.replace("127.0.0.1", "2130706433")  # the same, as some resolvers read it
            made = [await subscribe(http, channel="webhook", target=url) for url in (receiver.url, named)]
            await due(lax)
            assert await tick(strict) == {"failed": 2}
            details = [(await deliveries(http, entry))[0]["detail"] for entry in made]
    assert all("not public" in detail for detail in details), details
    assert receiver.bodies == []


async def test_a_revoked_key_stops_its_deliveries(house: House, receiver: Receiver) -> None:
    token = await house.token(WRITE)
    async with house.http(token) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
    await revoke_key(house.runtime.database, made["created_by"].removeprefix("key:"))
    await due(house)
    assert await tick(house) == {"failed": 1}
    async with house.http(await house.token("admin")) as admin:
        (delivery,) = await deliveries(admin, made)
        shown = (await admin.get(f"/subscriptions/{made['id']}")).json()
    assert "has been revoked" in delivery["detail"]
    assert (shown["state"], "has been revoked" in shown["detail"]) == ("paused", True)
    assert receiver.bodies == []


async def test_a_report_shows_what_its_owner_may_see(house: House, receiver: Receiver) -> None:
    people = {}
    for sites in (["Villas"], None):
        async with house.http(await house.token(WRITE, sites=sites)) as http:
            made = await subscribe(http, channel="webhook", target=receiver.url)
            await due(house, subscription=made["id"])
            assert await tick(house) == {"delivered": 1}
        rows = list(csv.reader(io.StringIO(receiver.bodies[-1].decode("utf-8-sig"))))
        people[len(rows)] = {cell for row in rows for cell in row}
    few, many = (people[size] for size in sorted(people))
    assert ("Ana Ruiz" in few, "Carla Soto" in few) == (True, False)
    assert {"Ana Ruiz", "Carla Soto"} <= many


async def test_who_took_a_delivery_and_died_is_followed_by_another(house: House, receiver: Receiver) -> None:
    async with house.http(await house.token(WRITE)) as http:
        made = await subscribe(http, channel="webhook", target=receiver.url)
        await due(house)
        async with house.runtime.database.write() as conn:
            await conn.execute(
                text(
                    "INSERT INTO muster.delivery (subscription_id, due_at, state, attempts, retry_at)"
                    " SELECT id, next_at, 'running', 1, CAST(:until AS timestamptz) FROM muster.subscription"
                ),
                {"until": DUE + LEASE},
            )
        assert await tick(house, DUE + timedelta(minutes=1)) == {}
        assert await tick(house, DUE + LEASE) == {"delivered": 1}
        assert [entry["attempts"] for entry in await deliveries(http, made)] == [2]
