"""`/v1/attendance` over HTTP: how complete a list is, and that no older one is served from a cache."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx

from service.attendance.models import DirtyDay, SyncWindow
from service.core.versions import parse_token
from service.schemas import attendance as wire
from tests.attendance.browsing import MONDAY, WEEK
from tests.attendance.house import House, get
from tests.attendance.make import ZONE, Firm, add, judged

KNOWN = datetime(2026, 9, 30, tzinfo=UTC)


async def decided(firm: Firm) -> None:
    """A result for everybody and every day of the week."""
    for number in range(1, 5):
        for day in range(7):
            await firm.day(f"HR-EMP-0000{number}", MONDAY + timedelta(days=day))


async def test_a_list_says_how_complete_it_is(house: House) -> None:
    async with house.writing() as firm:
        await firm.punch("HR-EMP-00001", "2026-09-14 08:00:00")
        await decided(firm)
        await judged(firm, "HR-EMP-00001", MONDAY)
    lists = ("/checkins", "/days", "/upstream-attendance")
    async with house.reader() as http:
        for path in lists:
            meta = (await get(http, path, **WEEK))["meta"]
            assert (meta["complete"], meta["as_of"], meta["timezone"]) == (False, None, ZONE)
            assert "not yet read" in meta["incomplete_reasons"][0]
        async with house.runtime.database.write() as conn:
            firm.conn = conn
            await firm.known_through(KNOWN)
            await firm.announce("attendance/completeness")
        for path in lists:
            meta = (await get(http, path, **WEEK))["meta"]
            assert (meta["complete"], meta["incomplete_reasons"], meta["gaps"]) == (True, [], [])
            assert meta["as_of"] == "2026-09-30T00:00:00Z"
            assert set(meta["complete_through"].values()) == {"2026-09-30T00:00:00Z"}
            assert parse_token(meta["data_version"])["attendance/completeness"] > 0
            assert meta["rules_version"] == ("recommended/1" if path == "/days" else None)
            later = (await get(http, path, **{"from": "2026-09-14", "to": "2026-09-30"}))["meta"]
            reasons = 2 if path == "/days" else 1  # days beyond the week have no result yet
            assert (later["complete"], len(later["incomplete_reasons"])) == (False, reasons)


async def test_open_windows_and_dirty_days_make_a_list_incomplete(house: House) -> None:
    async with house.writing() as firm:
        await decided(firm)
        await firm.known_through(KNOWN)
        await firm.announce("attendance/completeness")
        window = {"source_id": firm.source, "doctype": "Employee Checkin", "kind": "time", "state": "gap"}
        times = {"from_time": datetime(2026, 9, 15), "to_time": datetime(2026, 9, 16), "reason": "HTTP 500"}
        await add(firm.conn, SyncWindow, lower="2026-09-15", upper="2026-09-16", **window, **times)
        await add(firm.conn, DirtyDay, person_id=firm.ids["HR-EMP-00003"], work_date=MONDAY, cause="x")
    async with house.reader() as everywhere, house.reader("Villas") as villas:
        checkins = (await get(everywhere, "/checkins", **WEEK))["meta"]
        assert checkins["complete"] is False
        assert [(gap["subject"], gap["have"]) for gap in checkins["gaps"]] == [
            ("Employee Checkin", "HTTP 500")
        ]
        assert checkins["gaps"][0]["from"] == "2026-09-15T06:00:00Z"
        before = {"from": "2026-09-14", "to": "2026-09-14"}
        assert (await get(everywhere, "/checkins", **before))["meta"]["complete"] is True
        assert (await get(everywhere, "/upstream-attendance", **WEEK))["meta"]["complete"] is True
        days = (await get(everywhere, "/days", **WEEK))["meta"]
        assert days["incomplete_reasons"] == ["1 person-days changed and wait to be recomputed"]
        theirs = (await get(villas, "/days", **WEEK))["meta"]
        assert (theirs["incomplete_reasons"], theirs["complete"]) == ([], False)


async def test_answers_are_kept_until_their_data_change(house: House) -> None:
    async with house.writing() as firm:
        await firm.punch("HR-EMP-00001", "2026-09-14 08:00:00")
        await firm.known_through(KNOWN)
        await firm.announce("attendance/completeness", "attendance/masters", "attendance/2026-09")
    async with house.reader() as http:
        for path, params in (("/people", {}), ("/checkins", WEEK), ("/people/HR-EMP-00001", {})):
            first = await http.get(path, params=params)
            again = await http.get(path, params=params)
            assert "hit" in again.headers["cache-status"], path
            assert again.content == first.content
            assert again.headers["cache-control"] == "private, no-cache"
            known = await http.get(path, params=params, headers={"If-None-Match": first.headers["etag"]})
            assert (known.status_code, known.content) == (304, b"")
        async with house.runtime.database.write() as conn:
            firm.conn = conn
            await firm.punch("HR-EMP-00001", "2026-09-15 08:00:00")
            await firm.announce("attendance/2026-09")
        for _ in range(100):
            if len((await get(http, "/checkins", **WEEK))["items"]) == 2:
                break
            await asyncio.sleep(0.02)
        assert len((await get(http, "/checkins", **WEEK))["items"]) == 2


async def test_nothing_older_is_served_than_what_the_caller_has_seen(house: House) -> None:
    async with house.writing() as firm:
        await firm.announce("attendance/masters")
    async with house.reader() as http:
        seen = (await http.get("/people")).headers["data-version"]
        assert (await http.get("/people", headers={"Min-Data-Version": seen})).status_code == 200
        future = {"Min-Data-Version": "attendance/masters:9000000000000000000"}
        answer = await http.get("/people", headers=future)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert (await http.get("/people", headers={"Min-Data-Version": "x"})).status_code == 400


async def test_q40_two_callers_of_different_sites_never_see_each_others_answers(house: House) -> None:
    async with house.writing() as firm:
        for person in ("HR-EMP-00001", "HR-EMP-00003"):
            await firm.punch(person, "2026-09-14 08:00:00")
            await firm.day(person, MONDAY)
        await firm.known_through(KNOWN)
        await firm.announce("attendance/completeness", "attendance/masters", "attendance/2026-09")
    async with house.reader("Villas") as villas, house.reader("Centro") as centro, house.reader() as all_:

        async def ask(http: httpx.AsyncClient, path: str, site: str | None) -> bool:
            items = (await get(http, path, **({} if path == "/people" else WEEK)))["items"]
            sites = {item["site"] for item in items}
            return sites == {site} if site else sites >= {"Villas", "Centro"}

        for _ in range(40):  # the first round builds, the others are answered from the cache
            work = (
                ask(http, path, site)
                for path in ("/people", "/checkins", "/days")
                for http, site in ((villas, "Villas"), (centro, "Centro"), (all_, None))
            )
            assert all(await asyncio.gather(*work))


async def test_the_sync_status_names_phases_watermarks_and_holes(house: House) -> None:
    async with house.reader() as http:
        empty = await get(http, "/sync")
        assert (empty["source"], empty["last_run"], empty["doctypes"]) == (None, None, [])
        async with house.writing() as firm:
            now = datetime.now(UTC)
            await firm.known_through(now - timedelta(seconds=100), "Employee", "Employee Checkin")
            window = {"source_id": firm.source, "doctype": "Employee Checkin", "kind": "names"}
            for number, state in enumerate(("open", "gap", "done")):
                await add(firm.conn, SyncWindow, lower=str(number), state=state, **window)
        run = await house.runtime.tasks.start("attendance.sync", {}, "schedule")
        answer = await http.get("/sync")
    status = wire.SyncStatus.model_validate(answer.json())
    assert answer.headers["cache-control"] == "no-store"
    assert (status.source, status.time_zone) == ("https://hr.example.com", ZONE)
    assert (status.last_run, status.last_run_state) == (str(run.id), "queued")
    employee, punches = status.doctypes
    assert (employee.doctype, employee.phase, employee.open_gaps) == ("Employee", "live", 0)
    assert punches.open_gaps == 1  # the gap; an open window that nobody began is no hole
    assert 100 <= (punches.lag_seconds or 0) < 160
