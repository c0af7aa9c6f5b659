"""The repair queue: proposals their routes take, dismissals that vanish and come back, the file for the upstream."""

import csv
import io
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.repairing import (
    ANA,
    BEN,
    CARLA,
    MONTH,
    NOW,
    REPORT,
    a_crew,
    fill,
    fix_of,
    missing,
    post,
    recent,
    rows,
)
from tests.support.statements import counted_statements


@pytest.fixture
async def september(house: House) -> House:
    async with house.writing() as firm:
        await fill(firm)
    await house.recompute(NOW)
    return house


@pytest.fixture
async def http(september: House) -> AsyncIterator[httpx.AsyncClient]:
    async with september.http(await september.token("attendance:write")) as opened:
        yield opened


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
    assert nobody["have"] == "no number"
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


async def test_in_bulk_one_that_is_refused_leaves_the_others(http: httpx.AsyncClient) -> None:
    found = await rows(http, kind="missing_punch")
    proposals = [fix["body"] for row in found for fix in row["fixes"] if fix["action"] == "correct"]
    outcomes = await post(http, *proposals, proposals[0])
    assert [one["status"] for one in outcomes] == [*[201] * len(proposals), 409]


async def test_a_key_of_one_site_sees_its_own_and_decides_it(september: House) -> None:
    async with september.http(await september.token("attendance:write", sites=["Centro"])) as centro:
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
    # Whether the key is looked up again depends on how long ago it was: only the desk's reads are counted.
    of_desk = [[one for one in seen if "attendance." in one] for seen in (few, many)]
    assert len(of_desk[0]) == len(of_desk[1]) > 0


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
