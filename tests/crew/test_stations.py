"""Stations: how they are followed, the display beside the grid, what the clock starts (spec A.9, D.4, D.7)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.crew.queries.stations import put_station
from service.simulators.gartan import Booking, GartanServer, faults
from tests.crew.following import CREW, asked, following, stored, synced, today
from tests.crew.house import House
from tests.support import dates

PATH = "/v1/crew/stations"


async def test_a_station_shows_its_days_runs_and_oddities(followed: House, server: GartanServer) -> None:
    server.faults.add(faults.trailing_header(), day=today())
    await synced(followed, days=1)
    server.faults.clear()
    server.faults.add(faults.rows_absent(), day=today())
    await synced(followed, dates=asked(today()), force=True)
    page = await followed.get(f"{PATH}/P22")
    [day] = [one for one in page["days"] if one["date"] == today().isoformat()]
    assert (day["fresh"], day["stale"], day["final"], day["people"]) == (True, False, False, 4)
    assert (day["warnings"], day["last_look"], day["last_look_code"]) == (
        ["extra_header_cell"],
        "rejected",
        "no_rows",
    )
    assert [(one["state"], one["code"]) for one in page["runs"]] == [("failed", "no_rows"), ("done", None)]
    assert page["warnings"] == [{"code": "extra_header_cell", "times": 1, "dates": [today().isoformat()]}]
    assert page["data"]["complete"] is True
    assert page["data"]["as_of"] == day["seen_at"]
    assert page["known_from"] < day["seen_at"] < page["known_until"]
    yesterday = [one for one in page["days"] if one["date"] < today().isoformat()]
    assert all(one["fresh"] for one in yesterday)


async def test_a_station_that_was_never_read_says_so(followed: House) -> None:
    async with followed.runtime.database.write() as conn:
        await put_station(conn, "P99")
    page = await followed.get(f"{PATH}/P99")
    assert (page["followed"], page["days"], page["seen_at"]) == (False, [], None)
    assert (page["data"]["complete"], page["data"]["as_of"]) == (False, None)
    assert page["data"]["reasons"] == [f"{today()} was never read"]


async def test_stations_are_shown_to_who_may_see_them(followed: House) -> None:
    for code in ("P22", "P23"):
        await synced(followed, code, dates=asked(today()))
    token = await followed.token("crew:write", sites=["P22"])
    listing = (await followed.ask("GET", PATH, token=token)).json()
    assert [one["code"] for one in listing["items"]] == ["P22"]
    assert [one["code"] for one in (await followed.get(PATH))["items"]] == ["P22", "P23"]
    for method, path, body in (
        ("GET", f"{PATH}/P23", None),
        ("GET", f"{PATH}/P00", None),
        ("GET", f"{PATH}/P23/live", None),
        ("POST", f"{PATH}/P23/unlock", None),
        ("POST", "/v1/crew/sync", {"station": "P23"}),
    ):
        answer = await followed.ask(method, path, token=token, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "site_not_allowed"), path
    assert (await followed.ask("GET", f"{PATH}/P00")).json()["code"] == "station_not_found"
    reader = await followed.token("crew:read")
    refused = await followed.ask("POST", "/v1/crew/sync", token=reader, json={"station": "P22"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    both = {"station": "P22", "days": 3, "dates": ["2026-03-05"]}
    for body in (both, {"station": "P22", "days": 61}, {"station": "P22", "day": 3}, {"station": "P22\0"}):
        assert (await followed.ask("POST", "/v1/crew/sync", json=body)).status_code == 422


async def test_the_display_is_held_against_the_grid(followed: House, server: GartanServer) -> None:
    await synced(followed, dates=asked(today()))
    page = await followed.get(f"{PATH}/P22/live")
    assert (page["agrees"], page["people"], page["appliances"]) == (True, [], [])
    assert {one["label"] for one in page["crewing"]} >= {"BA"}
    assert server.requests.count("display") == 1
    await followed.get(f"{PATH}/P22/live")
    assert server.requests.count("display") == 1


async def test_who_booked_off_since_is_told(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server) as house:
        await synced(house, dates=asked(today()))
        available = (await house.get("/v1/crew", station="P22", state="available"))["items"]
        now = datetime.now(UTC)
        off = Booking(now - timedelta(hours=1), now + timedelta(hours=1), "O")
        on = Booking(off.start, off.end, None)
        plan = server.plan
        for one in plan.station("P22").crew:
            shown = any(person["name"] == one.name for person in available)
            plan = plan.booked("P22", one.name, off if shown else on)
        server.plan = plan
        page = await house.get(f"{PATH}/P22/live")
        assert page["agrees"] is False
        told = {one["name"]: (one["shown"], one["computed"]) for one in page["people"]}
        assert {name: pair for name, pair in told.items() if not pair[0]} == {
            one["name"]: (False, "available") for one in available
        }
        assert len(told) == len(CREW.station("P22").crew)
        hidden = await house.get(f"{PATH}/P22/live", redact="true")
        assert {one["name"] for one in hidden["people"]} == {f"#{one['crew_id']}" for one in page["people"]}


async def test_a_display_that_cannot_be_had_has_its_code_and_is_left_alone(
    followed: House, server: GartanServer
) -> None:
    await synced(followed, dates=asked(today()))
    server.faults.add(faults.html_error(200), "display")
    for _ in range(2):
        answer = await followed.ask("GET", f"{PATH}/P22/live")
        assert (answer.status_code, answer.json()["code"]) == (502, "display_missing")
    assert server.requests.count("display") == 1


async def test_a_display_is_looked_at_in_a_session_made_anew(followed: House, server: GartanServer) -> None:
    await synced(followed, dates=asked(today()))
    server.site.sessions.end_all()
    page = await followed.get(f"{PATH}/P22/live")
    assert (page["station"], page["agrees"], server.requests.logins) == ("P22", True, 2)


async def test_who_is_locked_out_looks_at_nothing(database_url: str, server: GartanServer) -> None:
    async with following(database_url, server, password="wrong") as house:
        await synced(house)
        answer = await house.ask("GET", f"{PATH}/P22/live")
        assert (answer.status_code, answer.json()["code"]) == (423, "auth_locked")
        assert server.requests.logins == 1


async def test_the_clock_starts_what_is_due_at_every_station(database_url: str, server: GartanServer) -> None:
    now = dates.hour(ZoneInfo("Europe/London"))
    async with following(database_url, server, comprehensive_hour=now) as house:
        run = await house.runtime.tasks.run_now("crew.follow", {}, "test")
        assert run.counts == {"started": 2}
        queued = (
            "SELECT job, params ->> 'station' AS station FROM muster.run WHERE state = 'queued' ORDER BY 2"
        )
        assert await house.sql(queued) == [("crew.look_ahead", "P22"), ("crew.look_ahead", "P23")]
        again = await house.runtime.tasks.run_now("crew.follow", {}, "test")
        assert again.counts == {"active": 2}
        params: dict[str, Any] = {"station": "P22", "mode": "comprehensive"}
        ended = await house.runtime.tasks.run_now("crew.look_ahead", params, "test")
        assert (ended.state, ended.counts["days_applied"]) == ("done", len(await stored(house)))
        assert (await stored(house))[-1] >= today() + timedelta(days=13)
        await house.runtime.tasks.run_now("crew.follow", {}, "test")
        assert await house.sql(queued) == [("crew.sync", "P22"), ("crew.look_ahead", "P23")]


async def test_what_stands_is_told_to_health_and_metrics(followed: House) -> None:
    await synced(followed)
    await followed.runtime.tasks.run_now("crew.follow", {}, "test")
    body = (await followed.ask("GET", "/metrics")).text
    assert 'muster_crew_today_seen_timestamp_seconds{station="P22"}' in body
    assert 'muster_events_total{name="crew.day",outcome="applied"}' in body
    upstreams = (await followed.get("/health/upstreams"))["items"]
    [gartan] = [one for one in upstreams if one["name"] == "gartan"]
    assert gartan["status"] == "up"
    assert gartan["last_contact_at"] is not None


async def test_a_look_ahead_in_vain_is_left_to_the_next_day_after_three(
    database_url: str, server: GartanServer
) -> None:
    async with following(database_url, server, comprehensive_hour=0) as house:
        server.faults.add(faults.changed_layout())
        params: dict[str, Any] = {"station": "P22", "mode": "comprehensive"}
        for tried in range(3):
            await house.runtime.tasks.run_now("crew.follow", {}, "test")
            queued = await house.sql(
                "SELECT job FROM muster.run WHERE state = 'queued' AND scope LIKE '%/P22'"
            )
            assert queued == [("crew.look_ahead",)], tried
            await house.sql("DELETE FROM muster.run WHERE state = 'queued'")
            ended = await house.runtime.tasks.run_now("crew.look_ahead", params, "test")
            assert (ended.state, ended.error["code"]) == ("failed", "grid_missing")
        await house.runtime.tasks.run_now("crew.follow", {}, "test")
        assert await house.sql(
            "SELECT job FROM muster.run WHERE state = 'queued' AND scope LIKE '%/P22'"
        ) == [("crew.sync",)]


async def test_q18_another_layout_is_loud_and_nobody_is_off_for_it(
    followed: House, server: GartanServer
) -> None:
    await synced(followed, dates=asked(today()))
    before = (await followed.get("/v1/crew", station="P22"))["available"]
    server.faults.add(faults.changed_layout())
    run = await synced(followed, dates=asked(today()), force=True)
    assert (run.state, run.error["code"]) == ("failed", "grid_missing")
    page = await followed.get(f"{PATH}/P22")
    assert (page["runs"][0]["state"], page["days"][-1]["last_look_code"]) == ("failed", "grid_missing")
    assert (await followed.get("/v1/crew", station="P22"))["available"] == before
