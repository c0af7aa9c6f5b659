"""The repair queue: proposals their routes take, dismissals that vanish and come back, the file for the upstream."""

import csv
import html
import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.make import Firm, leave
from tests.support.statements import counted_statements

ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in range(1, 5))
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
MONTH = {"month": "2026-09"}
REPORT = "/reports/exceptions"


async def fill(made: Firm) -> None:
    """September 2026: something of nearly every kind."""
    await made.conn.execute(
        text("UPDATE attendance.person SET default_shift_type_id = :d"), {"d": made.ids["Day"]}
    )
    await made.punch(ANA, "2026-09-07 08:00:00", "villas-gate-1", log_type="IN")
    await made.punch(BEN, "2026-09-07 17:00:00", "villas-gate-1", log_type="OUT")
    await made.punch(CARLA, "2026-09-07 17:30:00", "centro-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 08:00:00", "villas-gate-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 08:00:20", "villas-gate-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 17:00:00", "kitchen", log_type="OUT", skip=True)
    await made.punch(CARLA, "2026-09-13 08:00:00", "centro-1")
    await made.punch(CARLA, "2026-09-13 12:00:00", "centro-1")
    await made.punch(DARIO, "2026-09-15 08:00:00", "kitchen")
    await leave(made, DARIO, date(2026, 9, 15), date(2026, 9, 15))
    await made.punch(BEN, "2026-09-09 08:00:00", "kitchen", upstream_modified=datetime(2026, 9, 9, 7))
    await made.punch(BEN, "2026-09-09 17:00:00", "kitchen")
    await made.punch("HR-EMP-0003", "2026-09-05 08:00:00", "centro-1")
    await made.punch(None, "2026-09-05 09:00:00", "centro-1")
    await made.known_through(NOW - timedelta(hours=1))


@pytest.fixture
async def september(house: House) -> House:
    async with house.writing() as firm:
        await fill(firm)
    await house.recompute(NOW)
    return house


@pytest.fixture
async def http(september: House) -> AsyncIterator[httpx.AsyncClient]:
    async with seeing(september.http(await september.token("attendance:write"))) as opened:
        yield opened


