"""Burn rate, roll-back of a flag, the dead man's switch, and what is forgotten."""

from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.core.flags import select_flags
from service.core.telemetry.distribution import BOUNDS
from service.monitoring.alerts.queries import forget_events
from service.monitoring.alerts.watchdog import Watchdog
from service.monitoring.history import queries as history
from service.monitoring.history.spans import RINGS, Ring, Span
from tests.attendance.subscribed import Receiver, receiving
from tests.core.whole import Whole, whole
from tests.monitoring.alerting import events, judge, make, note_figures, only, rule, told


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    """An application without the built-in rules."""
    delivery = {"private_targets": True, "retries": 0}
    async with whole(database_url, delivery=delivery, monitoring={"enabled": False}) as opened:
        await only(opened.runtime)
        yield opened


async def serve(
    house: Whole, ago: float, seconds: float, requests: int, rings: Sequence[Ring] = RINGS[:1]
) -> None:
    """So many requests that took so long, some time ago."""
    async with house.runtime.database.write() as conn:
        now = await history.select_clock(conn)
        for ring in rings:
            span = Span(covered=10)
            span.times[bisect_left(BOUNDS, seconds)] = float(requests)
            at = int((now - ago) // ring.seconds)
            row = {"seconds": ring.seconds, "slot": at % ring.length, "at": at * ring.seconds}
            await history.write_spans(conn, "one", [row | {"figures": span.stored()}])


async def test_the_objective_burns_only_when_both_windows_do(house: Whole) -> None:
    """99 % within 200 ms: of 1,000 requests in the hour 10 may be slow; 200 slow ones burn 20 times that."""
    async with house.client() as http:
        made = await make(http, source={"kind": "burn_rate"}, threshold=14.4)
        path = f"/v1/alerts/{made['id']}/test"
        blind = (await http.post(path)).json()
        await serve(house, 2000, 0.01, 50)
        few = (await http.post(path)).json()
        await serve(house, 1500, 0.01, 750)
        await serve(house, 1000, 1.5, 200)
        past = (await http.post(path)).json()
        await serve(house, 60, 1.5, 40)
        both = (await http.post(path)).json()
    assert (blind["value"], blind["next_state"]) == (None, "unknown")
    assert (few["value"], few["next_state"]) == (None, "ok")
    assert "too few" in few["detail"]
    assert (past["value"], past["next_state"]) == (0.0, "ok")
    assert both["next_state"] == "firing"
    assert both["value"] == pytest.approx(240 / 1040 * 100, rel=0.01)
    assert "99 % within 200 ms" in both["detail"]


async def test_windows_of_minutes_and_of_days_burn_together(house: Whole) -> None:
    """Each window is read from spans of its own fineness: of the hours' none begins within five minutes."""
    async with house.client() as http:
        windows = {"short_seconds": 300, "long_seconds": 3 * 86_400}
        made = await make(http, source={"kind": "burn_rate", **windows}, threshold=14.4)
        await serve(house, 86_400, 0.01, 500, RINGS)
        await serve(house, 150, 1.5, 500, RINGS)
        verdict = (await http.post(f"/v1/alerts/{made['id']}/test")).json()
    assert (verdict["value"], verdict["next_state"]) == (pytest.approx(50), "firing")


async def test_a_rule_that_fires_switches_its_flag_off(house: Whole) -> None:
    async with house.client() as http:
        made = await make(http, flag="warming", name="memory")
        await note_figures(house.runtime, rss_mib=900)
        await judge(house.runtime)
        async with house.runtime.database.read() as conn:
            flags, _ = await select_flags(conn, "platform/flags")
    assert flags["warming"].share == 0
    assert flags["warming"].reason.startswith("memory: ")
    assert flags["warming"].changed_by == f"alert:{made['id']}"


async def test_a_flag_that_is_gone_keeps_no_rule_from_being_judged(house: Whole) -> None:
    """Rules outlive versions: one that would switch off what is no more still fires, and so do the others."""
    async with house.client() as http:
        made = [await make(http, name=name) for name in ("one", "other")]
        async with house.runtime.database.write() as conn:
            await conn.execute(text("UPDATE muster.alert_rule SET flag = 'gone' WHERE name = 'one'"))
        await note_figures(house.runtime, rss_mib=900)
        await judge(house.runtime)
        stand = [(await rule(http, one))["state"] for one in made]
    assert stand == ["firing", "firing"]


class Clock:
    """A monotonic clock that tests turn."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def evaluated(house: Whole, ago: float = 0) -> None:
    """An evaluation that ended, as the job engine records it."""
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO muster.run (id, job, scope, state, params, requested_by, created_at, finished_at)
                VALUES (:id, 'monitoring.alerts', :scope, 'done', '{}', 'schedule', now() - CAST(:ago AS interval),
                        now() - CAST(:ago AS interval))
            """),
            {"id": uuid4(), "scope": str(uuid4()), "ago": timedelta(seconds=ago)},
        )


