"""Following simulated stations: what is stored, in how many requests, at which pace (spec D.4)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.crew.queries import logins
from service.crew.queries.stations import put_station
from service.crew.upstream.account import account_held
from service.crew.upstream.site import place_of
from service.simulators.gartan import GartanConfig, GartanServer, GeneratorConfig, faults, generate
from tests.crew.following import CREW, DAYS, SEGMENTS, asked, following, states, stored, synced, today, waits
from tests.crew.house import House
from tests.support.eventually import eventually


async def test_a_first_run_brings_a_week_and_the_next_one_nothing(
    followed: House, server: GartanServer
) -> None:
    run = await synced(followed)
    assert (run.state, run.result["mode"], server.requests.logins) == ("done", "startup", 1)
    assert (await stored(followed))[0] == today() - timedelta(days=today().weekday())
    assert (await stored(followed))[-1] >= today() + timedelta(days=6)
    assert set(server.requests.fetches().values()) == {1}
    assert server.requests.days()[:2] == [today(), today() + timedelta(days=1)]
    server.requests.clear()
    again = await synced(followed)
    assert (again.state, again.result["days"]) == ("done", [])
    assert server.requests.entries == []


async def test_what_comes_of_days_is_told_while_it_happens(followed: House, server: GartanServer) -> None:
    server.faults.add(faults.rows_absent(), day=DAYS[0])
    run = await synced(followed, dates=asked(*DAYS[:2]))
    events = (await followed.get(f"/v1/runs/{run.id}/events"))["items"]
    assert {(one["kind"], one["message"], one["data"].get("code")) for one in events} == {
        ("day", "2026-03-03 rejected", "no_rows"),
        ("day", "2026-03-04 applied", None),
    }
    shown = await followed.get(f"/v1/runs/{run.id}")
    assert (shown["progress"]["done"], shown["progress"]["total"], shown["progress"]["unit"]) == (
        2,
        2,
        "days",
    )
    assert (shown["counts"]["days_applied"], shown["counts"]["days_rejected"]) == (1, 1)


async def test_a_session_is_used_again_by_the_next_run(followed: House, server: GartanServer) -> None:
    for _ in range(2):
        run = await synced(followed, dates=asked(*DAYS), force=True)
        assert run.state == "done"
    assert server.requests.logins == 1
    assert run.counts["days_unchanged"] == 3


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


async def test_what_another_process_is_refused_is_not_tried_by_this_one(
    database_url: str, server: GartanServer
) -> None:
    async with following(database_url, server, password="wrong") as house:
        place = place_of(house.runtime.settings, "P22")
        assert place is not None
        [fingerprint] = place.fingerprints
        async with account_held(house.runtime.database, fingerprint):  # as the other one does
            run = asyncio.create_task(synced(house, "P22"))
            await eventually(lambda: waits(house))
            assert server.requests.logins == 0
            async with house.runtime.database.write() as conn:
                other = await put_station(conn, "P23")
                await logins.lock(conn, other.id, fingerprint, datetime.now(UTC), "bad_credentials")
        assert ((await run).error["code"], server.requests.logins) == ("auth_locked", 0)


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


async def test_stations_are_read_at_once_and_politely(database_url: str) -> None:
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
    "forbidden": (faults.server_failure(403), "refused"),
}


async def test_each_fault_of_a_day_has_its_code_and_stores_nothing(
    followed: House, server: GartanServer
) -> None:
    await synced(followed, dates=asked(*DAYS[1:]))
    before = await followed.sql(SEGMENTS)
    found = {}
    for name, (fault, _) in SWITCHES.items():
        rule = server.faults.add(fault, day=DAYS[1])
        run = await synced(followed, dates=asked(*DAYS[1:]), force=True)
        assert run.state == "partial", name
        found[name] = states(run)[DAYS[1].isoformat()]
        assert run.result["code"] == found[name]
        server.faults.remove(rule)
    assert found == {name: code for name, (_, code) in SWITCHES.items()}
    assert await followed.sql(SEGMENTS) == before
    assert server.requests.logins == 1


ODDITIES = {
    "other_colours": (faults.other_colours(), set()),
    "with_tbody": (faults.with_tbody(), set()),
    "trailing_header": (faults.trailing_header(), {"extra_header_cell"}),
    "unknown_code": (faults.unknown_code(CREW.station("P22").crew[0].name), {"unknown_code"}),
    "duplicate_name": (faults.duplicate_name(CREW.station("P22").crew[0].name), {"duplicate_name"}),
}


async def test_each_oddity_is_a_warning_of_its_day(followed: House, server: GartanServer) -> None:
    for fault, codes in ODDITIES.values():
        rule = server.faults.add(fault)
        run = await synced(followed, dates=asked(DAYS[0]), force=True)
        assert run.state == "done"
        [day] = run.result["days"]
        assert codes <= set(day.get("findings", []))
        server.faults.remove(rule)
    page = await followed.get("/v1/crew/stations/P22")
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
    async with GartanServer(CREW) as server, following(database_url, server, run_deadline=3) as house:
        server.faults.add(faults.latency(30), day=DAYS[2])
        run = await synced(house, dates=asked(*DAYS))
        assert (run.state, run.result["code"]) == ("partial", "deadline")
        assert await stored(house) == DAYS[:2]


async def test_a_run_is_cancelled_between_days(followed: House, server: GartanServer) -> None:
    server.faults.add(faults.latency(0.2))
    running = asyncio.create_task(synced(followed, days=60))
    await eventually(lambda: server.requests.count("grid") > 0)
    [row] = await followed.sql("SELECT id FROM muster.run WHERE state = 'running'")
    await followed.ask("POST", f"/v1/runs/{row.id}/cancel")
    ended = await running
    assert ended.state == "cancelled"
    assert 0 < len(await stored(followed)) < 60


async def test_raw_pages_are_kept_where_the_settings_say_so(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server, {"keep_pages_days": 14}) as house:
        await synced(house, dates=asked(DAYS[0]))
        [row] = await house.sql(
            "SELECT p.expires_at - s.fetched_at AS kept FROM crew.day_page p JOIN crew.day_snapshot s ON s.id = p.snapshot_id"
        )
        assert row.kept == timedelta(days=14)


async def test_a_station_that_is_not_followed_is_refused(followed: House) -> None:
    answer = await followed.ask("POST", "/v1/crew/sync", json={"station": "P99"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_station")
    run = await synced(followed, "P99")
    assert (run.state, run.error["status"]) == ("failed", 422)
