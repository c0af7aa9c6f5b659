"""Following simulated stations: what is stored, in how many requests, and what trouble costs (spec D.4, F.8)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from service.simulators.gartan import GartanConfig, GartanServer, GeneratorConfig, faults, generate
from tests.crew.following import following, synced, today
from tests.crew.house import House
from tests.support.ground import Ground

CREW = generate(GeneratorConfig(stations=2, people=4))
STORED = """SELECT v.local_date, sum(cardinality(v.listed)) AS people FROM crew.day_version v
            JOIN crew.station s ON s.id = v.station_id
            WHERE s.code = :code AND v.known_to IS NULL GROUP BY 1 ORDER BY 1"""
SEGMENTS = """SELECT m.grid_name, a.local_date, a.during, a.state, a.reason FROM crew.crew_availability a
              JOIN crew.crew_member m ON m.id = a.crew_id ORDER BY 1, 3"""
DAYS = [date(2026, 3, day) for day in (3, 4, 5)]


@pytest.fixture
async def server() -> AsyncIterator[GartanServer]:
    async with GartanServer(CREW) as opened:
        yield opened


@pytest.fixture
async def house(database_url: str, server: GartanServer) -> AsyncIterator[House]:
    async with following(database_url, server) as opened:
        yield opened


def asked(*days: date) -> list[str]:
    return [day.isoformat() for day in days]


async def stored(house: House, code: str = "P22") -> list[date]:
    return [row.local_date for row in await house.sql(STORED, code=code)]


def states(run: Any) -> dict[str, str]:
    """What came of each day, with its code where it has one."""
    return {one["date"]: one.get("code") or one["state"] for one in run.result["days"]}


async def test_a_first_run_brings_a_week_and_the_next_one_nothing(house: House, server: GartanServer) -> None:
    run = await synced(house)
    assert (run.state, run.result["mode"], server.requests.logins) == ("done", "startup", 1)
    assert (await stored(house))[0] == today() - timedelta(days=today().weekday())
    assert (await stored(house))[-1] >= today() + timedelta(days=6)
    assert set(server.requests.fetches().values()) == {1}
    assert server.requests.days()[:2] == [today(), today() + timedelta(days=1)]
    server.requests.clear()
    again = await synced(house)
    assert (again.state, again.result["days"]) == ("done", [])
    assert server.requests.entries == []


async def test_a_session_is_used_again_by_the_next_run(house: House, server: GartanServer) -> None:
    for _ in range(2):
        run = await synced(house, dates=asked(*DAYS), force=True)
        assert run.state == "done"
    assert server.requests.logins == 1
    assert run.counts["days_unchanged"] == 3


async def test_c087_a_day_that_fails_costs_only_itself(house: House, server: GartanServer) -> None:
    await synced(house, dates=asked(*DAYS))
    before = [row for row in await house.sql(SEGMENTS) if row.local_date == DAYS[1]]
    server.faults.add(faults.server_failure(503), day=DAYS[1])
    server.faults.add(faults.without_person(CREW.station("P22").crew[0].name))
    run = await synced(house, dates=asked(*DAYS), force=True)
    assert run.state == "partial"
    assert states(run) == dict(zip(asked(*DAYS), ("applied", "network", "applied"), strict=True))
    assert [row for row in await house.sql(SEGMENTS) if row.local_date == DAYS[1]] == before
    assert await house.sql(STORED, code="P22") == [(DAYS[0], 3), (DAYS[1], 4), (DAYS[2], 3)]
    assert server.requests.fetches()[DAYS[1]] == 1 + 3


async def test_c091_one_run_of_a_station_and_the_other_is_told_its_id(
    house: House, server: GartanServer
) -> None:
    body = {"station": "P22", "dates": asked(DAYS[0])}
    first, second = await asyncio.gather(*(house.ask("POST", "/v1/crew/sync", json=body) for _ in range(2)))
    taken, refused = sorted((first, second), key=lambda answer: answer.status_code)
    assert (taken.status_code, refused.status_code) == (202, 409)
    run = taken.json()["id"]
    assert refused.json()["code"] == "run_in_progress"
    assert refused.json()["errors"][0]["detail"] == run
    assert refused.headers["location"] == taken.headers["location"] == f"/v1/runs/{run}"
    other = await house.ask("POST", "/v1/crew/sync", json={**body, "station": "P23"})
    assert other.status_code == 202
    assert len(await house.sql("SELECT 1 FROM muster.run WHERE state = 'queued'")) == 2


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


async def test_an_operator_unlocks(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server, password="later") as house:
        await synced(house)
        server.set_password("demo", "later")  # put right upstream
        assert (await synced(house, "P23")).error["code"] == "auth_locked"
        reader = await house.token("crew:read")
        path = "/v1/crew/stations/P23/unlock"
        assert (await house.ask("POST", path, token=reader)).status_code == 403
        answer = await house.ask("POST", path, token=await house.token("crew:write"))
        assert (answer.json(), answer.status_code) == ({"station": "P23", "unlocked": True}, 200)
        assert (await synced(house)).state == "done"
        assert server.requests.logins == 2
        [row] = await house.sql("SELECT subject FROM muster.audit WHERE what = 'crew.unlocked'")
        assert row.subject == "station:P23"


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


async def test_c094_trouble_in_passing_is_tried_three_times(house: House, server: GartanServer) -> None:
    server.faults.add(faults.server_failure(503), nth=(1, 2))
    run = await synced(house, dates=asked(DAYS[0]))
    assert (run.state, server.requests.fetches()[DAYS[0]]) == ("done", 3)


@pytest.mark.parametrize("form", ["page", "redirect", "json"])
async def test_c095_a_session_that_expires_is_made_anew_once(
    house: House, server: GartanServer, form: Any
) -> None:
    server.expire(after=3, form=form)
    run = await synced(house)
    assert (run.state, server.requests.logins) == ("done", 2)
    assert set(states(run).values()) == {"applied"}
    expired = await house.sql("SELECT code, local_date FROM crew.day_snapshot WHERE status = 'rejected'")
    assert {row.code for row in expired} == {"session_expired"}
    assert 1 <= len(expired) <= 2  # two are asked for at once
    assert sum(server.requests.fetches().values()) == len(states(run)) + len(expired)


async def test_q17_a_session_that_does_not_last_ends_the_run(database_url: str) -> None:
    """No storm of logins: one more in a run, then what is left fails together."""
    async with (
        GartanServer(CREW, GartanConfig(session_calls=3)) as server,
        following(database_url, server) as house,
    ):
        run = await synced(house)
        assert (run.state, run.result["code"]) == ("partial", "session_expired")
        assert server.requests.logins == 2
        kept = [code for code in states(run).values() if code == "applied"]
        assert 4 <= len(kept) <= 6
        server.set_password("demo", "other")  # the credential is refused midway
        again = await synced(house)
        assert (again.state, again.error["code"]) == ("failed", "bad_credentials")
        assert len(await stored(house)) == len(kept)


async def test_c096_a_crash_within_a_day_leaves_the_old_day(house: House, server: GartanServer) -> None:
    await synced(house, dates=asked(DAYS[0]))
    before = await house.sql(SEGMENTS)
    await house.sql(
        """CREATE FUNCTION crew.crash() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'crash'; END $$"""
    )
    await house.sql(
        "CREATE TRIGGER crash BEFORE INSERT ON crew.crew_availability EXECUTE FUNCTION crew.crash()"
    )
    server.faults.add(faults.without_person(CREW.station("P22").crew[0].name))
    run = await synced(house, dates=asked(DAYS[0]), force=True)
    assert (run.state, run.error["code"]) == ("failed", "database")
    assert await house.sql(SEGMENTS) == before
    assert len(await house.sql("SELECT 1 FROM crew.day_snapshot")) == 1


async def test_stations_are_read_at_once_and_politely(database_url: str, ground: Ground) -> None:
    plan = generate(GeneratorConfig(stations=3, people=3))
    async with GartanServer(plan) as server, following(database_url, server, spacing=0.02) as house:
        codes = [one.code for one in plan.stations]
        runs = await asyncio.gather(*(synced(house, code, dates=asked(*DAYS)) for code in codes))
        assert [run.state for run in runs] == ["done"] * 3
        for one in plan.stations:
            assert server.requests.fetches(one.brigade_id) == dict.fromkeys(DAYS, 1)
            assert await stored(house, one.code) == DAYS
        assert server.requests.most_at_once <= 2
        assert server.requests.logins == 3


async def test_both_syntaxes_are_understood(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server, body="json") as house:
        run = await synced(house, dates=asked(DAYS[0]))
        assert (run.state, await stored(house)) == ("done", DAYS[:1])


SWITCHES = {
    "rows_absent": (faults.rows_absent(), "no_rows"),
    "header_only": (faults.header_only(), "no_rows"),
    "changed_layout": (faults.changed_layout(), "grid_missing"),
    "empty_d": (faults.empty_d(), "grid_missing"),
    "missing_d": (faults.missing_d(), "bad_envelope"),
    "not_json": (faults.not_json(), "bad_envelope"),
    "html_error": (faults.html_error(200), "bad_envelope"),
    "wrong_content_type": (faults.wrong_content_type("text/html"), "bad_envelope"),
    "server_failure": (faults.server_failure(500), "network"),
    "too_many_requests": (faults.too_many_requests("0"), "network"),
    "reset": (faults.reset(), "network"),
    "truncated": (faults.truncated(), "bad_envelope"),
    "broken_off": (faults.broken_off(), "garbled"),
    "gzip_bomb": (faults.gzip_bomb(), "garbled"),
    "forbidden": (faults.server_failure(403), "refused"),
}


async def test_each_fault_of_a_day_has_its_code_and_stores_nothing(
    house: House, server: GartanServer
) -> None:
    await synced(house, dates=asked(*DAYS[1:]))
    before = await house.sql(SEGMENTS)
    found = {}
    for name, (fault, _) in SWITCHES.items():
        rule = server.faults.add(fault, day=DAYS[1])
        run = await synced(house, dates=asked(*DAYS[1:]), force=True)
        assert run.state == "partial", name
        found[name] = states(run)[DAYS[1].isoformat()]
        assert run.result["code"] == found[name]
        server.faults.remove(rule)
    assert found == {name: code for name, (_, code) in SWITCHES.items()}
    assert await house.sql(SEGMENTS) == before
    assert server.requests.logins == 1


ODDITIES = {
    "other_colours": (faults.other_colours(), set()),
    "with_tbody": (faults.with_tbody(), set()),
    "trailing_header": (faults.trailing_header(), {"extra_header_cell"}),
    "unknown_code": (faults.unknown_code(CREW.station("P22").crew[0].name), {"unknown_code"}),
    "duplicate_name": (faults.duplicate_name(CREW.station("P22").crew[0].name), {"duplicate_name"}),
}


async def test_each_oddity_is_a_warning_of_its_day(house: House, server: GartanServer) -> None:
    for fault, codes in ODDITIES.values():
        rule = server.faults.add(fault)
        run = await synced(house, dates=asked(DAYS[0]), force=True)
        assert run.state == "done"
        [day] = run.result["days"]
        assert codes <= set(day.get("findings", []))
        server.faults.remove(rule)
    page = await house.get("/v1/crew/stations/P22")
    assert page["runs"][0]["state"] == "done"


@pytest.mark.parametrize("mode", ["single", "double"])
async def test_days_of_23_and_25_hours_are_stored_as_they_passed(database_url: str, mode: Any) -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    async with GartanServer(CREW, GartanConfig(dst=mode)) as server, following(database_url, server) as house:
        run = await synced(house, dates=asked(spring, autumn))
        assert run.state == "done"
        hours = await house.sql(
            """SELECT local_date, crew_id, sum(extract(epoch FROM upper(during) - lower(during))) / 3600 AS h
               FROM crew.crew_availability GROUP BY 1, 2"""
        )
        assert {(row.local_date, int(row.h)) for row in hours} == {(spring, 23), (autumn, 25)}
        assert len(hours) == 8


async def test_a_run_past_its_deadline_keeps_what_it_has(database_url: str) -> None:
    async with GartanServer(CREW) as server, following(database_url, server, run_deadline=2) as house:
        server.faults.add(faults.latency(30), day=DAYS[2])
        run = await synced(house, dates=asked(*DAYS))
        assert (run.state, run.result["code"]) == ("partial", "deadline")
        assert await stored(house) == DAYS[:2]


async def test_a_run_is_cancelled_between_days(house: House, server: GartanServer) -> None:
    server.faults.add(faults.latency(0.2))
    body = {"station": "P22", "days": 60}
    running = asyncio.create_task(synced(house, **body))
    while not server.requests.fetches():
        await asyncio.sleep(0.02)
    [row] = await house.sql("SELECT id FROM muster.run WHERE state = 'running'")
    await house.ask("POST", f"/v1/runs/{row.id}/cancel")
    ended = await running
    assert ended.state == "cancelled"
    assert 0 < len(await stored(house)) < 60


async def test_raw_pages_are_kept_where_the_settings_say_so(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server, {"keep_pages_days": 14}) as house:
        await synced(house, dates=asked(DAYS[0]))
        [row] = await house.sql(
            "SELECT p.expires_at - s.fetched_at AS kept FROM crew.day_page p JOIN crew.day_snapshot s ON s.id = p.snapshot_id"
        )
        assert row.kept == timedelta(days=14)


async def test_a_station_that_is_not_followed_is_refused(house: House) -> None:
    answer = await house.ask("POST", "/v1/crew/sync", json={"station": "P99"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_station")
    run = await synced(house, "P99")
    assert (run.state, run.error["status"]) == ("failed", 422)