def seeing(http: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client that is never answered from before its own last write, as ours does it."""

    async def remember(answer: httpx.Response) -> None:
        if answer.request.method == "POST" and "data-version" in answer.headers:
            http.headers["Min-Data-Version"] = answer.headers["data-version"]

    http.event_hooks["response"] = [remember]
    return http


async def rows(http: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await http.get(REPORT, params=MONTH | asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def fix_of(row: Mapping[str, Any], action: str) -> dict[str, Any]:
    return next(dict(fix["body"]) for fix in row["fixes"] if fix["action"] == action)


async def post(http: httpx.AsyncClient, *items: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = await http.post("/corrections", json={"items": list(items)})
    assert answer.status_code == 207, answer.text
    return list(answer.json()["items"])


async def missing(http: httpx.AsyncClient, person: str) -> dict[str, Any]:
    (row,) = [
        row for row in await rows(http, kind="missing_punch", person=person) if row["day"] == "2026-09-07"
    ]
    return row


@pytest.mark.parametrize(
    ("person", "time", "log_type"),
    [(ANA, "2026-09-07T17:00:00", "OUT"), (BEN, "2026-09-07T08:00:00", "IN")],
)
async def test_an_approved_punch_makes_the_day_whole(
    september: House, http: httpx.AsyncClient, person: str, time: str, log_type: str
) -> None:
    body = fix_of(await missing(http, person), "correct")
    assert (body["time"], body["log_type"]) == (time, log_type)
    (made,) = await post(http, body)
    assert made["status"] == 201
    await september.recompute(NOW)
    assert [
        row for row in await rows(http, kind="missing_punch", person=person) if row["day"] == "2026-09-07"
    ] == []
    days = await http.get("/days", params={"person": person, "from": "2026-09-07", "to": "2026-09-07"})
    (day,) = days.json()["items"]
    assert (day["status"], day["worked_seconds"]) == ("PRESENT", 9 * 3600)


async def test_a_punch_is_not_proposed_where_it_would_not_fit(http: httpx.AsyncClient) -> None:
    late = await missing(http, CARLA)  # her entry lies after the end of the shift
    assert [fix["action"] for fix in late["fixes"]] == ["upstream", "dismiss"]
    assert "2026-09-07 17:00, does not fit" in late["fixes"][0]["basis"]
    (taken,) = [
        row for row in await rows(http, kind="missing_punch", person=ANA) if row["day"] == "2026-09-08"
    ]
    assert [fix["action"] for fix in taken["fixes"]] == ["upstream", "dismiss"]


async def test_every_proposal_is_taken_by_its_route(http: httpx.AsyncClient) -> None:
    found = await rows(http)
    kinds = {row["kind"] for row in found}
    assert kinds >= {
        "missing_punch",
        "duplicate",
        "skipped",
        "unknown_person",
        "unmapped_device",
        "clock_skew",
    }
    assert all(row["fixes"] for row in found if row["kind"] != "clock_skew")
    tried = 0
    for fix in (fix for row in found for fix in row["fixes"]):
        assert fix["basis"]
        assert (fix["route"] is None) == (fix["body"] is None) == (fix["action"] == "upstream")
        if fix["body"] is None:
            continue
        tried += 1
        path = fix["route"].removeprefix("/v1/attendance")
        body = fix["body"] if fix["action"] == "map_device" else {"items": [fix["body"]]}
        answer = await http.post(path, json=body)
        outcome = answer.json().get("items", [{"status": 201}])[0]
        assert (answer.status_code in {200, 207}, outcome["status"]) == (True, 201), answer.text
    assert tried > len(found) / 2


async def test_the_device_goes_where_most_of_its_people_are(http: httpx.AsyncClient) -> None:
    (device,) = await rows(http, kind="unmapped_device")
    assert device["fixes"][0]["body"] == {"device": "kitchen", "site": "Villas"}
    assert device["fixes"][0]["basis"] == "2 of the 3 people who punched there belong to Villas"
    assert (await http.post("/device-sites", json=device["fixes"][0]["body"])).status_code == 200
    assert await rows(http, kind="unmapped_device") == []


async def test_an_unknown_number_comes_with_those_like_it(http: httpx.AsyncClient) -> None:
    nobody, near = sorted(await rows(http, kind="unknown_person"), key=lambda row: -len(row["subject"]))
    assert nobody["fixes"][0]["label"] == "create the person upstream"
    assert CARLA in near["fixes"][0]["label"]


async def test_what_is_dismissed_vanishes_and_comes_back_when_revoked(http: httpx.AsyncClient) -> None:
    before = await rows(http)
    (row,) = await rows(http, kind="skipped")
    (made,) = await post(http, fix_of(row, "dismiss") | {"reason": "seen on camera"})
    answer = (await http.get(REPORT, params=MONTH)).json()
    assert [one for one in before if one not in answer["items"]] == [row]
    assert (answer["summary"]["dismissed"], "skipped" in answer["summary"]) == (1, False)
    shown = [one for one in await rows(http, dismissed=True) if one["dismissed"]]
    assert [(one["kind"], one["dismissed"]["reason"]) for one in shown] == [("skipped", "seen on camera")]
    assert shown[0]["dismissed"]["correction"] == made["correction"]["id"]
    assert shown[0]["dismissed"]["by"] == made["correction"]["created_by"]
    again = await http.post(f"/corrections/{made['correction']['id']}/revoke", json={"reason": "no"})
    assert again.status_code == 200
    assert await rows(http) == before


async def recent(house: House) -> date:
    """A missing exit of Ana's, three days ago."""
    day = datetime.now(UTC).date() - timedelta(days=3)
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO attendance.day (rule_set_id, person_id, work_date, shift_seq, schedule_source, status,
                                            base_status, code, input_hash)
                SELECT r.id, p.id, :day, 0, 'default', 'MISSING_OUT', 'MISSING_OUT', 'A', 1
                FROM attendance.rule_set r, attendance.person p
                WHERE r.name = 'recommended' AND r.active AND p.upstream_name = :ana
            """),
            {"day": day, "ana": ANA},
        )
    return day


async def test_a_dismissed_missing_punch_is_no_open_gap(september: House, http: httpx.AsyncClient) -> None:
    day = await recent(september)
    async with september.http(await september.token("attendance:read"), base="") as reader:
        codes = [gap["code"] for gap in (await reader.get("/v1/gaps")).json()["items"]]
        assert codes.count("missing_punch") == 1
        body = {
            "person": ANA,
            "day": str(day),
            "kind": "dismissal",
            "incident": "MISSING_OUT",
            "reason": "left",
        }
        assert (await post(http, body))[0]["status"] == 201
        codes = [gap["code"] for gap in (await reader.get("/v1/gaps")).json()["items"]]
        assert codes.count("missing_punch") == 0


async def test_the_page_of_today_groups_what_needs_somebody(
    september: House, http: httpx.AsyncClient
) -> None:
    day = await recent(september)
    async with september.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.person SET name = '<b>Ana'"))
        await conn.execute(
            text("""
                INSERT INTO muster.run (id, job, scope, state, params, requested_by, finished_at)
                VALUES (gen_random_uuid(), 'attendance.sync', 'attendance.sync', 'failed', '{}', 'schedule', now())
            """)
        )
    asked = {"report": "exceptions", "params": MONTH, "note": "September", "accept_incomplete": True}
    sealed = (await http.post("/statements", json=asked)).json()
    async with september.http(await september.token("attendance:write"), base="") as writer:
        engine = september.runtime.database.engine
        page = (await writer.get("/")).text
        assert page.index("Missing punch") < page.index("Sealed lately") < page.index("Runs that failed")
        assert f"/v1/statements/{sealed['id']}/changes" in page
        assert "attendance.sync" in page
        assert "<b>Ana" not in page
        (link,) = re.findall(r'href="(/v1/attendance/reports/exceptions[^"]*kind=missing_punch[^"]*)"', page)
        assert str(day) in (await writer.get(html.unescape(link))).text
        assert [fix["action"] for fix in proposals_in(page)[0]] == ["upstream", "dismiss"]
        with counted_statements(engine) as kept:
            await writer.get("/")
        assert len(kept) < 20
        assert "Checada faltante" in (await writer.get("/", params={"locale": "es"})).text
    async with september.http(await september.token("attendance:read"), base="") as reader:
        page = (await reader.get("/")).text
        assert "Missing punch" in page
        assert proposals_in(page) == []
        assert 'id="decide"' not in page


async def test_in_bulk_one_that_is_refused_leaves_the_others(http: httpx.AsyncClient) -> None:
    found = await rows(http, kind="missing_punch")
    proposals = [fix["body"] for row in found for fix in row["fixes"] if fix["action"] == "correct"]
    outcomes = await post(http, *proposals, proposals[0])
    assert [one["status"] for one in outcomes] == [*[201] * len(proposals), 409]


async def test_a_key_of_one_site_sees_its_own_and_decides_it(september: House) -> None:
    async with seeing(september.http(await september.token("attendance:write", sites=["Centro"]))) as centro:
        found = await rows(centro)
        assert {row["site"] for row in found} == {"Centro"}
        assert {row["kind"] for row in found}.isdisjoint({"unknown_person", "unmapped_device"})
        assert {one["status"] for one in await post(centro, *[fix_of(row, "dismiss") for row in found])} == {
            201
        }
        assert await rows(centro) == []
        (refused,) = await post(centro, fix_of(found[0], "dismiss") | {"person": ANA})
        assert refused["status"] == 422
    async with september.http(await september.token("attendance:read")) as reader:
        body = {"items": [fix_of(found[0], "dismiss")]}
        assert (await reader.post("/corrections", json=body)).status_code == 403


async def test_an_upload_before_its_time_is_a_wrong_clock(http: httpx.AsyncClient) -> None:
    (row,) = await rows(http, kind="clock_skew")
    assert (row["subject"], row["day"], row["fixes"]) == ("clock of kitchen", "2026-09-09", [])
    assert "60 min" in row["reason"]


async def test_a_whole_site_an_hour_late_is_a_wrong_clock(september: House, http: httpx.AsyncClient) -> None:
    await a_crew(september, people=6)
    (row,) = [row for row in await rows(http, kind="clock_skew") if row["day"] == "2026-09-18"]
    assert (row["subject"], row["site"]) == ("clock of centro-1", "Centro")
    assert row["have"] == "first punches 50 min after the start of the shift"
    assert row["reason"] == "median of 6 people; 0 min after in their 12 other punches"
    async with september.reader("Villas") as villas:
        assert "clock of centro-1" not in {row["subject"] for row in await rows(villas)}


async def a_crew(house: House, people: int) -> None:
    """People of Centro: two usual days, then one on which the clock runs 50 minutes ahead."""
    async with house.runtime.database.write() as conn:
        ids = (await conn.execute(text("SELECT upstream_name, id FROM attendance.person"))).all()
        places = (await conn.execute(text("SELECT name, id FROM attendance.site"))).all()
        devices = (await conn.execute(text("SELECT name, id FROM attendance.device"))).all()
        shifts = (await conn.execute(text("SELECT name, id FROM attendance.shift_type"))).all()
        made = Firm(conn, source=await conn.scalar(text("SELECT min(id) FROM attendance.source")), made=5000)
        made.ids = dict(tuple(row) for row in (*ids, *places, *devices, *shifts))
        for number in range(people):
            name = f"CREW-{number}"
            await made.person(name, name, "Centro", default_shift_type_id=made.ids["Day"])
            for day, start in ((16, "08:00"), (17, "08:00"), (18, "08:50")):
                await made.punch(name, f"2026-09-{day} {start}:00", "centro-1", log_type="IN")
                await made.punch(name, f"2026-09-{day} 17:00:00", "centro-1", log_type="OUT")
        await made.announce("attendance/masters", "attendance/2026-09", "attendance/2026-09/Centro")
    await house.recompute(NOW, (date(2026, 9, 1), date(2026, 9, 30)))


async def test_the_number_of_statements_does_not_grow(september: House, http: httpx.AsyncClient) -> None:
    engine = september.runtime.database.engine
    await rows(http)  # the key is looked up once
    async with september.runtime.database.write() as conn:
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    with counted_statements(engine) as few:
        await rows(http)
    await a_crew(september, people=12)
    with counted_statements(engine) as many:
        assert len(await rows(http)) > 0
    assert len(many) == len(few)


async def test_corrections_leave_as_a_file_for_the_upstream(
    september: House, http: httpx.AsyncClient
) -> None:
    made = (await post(http, fix_of(await missing(http, ANA), "correct") | {"reason": "=power cut"}))[0]
    await post(http, fix_of(await missing(http, BEN), "correct"))
    file = await http.get("/reports/upstream-corrections", params=MONTH | {"format": "csv", "locale": "es"})
    table = list(csv.reader(io.StringIO(file.text)))
    by = made["correction"]["created_by"]
    assert table[0] == ["employee", "time", "log_type", "device_id", "Motivo", "Por"]
    assert table[1][:4] == [BEN, "2026-09-07 08:00:00", "IN", ""]
    assert table[2] == [ANA, "2026-09-07 17:00:00", "OUT", "", "'=power cut", by]
    async with september.reader("Centro") as centro:
        answer = await centro.get("/reports/upstream-corrections", params=MONTH)
        assert answer.json()["items"] == []
    path = f"/corrections/{made['correction']['id']}/revoke"
    assert (await http.post(path, json={"reason": "found"})).status_code == 200
    left = (await http.get("/reports/upstream-corrections", params=MONTH)).json()
    assert [row["employee"] for row in left["items"]] == [BEN]


async def test_what_the_upstream_has_by_now_is_not_sent_again(
    september: House, http: httpx.AsyncClient
) -> None:
    await post(http, fix_of(await missing(http, ANA), "correct"))
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO attendance.checkin (source_id, upstream_name, person_id, local_time, day, at, log_type)
                SELECT o.source_id, 'CKIN-came', p.id, '2026-09-07 17:00', '2026-09-07', now(), 'OUT'
                FROM attendance.person p, attendance.checkin o
                WHERE p.upstream_name = :ana AND o.upstream_name = 'CKIN-00001'
            """),
            {"ana": ANA},
        )
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    answer = (await http.get("/reports/upstream-corrections", params=MONTH)).json()
    assert (answer["items"], answer["summary"]) == ([], {"rows": 0, "already_upstream": 1})


