"""`/v1/attendance` over HTTP: what one can browse, recompute, and how it is described."""

from datetime import date, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import text

from service.attendance.router import examples
from service.reporting.route_responses import page_of
from service.schemas import attendance as wire
from service.schemas.attendance import Day, Person
from service.schemas.envelope import Listing, Meta, Run
from tests.attendance.browsing import MONDAY, WEEK
from tests.attendance.house import House, get
from tests.attendance.make import ZONE, leave
from tests.support.dates import today


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
    day_there = today(ZoneInfo(ZONE))
    days = [day_there - timedelta(days=n) for n in (0, 6, 7)]
    async with house.writing() as firm:
        for day in days:
            await firm.punch("HR-EMP-00001", f"{day} 00:00:00")
        await firm.day("HR-EMP-00001", day_there.replace(day=1))
        await firm.day("HR-EMP-00001", day_there.replace(day=1) - timedelta(days=1))
    async with house.reader() as http:
        punches = (await get(http, "/checkins"))["items"]
        assert [item["local_time"][:10] for item in punches] == [str(days[0]), str(days[1])]
        shown = (await get(http, "/days"))["items"]
        assert [item["work_date"] for item in shown] == [str(day_there.replace(day=1))]
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
