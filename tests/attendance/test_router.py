"""`/v1/attendance` over HTTP: what one can browse, how complete it is, caching, recompute."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text

from service.attendance.models import DirtyDay, SyncWindow
from service.attendance.router import examples
from service.attendance.router.examples import page_of
from service.core.versions import parse_token
from service.schemas import attendance as wire
from service.schemas.attendance import Day, Person
from service.schemas.envelope import Listing, Meta, Run
from tests.attendance.house import House
from tests.attendance.make import ZONE, Firm, add, judged, leave

MONDAY = date(2026, 9, 14)
WEEK = {"from": "2026-09-14", "to": "2026-09-20"}
KNOWN = datetime(2026, 9, 30, tzinfo=UTC)


async def get(http: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_entities_come_with_what_they_refer_to(house: House) -> None:
    async with house.writing() as firm:
        await leave(firm, "HR-EMP-00001", MONDAY, MONDAY, half_day=True, half="second")
    async with house.reader() as http:
        people = await get(http, "/people")
        assert [item["name"] for item in people["items"]] == [
            "Ana Ruiz",
            "Ben Ortiz",
            "Carla Soto",
            "Dario Paz",
        ]
        assert people["items"][0] == {
            "number": "HR-EMP-00001", "name": "Ana Ruiz", "status": "Active", "site": "Villas",
            "company": "Casa Norte", "department": "Kitchen", "designation": None, "grade": None,
            "joined_on": None, "left_on": None, "default_shift": "Day", "holiday_list": "Mexico 2026",
            "device_user": None,
        }  # fmt: skip
        assert people["page"] == {
            "next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False,
        }  # fmt: skip
        assert await get(http, "/people/HR-EMP-00001") == people["items"][0]
        assert [item["name"] for item in (await get(http, "/sites"))["items"]] == ["Centro", "Villas"]
        lists = (await get(http, "/holiday-lists"))["items"]
        assert [holiday["description"] for holiday in lists[0]["holidays"]] == ["Independence", "Sunday"]
        shifts = (await get(http, "/shift-types"))["items"]
        assert [(shift["name"], shift["overnight"]) for shift in shifts] == [("Day", False), ("Night", True)]
        assert (shifts[0]["half_day_threshold_hours"], shifts[0]["holiday_list"]) == ("4.000", "Mexico 2026")
        (found,) = (await get(http, "/leaves", person="HR-EMP-00001"))["items"]
        half = {"person_name": "Ana Ruiz", "leave_type": "Casual Leave", "half_day_date": "2026-09-14"}
        assert {name: found[name] for name in half} == half


async def test_people_are_filtered(house: House) -> None:
    async with house.writing():
        pass
    async with house.reader() as http:
        for asked, names in (
            ({"site": "Villas"}, ["Ana Ruiz", "Ben Ortiz"]),
            ({"department": "Kitchen"}, ["Ana Ruiz", "Carla Soto"]),
            ({"status": "Left"}, ["Ben Ortiz"]),
            ({"q": "ortiz"}, ["Ben Ortiz"]),
            ({"q": "00003"}, ["Carla Soto"]),
            ({"q": "%"}, []),
            ({"site": "Villas", "department": "Kitchen", "status": "Active", "q": "ana"}, ["Ana Ruiz"]),
        ):
            assert [item["name"] for item in (await get(http, "/people", **asked))["items"]] == names, asked


async def test_leaves_are_filtered_and_overlap_the_dates(house: House) -> None:
    async with house.writing() as firm:
        await leave(firm, "HR-EMP-00001", MONDAY, MONDAY)
        await leave(firm, "HR-EMP-00001", MONDAY, date(2026, 9, 18), status="Open", docstatus=0)
        unpaid = {"leave_type_id": firm.ids["Leave Without Pay"]}
        await leave(firm, "HR-EMP-00003", date(2026, 9, 20), date(2026, 9, 21), **unpaid)
    async with house.reader() as http:
        for asked, found in (
            ({}, 3),
            ({"from": "2026-09-15"}, 2),
            ({"to": "2026-09-15"}, 2),
            ({"from": "2026-09-16", "to": "2026-09-16"}, 1),
            ({"person": "HR-EMP-00001"}, 2),
            ({"site": "Centro"}, 1),
            ({"status": "Open"}, 1),
            ({"leave_type": "Leave Without Pay"}, 1),
        ):
            items = (await get(http, "/leaves", **asked))["items"]
            assert len(items) == found, asked
            first = [item["from_date"] for item in items]
            assert first == sorted(first, reverse=True)


async def test_g_n_96_every_number_is_found_when_url_encoded(house: House) -> None:
    numbers = ["HR-EMP-00044", "44", "a/b c", "a//b", "ñ/%2F", "x?y#z", "100%", ".."]
    async with house.writing() as firm:
        for number in numbers:
            await firm.person(number, "Somebody", "Villas")
            await firm.punch(number, "2026-09-14 08:00:00")
    async with house.reader() as http:
        for number in numbers:
            if number != "..":  # a path of dots is resolved by clients before it is sent
                answer = await http.get(f"/people/{quote(number, safe='')}")
                assert (answer.status_code, answer.json()["number"]) == (200, number)
            (punch,) = (await get(http, "/checkins", person=number, **WEEK))["items"]
            assert punch["person"] == number


async def test_g_n_97_odd_names_travel_as_they_are(house: House) -> None:
    async with house.writing() as firm:
        for number, name in (("1", "<script>alert(1)</script>"), ("2", "=1+1"), ("3", 'a"b\\c\u2028')):
            await firm.person(number, name, "Villas")
    async with house.reader() as http:
        answer = await http.get("/people", params={"q": "script"})
        assert answer.headers["content-type"] == "application/json"
        assert [item["name"] for item in answer.json()["items"]] == ["<script>alert(1)</script>"]
        assert (await get(http, "/people/2"))["name"] == "=1+1"
        assert (await get(http, "/people/3"))["name"] == 'a"b\\c\u2028'


async def test_g_n_99_a_key_of_one_site_asks_for_another(house: House) -> None:
    async with house.writing():
        pass
    paths = ("/people", "/devices", "/leaves", "/checkins", "/days", "/upstream-attendance")
    async with house.reader("Villas") as http:
        for path in paths:
            assert (await http.get(path, params={"site": "Villas"})).status_code == 200, path
            refused = await http.get(path, params={"site": "Centro"})
            assert (refused.status_code, refused.json()["code"]) == (403, "site_not_allowed"), path
        assert (await http.get("/people/HR-EMP-00001")).status_code == 200
        foreign, nobody = await http.get("/people/HR-EMP-00003"), await http.get("/people/HR-EMP-99999")
        assert (foreign.status_code, foreign.json()["code"]) == (404, nobody.json()["code"])
    async with house.runtime.database.read() as conn:
        rows = (
            await conn.execute(text("SELECT after FROM muster.audit WHERE what = 'site_not_allowed'"))
        ).all()
    assert sorted(row.after["path"] for row in rows) == sorted(f"/v1/attendance{path}" for path in paths)
    assert {row.after["site"] for row in rows} == {"Centro"}


async def test_default_windows_end_today_at_the_upstreams_place(house: House) -> None:
    today = datetime.now(ZoneInfo(ZONE)).date()
    days = [today - timedelta(days=n) for n in (0, 6, 7)]
    async with house.writing() as firm:
        for day in days:
            await firm.punch("HR-EMP-00001", f"{day} 00:00:00")
        await firm.day("HR-EMP-00001", today.replace(day=1))
        await firm.day("HR-EMP-00001", today.replace(day=1) - timedelta(days=1))
    async with house.reader() as http:
        punches = (await get(http, "/checkins"))["items"]
        assert [item["local_time"][:10] for item in punches] == [str(days[0]), str(days[1])]
        shown = (await get(http, "/days"))["items"]
        assert [item["work_date"] for item in shown] == [str(today.replace(day=1))]
        until = {"to": str(days[2])}
        assert [item["local_time"][:10] for item in (await get(http, "/checkins", **until))["items"]] == [
            str(days[2])
        ]


async def test_pages_follow_each_other_and_say_how_many_there_are(house: House) -> None:
    async with house.writing() as firm:
        for minute in range(7):
            await firm.punch("HR-EMP-00001", f"2026-09-14 08:{minute:02}:00")
    seen: list[str] = []
    async with house.reader() as http:
        answer = await http.get("/checkins", params={**WEEK, "limit": 3, "include": "total"})
        while True:
            body = answer.json()
            assert (body["page"]["total"], body["page"]["total_capped"]) == (7, False)
            seen += [item["local_time"][14:16] for item in body["items"]]
            if not body["page"]["has_more"]:
                break
            address = answer.headers["link"].partition(">")[0].lstrip("<")
            assert answer.headers["link"].endswith('rel="next"')
            assert f"cursor={body['page']['next']}" in address
            answer = await http.get(address)
        assert "link" not in answer.headers
        assert seen == ["06", "05", "04", "03", "02", "01", "00"]
        first = (await get(http, "/checkins", limit=3, **WEEK))["page"]["next"]
        for other in ({"from": "2026-09-13"}, {"log_type": "IN"}, {"cursor": first[:-2] + "xx"}):
            answer = await http.get("/checkins", params={**WEEK, "limit": 3, "cursor": first, **other})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), other
        assert (await http.get("/days", params={**WEEK, "cursor": first})).status_code == 400


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


async def test_recompute_starts_a_run_once_for_a_key(house: House) -> None:
    async with house.writing():
        pass
    asked = {"from": "2026-09-01", "to": "2026-09-30", "people": ["HR-EMP-00001"]}
    async with house.http(await house.token("attendance:write")) as http:
        once = {"Idempotency-Key": "again"}
        first = await http.post("/recompute", json=asked, headers=once)
        again = await http.post("/recompute", json=asked, headers=once)
        assert first.status_code == again.status_code == 202
        run = Run.model_validate(first.json())
        assert (run.job, run.state, run.params["from"]) == ("attendance.recompute", "queued", "2026-09-01")
        assert first.headers["location"] == f"/v1/runs/{run.id}"
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        found = await http.get(f"http://muster.test{first.headers['location']}")
        assert found.json()["id"] == run.id
        other = await http.post("/recompute", json=asked)
        assert (other.status_code, other.json()["code"]) == (409, "run_active")
        assert run.id in other.json()["detail"]


async def test_recompute_refuses_what_it_cannot_use(house: House) -> None:
    async with house.writing():
        pass
    async with house.http(await house.token("attendance:write")) as http:
        for asked, pointer in (
            ({"from": "2026-09-02", "to": "2026-09-01"}, "/body/from"),
            ({"from": "2025-01-01", "to": "2026-09-01"}, "/body/from"),
            ({"from": "2026-09-01"}, "/body/to"),
            ({"to": "2026-09-01"}, "/body/from"),
            ({"from": "x", "to": "2026-09-01"}, "/body/from"),
            ({"people": ["HR-EMP-00001", "HR-EMP-0003"]}, "/body/people/1"),
            ({"people": [str(n) for n in range(1001)]}, "/body/people"),
            ({"sites": ["Villas"]}, "/body/sites"),
        ):
            answer = await http.post("/recompute", json=asked)
            assert answer.status_code == 422, asked
            assert answer.json()["errors"][0]["pointer"] == pointer
    async with house.runtime.database.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM muster.run")) == 0


async def test_a_key_of_one_site_recomputes_its_people_only(house: House) -> None:
    async with house.writing():
        pass
    async with house.http(await house.token("attendance:write", sites=["Villas"])) as http:
        everybody = await http.post("/recompute", json={})
        foreign = await http.post("/recompute", json={"people": ["HR-EMP-00003"]})
        own = await http.post("/recompute", json={"people": ["HR-EMP-00001"]})
    assert (everybody.status_code, everybody.json()["errors"][0]["pointer"]) == (422, "/body/people")
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (422, "unknown_person")
    assert "HR-EMP-00003" not in foreign.json()["detail"].partition("mean")[2]
    assert own.status_code == 202


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


def test_q57_every_example_is_what_its_route_answers() -> None:
    for shape, example in (
        (wire.Person, examples.PERSON),
        (wire.Site, examples.SITE),
        (wire.Device, examples.DEVICE),
        (wire.ShiftType, examples.SHIFT_TYPE),
        (wire.HolidayList, examples.HOLIDAY_LIST),
        (wire.Leave, examples.LEAVE),
        (wire.Checkin, examples.CHECKIN),
        (wire.Day, examples.DAY),
        (wire.UpstreamAttendance, examples.UPSTREAM_ATTENDANCE),
        (wire.SyncStatus, examples.SYNC_STATUS),
        (wire.HookAccepted, examples.HOOK),
        (wire.RecomputeParams, examples.RECOMPUTE_ASK),
        (Meta, examples.META),
        (Run, examples.RUN),
    ):
        shape.model_validate(example)
        assert set(example) <= {field.alias or name for name, field in shape.model_fields.items()}, shape
    Listing[Day].model_validate(page_of(examples.DAY, examples.META))
    Listing[Person].model_validate(page_of(examples.PERSON))


async def test_every_operation_is_documented(house: House) -> None:
    document = house.app.openapi()
    found = {}
    for path, item in document["paths"].items():
        for operation in item.values():
            if path.startswith("/v1/attendance/") and "/reports" not in path:
                found[operation["operationId"]] = operation
    assert set(found) == {
        "attendance_people", "attendance_person", "attendance_sites", "attendance_devices",
        "attendance_shift_types", "attendance_holiday_lists", "attendance_leaves", "attendance_checkins",
        "attendance_days", "attendance_upstream_attendance", "attendance_sync_status",
        "attendance_recompute", "attendance_upstream_hook", "attendance_explain_day",
        "attendance_seal", "attendance_corrections", "attendance_correct", "attendance_revoke_correction",
        "attendance_schedules", "attendance_add_schedule", "attendance_end_schedule",
        "attendance_map_device", "attendance_rule_sets", "attendance_add_rule_set",
        "attendance_activate_rule_set",
        "attendance_import_file", "attendance_import_findings",
        "attendance_subscriptions", "attendance_subscription", "attendance_subscribe",
        "attendance_unsubscribe", "attendance_resume_subscription", "attendance_deliveries",
    }  # fmt: skip
    for name, operation in found.items():
        assert operation["tags"] == ["attendance"], name
        assert operation["summary"], name
        success = next(status for status in operation["responses"] if status.startswith("2"))
        kind = "text/csv" if name == "attendance_import_findings" else "application/json"
        assert operation["responses"][success]["content"][kind]["example"], name
        assert {"401", "503"} <= set(operation["responses"]), name
        assert "422" in operation["responses"] or name == "attendance_upstream_hook"
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert set(answer["content"]) == {"application/problem+json"}, (name, status)
