"""Ingest: what trouble costs, and what it does not (spec F.8, cases 87 to 96)."""

import asyncio
from typing import Any

import pytest

from service.simulators.gartan import GartanServer, faults
from tests.crew.following import CREW, DAYS, SEGMENTS, STORED, asked, following, states, stored, synced
from tests.crew.house import House


async def test_c087_a_day_that_fails_costs_only_itself(followed: House, server: GartanServer) -> None:
    await synced(followed, dates=asked(*DAYS))
    before = [row for row in await followed.sql(SEGMENTS) if row.local_date == DAYS[1]]
    server.faults.add(faults.server_failure(503), day=DAYS[1])
    server.faults.add(faults.without_person(CREW.station("P22").crew[0].name))
    run = await synced(followed, dates=asked(*DAYS), force=True)
    assert run.state == "partial"
    assert states(run) == dict(zip(asked(*DAYS), ("applied", "network", "applied"), strict=True))
    assert [row for row in await followed.sql(SEGMENTS) if row.local_date == DAYS[1]] == before
    assert await followed.sql(STORED, code="P22") == [(DAYS[0], 3), (DAYS[1], 4), (DAYS[2], 3)]
    assert server.requests.fetches()[DAYS[1]] == 1 + 3


async def test_c091_one_run_of_a_station_and_the_other_is_told_its_id(
    followed: House, server: GartanServer
) -> None:
    body = {"station": "P22", "dates": asked(DAYS[0])}
    first, second = await asyncio.gather(
        *(followed.ask("POST", "/v1/crew/sync", json=body) for _ in range(2))
    )
    taken, refused = sorted((first, second), key=lambda answer: answer.status_code)
    assert (taken.status_code, refused.status_code) == (202, 409)
    run = taken.json()["id"]
    assert refused.json()["code"] == "run_in_progress"
    assert refused.json()["errors"][0]["detail"] == run
    assert refused.headers["location"] == taken.headers["location"] == f"/v1/runs/{run}"
    other = await followed.ask("POST", "/v1/crew/sync", json={**body, "station": "P23"})
    assert other.status_code == 202
    assert len(await followed.sql("SELECT 1 FROM muster.run WHERE state = 'queued'")) == 2


async def test_c092_a_wrong_password_locks_at_once_until_it_changes(
    database_url: str, server: GartanServer
) -> None:
    async with following(database_url, server, password="wrong") as house:
        run = await synced(house)
        assert (run.state, run.error["code"]) == ("failed", "bad_credentials")
        assert server.requests.logins == 1
        # Neither the same station nor another one with the same account tries it again.
        for station in ("P22", "P23"):
            run = await synced(house, station)
            assert (run.state, run.error["code"], run.error["status"]) == ("failed", "auth_locked", 423)
        refused = await house.ask("POST", "/v1/crew/sync", json={"station": "P23"})
        assert (refused.status_code, refused.json()["code"]) == (423, "auth_locked")
        follow = await house.runtime.tasks.run_now("crew.follow", {}, "test")
        assert follow.counts == {"skipped": 2}
        assert (await house.get("/v1/crew/stations/P22"))["login"]["state"] == "locked"
        assert (server.requests.logins, await stored(house)) == (1, [])
    async with following(database_url, server) as house:
        assert (await house.get("/v1/crew/stations/P22"))["login"]["state"] == "open"
        assert (await synced(house)).state == "done"
        assert server.requests.logins == 2


@pytest.mark.parametrize("trouble", ["500", "timeout", "reset", "no_form", "denied"])
async def test_c093_trouble_at_the_login_locks_nothing_and_waits(
    database_url: str, server: GartanServer, trouble: str
) -> None:
    fault, kind, code = {
        "500": (faults.server_failure(500), "login", "network"),
        "timeout": (faults.latency(5), "login", "network"),
        "reset": (faults.reset(), "login", "network"),
        "no_form": (faults.html_error(200), "login_form", "login_form_missing"),
        "denied": (faults.access_denied(), "main", "not_signed_in"),
    }[trouble]
    rule = server.faults.add(fault, kind)
    async with following(database_url, server, total_timeout=0.5 if trouble == "timeout" else 5) as house:
        run = await synced(house)
        assert (run.state, run.error["code"]) == ("failed", code)
        assert server.requests.logins <= 1
        login = (await house.get("/v1/crew/stations/P22"))["login"]
        assert (login["state"], login["code"]) == ("paused", code)
        server.faults.remove(rule)
        before = len(server.requests.entries)
        run = await synced(house)
        assert (run.error["code"], len(server.requests.entries)) == ("login_paused", before)
        await house.sql("UPDATE crew.login_state SET next_attempt_at = now()")
        assert (await synced(house)).state == "done"
        assert await house.sql("SELECT 1 FROM crew.login_state") == []


async def test_c094_trouble_in_passing_is_tried_three_times(followed: House, server: GartanServer) -> None:
    server.faults.add(faults.server_failure(503), nth=(1, 2))
    run = await synced(followed, dates=asked(DAYS[0]))
    assert (run.state, server.requests.fetches()[DAYS[0]]) == ("done", 3)


@pytest.mark.parametrize("form", ["page", "redirect", "json"])
async def test_c095_a_session_that_expires_is_made_anew_once(
    followed: House, server: GartanServer, form: Any
) -> None:
    server.expire(after=3, form=form)
    run = await synced(followed)
    assert (run.state, server.requests.logins) == ("done", 2)
    assert set(states(run).values()) == {"applied"}
    expired = await followed.sql("SELECT code, local_date FROM crew.day_snapshot WHERE status = 'rejected'")
    assert {row.code for row in expired} == {"session_expired"}
    assert 1 <= len(expired) <= 2  # two are asked for at once
    assert sum(server.requests.fetches().values()) == len(states(run)) + len(expired)


async def test_c096_a_crash_within_a_day_leaves_the_old_day(followed: House, server: GartanServer) -> None:
    await synced(followed, dates=asked(DAYS[0]))
    before = await followed.sql(SEGMENTS)
    await followed.sql(
        """CREATE FUNCTION crew.crash() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'crash'; END $$"""
    )
    await followed.sql(
        "CREATE TRIGGER crash BEFORE INSERT ON crew.crew_availability EXECUTE FUNCTION crew.crash()"
    )
    server.faults.add(faults.without_person(CREW.station("P22").crew[0].name))
    run = await synced(followed, dates=asked(DAYS[0]), force=True)
    assert (run.state, run.error["code"]) == ("failed", "database")
    assert await followed.sql(SEGMENTS) == before
    assert len(await followed.sql("SELECT 1 FROM crew.day_snapshot")) == 1