def proposals_in(page: str) -> list[list[dict[str, Any]]]:
    return [json.loads(html.unescape(found)) for found in re.findall(r'data-fixes="([^"]*)"', page)]


async def test_pages_offer_decisions_to_those_who_may_decide(
    september: House, http: httpx.AsyncClient
) -> None:
    asked = MONTH | {"format": "html"}
    page = (await http.get(REPORT, params=asked)).text
    fixes = [row["fixes"] for row in await rows(http) if row["fixes"]]
    assert sorted(map(json.dumps, proposals_in(page))) == sorted(map(json.dumps, fixes))
    assert 'id="decide"' in page
    assert "add an exit at 2026-09-07 17:00" in page
    async with september.reader() as reader:
        page = (await reader.get(REPORT, params=asked)).text
    assert proposals_in(page) == []
    assert 'id="decide"' not in page
    assert "add an exit at 2026-09-07 17:00" in page


async def test_names_are_escaped_where_they_are_decided(september: House, http: httpx.AsyncClient) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.shift_type SET name = '\"><script>x</script>'"))
        await conn.execute(text("UPDATE attendance.person SET name = '\"><script>y</script>'"))
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    page = (await http.get(REPORT, params=MONTH | {"format": "html"})).text
    assert "<script>x" not in page
    assert "<script>y" not in page
    assert any('"><script>x' in fix["basis"] for fixes in proposals_in(page) for fix in fixes)