async def test_every_replica_notices_that_nobody_evaluates_and_one_tells(
    house: Whole, receiver: Receiver
) -> None:
    clock = Clock()
    async with house.client() as http:
        channels = [{"channel": "webhook", "target": receiver.url}]
        made = await make(http, source={"kind": "checker"}, threshold=300, channels=channels)
        await evaluated(house, ago=86_400)  # the clock of the wall says nothing about the silence
        dogs = [Watchdog(house.runtime, clock) for _ in range(2)]
        for dog in dogs:
            await dog.look()
        await evaluated(house)
        clock.now += 290
        for dog in dogs:
            await dog.look()
        assert (await rule(http, made))["state"] == "ok"
        clock.now += 301
        for dog in dogs:
            await dog.look()
        firing = await rule(http, made)
        newcomer = Watchdog(house.runtime, clock)  # it has not seen any evaluation end
        await newcomer.look()
        assert (await rule(http, made))["state"] == "firing"
        await evaluated(house)
        for dog in dogs:
            await dog.look()
        found = await events(http, made)
    assert (firing["state"], firing["value"]) == ("firing", 301.0)
    assert [event["state"] for event in found] == ["firing", "ok"]
    assert told(found[0]) == {"log": "delivered", "webhook": "delivered"}
    assert len(receiver.bodies) == 2


@asynccontextmanager
async def away(house: Whole) -> AsyncIterator[None]:
    """The database does not answer while the block runs."""
    database = house.runtime.database
    house.runtime.database = Database("postgresql+asyncpg://muster@127.0.0.1:1/muster")
    await house.runtime.database.open()
    yield
    await house.runtime.database.close()
    house.runtime.database = database


async def test_without_a_database_the_leader_of_a_replica_tells_each_outage_once(
    house: Whole, receiver: Receiver
) -> None:
    """Each outage is a delivery of its own: who takes each delivery once hears of the second as well."""
    clock = Clock()
    async with house.client() as http:
        channels = [{"channel": "webhook", "target": receiver.url}]
        await make(http, source={"kind": "checker"}, threshold=300, channels=channels)
    dogs = [Watchdog(house.runtime, clock), Watchdog(house.runtime, clock, is_leader=lambda: False)]
    for _outage in range(2):
        for dog in dogs:
            await dog.look()
        receiver.statuses = [503]  # the first attempt fails: the next look makes another
        async with away(house):
            for _ in range(5):
                clock.now += 120
                for dog in dogs:
                    await dog.look()
        clock.now = 1000.0
    assert len(receiver.bodies) == 4
    assert all(b"the database does not answer" in body for body in receiver.bodies)
    first, again, second, _ = (headers["muster-delivery"] for headers in receiver.headers)
    assert first == again != second


async def test_old_events_are_forgotten_but_not_how_it_stands(house: Whole) -> None:
    async with house.client() as http:
        made = await make(http)
        async with house.runtime.database.write() as conn:
            for state, told_of in (("ok", "[]"), ("firing", '[{"channel": "log"}]'), ("ok", "[]")):
                await conn.execute(
                    text("""
                        INSERT INTO muster.alert_event (rule_id, at, state, threshold, detail, told)
                        VALUES (:rule, now() - interval '500 days', :state, 0, 'it', CAST(:told AS jsonb))
                    """),
                    {"rule": made["id"], "state": state, "told": told_of},
                )
            assert await forget_events(conn, datetime.now(UTC) - timedelta(days=400)) == 1
