"""Copies of everything (spec F10: T103-T105), asked for, written, downloaded."""

import csv
import hashlib
import io
import json
from typing import Any

import pytest

from tests.children.family import PEOPLE
from tests.children.house import House
from tests.children.playing import started
from tests.children.rights import ask_for_copy, copied, fill, unpacked, written

TABLES = {
    "guardians": "child_guardians",
    "sensory": "child_sensory_domains",
    "therapies": "child_therapies",
    "contacts": "child_emergency_contacts",
    "consents": "consents",
    "assignments": "care_assignments",
    "sessions": "game_sessions",
    "activities": "activities",
    "assessments": "assessments",
    "point_ledger": "point_ledger",
    "achievements": "child_achievements",
}


async def test_t103_a_copy_holds_everything_and_proves_it(house: House) -> None:
    await fill(house)
    downloaded = await copied(house)
    assert downloaded.status_code == 200, downloaded.text
    copy = downloaded.json()
    sections = copy.pop("manifest")["sections"]
    for name, table in TABLES.items():
        [(rows,)] = await house.sql(f"SELECT count(*) FROM children.{table} WHERE child_id = 1")
        assert sections[name]["count"] == rows == len(copy[name]), name
    assert [row["id"] for row in copy["sessions"]] == list(range(1, 10))
    for name, value in copy.items():
        compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        assert hashlib.sha256(compact).hexdigest() == sections[name]["sha256"], name
    assert copy["child"]["name"] == "Emma"
    assert copy["safety"]["medications"] == ["salbutamol"]
    assert copy["contacts"][0]["phone"] == "+39 02 999"
    assert [note["note"] for note in copy["notes"]] == ["=HYPERLINK(1)", "slept badly"]
    assert [report["title"] for report in copy["reports"]] == ["June"]
    assert copy["access_log"][-1]["action"] == "export.create"
    figures = {row["figure"]: row["value"] for row in copy["analytics"]}
    assert (figures["from"], figures["total"], figures["score.mean"]) == ("2025-05-20", 9, 71.67)


async def test_t103_a_copy_tells_nothing_of_others(house: House) -> None:
    await fill(house)
    text = (await copied(house)).text
    assert "Leo" not in text
    assert "hashed_password" not in text
    assert "g1@example.org" in text
    for name in PEOPLE.keys() - {"G1"}:
        assert f"{name.lower()}@example.org" not in text, name
    guardians = {row["name"]: row for row in json.loads(text)["guardians"]}
    assert guardians["G3 Tester"]["relation"] == "other"
    assert guardians["G3 Tester"]["email"] is None


async def test_t104_a_cell_is_no_formula(house: House) -> None:
    await fill(house)
    files, manifest = unpacked(await copied(house, format="csv"))
    assert {name.removesuffix(".csv") for name in files} >= TABLES.keys()
    for name, content in files.items():
        assert manifest["sections"][name]["sha256"] == hashlib.sha256(content).hexdigest()
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert manifest["sections"][name]["count"] == len(rows) - 1, name
    notes = list(csv.DictReader(io.StringIO(files["notes.csv"].decode())))
    assert [row["note"] for row in notes] == ["'=HYPERLINK(1)", "slept badly"]
    sessions = list(csv.DictReader(io.StringIO(files["sessions.csv"].decode())))
    assert sessions[0]["started_at"] == "2025-06-02T10:00:00Z"
    assert sessions[7]["ended_at"] == ""
    assert json.loads(sessions[4]["achievements_unlocked"]) == ["a", "b", "c", "d", "e"]


async def test_t105_there_is_no_cap(house: House) -> None:
    await house.sql(
        """INSERT INTO children.game_sessions
               (child_id, started_at, ended_at, session_type, scenario_name, completion_status, created_by)
           SELECT 1, now() - n * interval '1 hour', now() - n * interval '1 hour', 'dental_visit', 'Chair',
                  'completed', 'person:1' FROM generate_series(1, 2100) AS n"""
    )
    copy = (await copied(house, include=["sessions"])).json()
    assert copy["manifest"]["sections"]["sessions"]["count"] == 2109
    assert len({row["id"] for row in copy["sessions"]}) == 2109
    assert copy.keys() == {"sessions", "manifest"}


async def test_the_window_is_at_the_childs_place(house: House) -> None:
    asked = {"include": ["sessions"], "from": "2025-06-03", "to": "2025-06-09"}
    assert [row["id"] for row in (await copied(house, **asked)).json()["sessions"]] == [2, 3, 4]
    refused = await ask_for_copy(house, **{"from": "2025-06-04", "to": "2025-06-03"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {
        "pointer": "/body/from",
        "code": "invalid_range",
        "detail": "`from` is after `to`",
    }


async def test_the_same_copy_of_a_day_is_one_and_three_are_enough(house: House) -> None:
    first = await ask_for_copy(house, include=["sessions", "child"])
    again = await ask_for_copy(house, include=["child", "sessions", "child"])
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert first.headers["Location"] == f"/v1/children/exports/{first.json()['id']}"
    assert [(await ask_for_copy(house, format=form)).status_code for form in ("json", "csv")] == [202, 202]
    refused = await ask_for_copy(house, include=["notes"])
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400


async def test_a_copy_is_for_who_asked_three_times_and_for_a_day(house: House) -> None:
    await house.sql("INSERT INTO children.child_guardians VALUES (1, 2, 'father', 'full')")
    made = (await ask_for_copy(house, include=["child"])).json()
    where = f"/exports/{made['id']}"
    early = await house.ask("G1", "GET", f"{where}/download")
    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    await written(house, made)
    for stranger in ("G2", "G3"):
        for path in (where, f"{where}/download"):
            assert (await house.ask(stranger, "GET", path)).status_code == 404
    ready = (await house.ask("G1", "GET", where)).json()
    assert (ready["state"], ready["downloads_left"]) == ("ready", 3)
    files = [await house.ask("G1", "GET", f"{where}/download") for _ in range(4)]
    assert [file.status_code for file in files] == [200, 200, 200, 410]
    assert len(files[0].content) == ready["bytes"]
    assert hashlib.sha256(files[0].content).hexdigest() == ready["sha256"]
    assert files[0].headers["Cache-Control"] == "no-store"
    audited = await house.sql(
        "SELECT what, child_id FROM muster.audit WHERE what LIKE 'export.%' ORDER BY id"
    )
    assert [row.what for row in audited].count("export.download") == 5  # three given, two refused
    assert {row.child_id for row in audited} == {1}


async def test_a_copy_that_is_past_its_time_is_gone(house: House) -> None:
    made = (await ask_for_copy(house, include=["child"])).json()
    await written(house, made)
    await house.sql("UPDATE children.data_requests SET expires_at = now()")
    state = await house.ask("G1", "GET", f"/exports/{made['id']}")
    assert state.json()["state"] == "expired"
    past = await house.ask("G1", "GET", f"/exports/{made['id']}/download")
    assert (past.status_code, past.json()["code"]) == (410, "export_expired")


async def test_a_copy_lies_sealed_and_its_run_tells_nothing(house: House) -> None:
    made = (await ask_for_copy(house, include=["child"])).json()
    await written(house, made)
    [(content,)] = await house.sql("SELECT content FROM muster.run_file_part")
    assert b"Emma" not in content
    [run] = await house.sql("SELECT id, params, progress, result FROM muster.run WHERE job = 'children.copy'")
    assert run.params == {"request": made["id"]}
    async with house.http("G1") as http:
        assert (await http.get(f"/v1/runs/{run.id}")).status_code == 200
        assert (await http.get(f"/v1/runs/{run.id}/file")).status_code == 404
        assert [item["id"] for item in (await http.get("/v1/runs")).json()["items"]] == [str(run.id)]
    for other in ("G2", "G3", "V1", "E1", "K1"):
        async with house.http(other) as http:
            assert (await http.get(f"/v1/runs/{run.id}")).status_code == 404, other
            assert (await http.get("/v1/runs")).json()["items"] == [], other


async def test_who_is_no_guardian_any_more_gets_no_copy(house: House) -> None:
    await house.sql("INSERT INTO children.child_guardians VALUES (1, 2, 'father', 'full')")
    made = (await ask_for_copy(house, "G2", include=["child"])).json()
    await house.sql("DELETE FROM children.child_guardians WHERE child_id = 1 AND user_id = 2")
    row = await house.runtime.tasks.run_now("children.copy", {"request": made["id"]}, "test")
    assert row.state == "failed"
    assert (await house.ask("G2", "GET", f"/exports/{made['id']}")).status_code == 404
    [(state,)] = await house.sql("SELECT state FROM children.data_requests")
    assert state == "failed"


async def test_t108_a_guardian_sees_who_looked(house: House) -> None:
    for who, path in (("V1", "/1"), ("G1", "/1"), ("N1", "/1"), ("G1", ""), ("V1", "/1/sessions")):
        await house.ask(who, "GET", path)
    await house.ask(
        "K1", "POST", "/1/sessions", json={"session_type": "dental_visit", "scenario_name": "Chair"}
    )
    log = (await house.ask("G1", "GET", "/1/access-log")).json()
    assert [(entry["action"], entry["who"]["name"], entry["who"]["role"]) for entry in log["items"]] == [
        ("session.create", "K1", None),
        ("session.list", "V1 Tester", "professional"),
        ("child.list", "G1 Tester", "parent"),
        ("child.read", "G1 Tester", "parent"),
        ("child.read", "V1 Tester", "professional"),
    ]
    assert [entry["who"]["kind"] for entry in log["items"]] == [
        "device",
        "person",
        "person",
        "person",
        "person",
    ]
    assert "N1" not in json.dumps(log)  # who was refused has seen nothing
    pages = await house.ask("G1", "GET", "/1/access-log", params={"limit": 2})
    cursor = pages.json()["page"]["next"]
    more = (await house.ask("G1", "GET", "/1/access-log", params={"limit": 3, "cursor": cursor})).json()
    assert more["items"] == log["items"][1:4]  # the log itself was read meanwhile, and stands in front
    assert (await house.ask("G3", "GET", "/1/access-log", params={"cursor": cursor})).status_code == 400
    assert (await house.ask("G2", "GET", "/2/access-log", params={"cursor": cursor})).status_code == 400
    since = {"from": log["items"][1]["at"], "to": log["items"][0]["at"]}
    window = (await house.ask("G1", "GET", "/1/access-log", params=since)).json()
    assert window["items"] == log["items"][1:2]


@pytest.mark.parametrize("child", [10**30, 0])
async def test_a_number_that_is_nobodys_is_a_404(house: House, child: int) -> None:
    for method, path in (("POST", "exports"), ("GET", "access-log"), ("POST", "erasure")):
        body = None if method == "GET" else {"confirm_name": "Emma"} if path == "erasure" else {}
        answer = await house.ask("G1", method, f"/{child}/{path}", json=body)
        assert answer.status_code == 404, path


@pytest.mark.parametrize("wrong", [{"from": 1761955200}, {"to": "9999-12-31"}, {"from": "0001-01-01"}])
async def test_days_of_a_copy_are_days_that_can_be(shared: House, wrong: dict[str, Any]) -> None:
    """Refused when they are asked for, not by a run that fails later; and no day is read out of a number."""
    answer = await ask_for_copy(shared, **wrong)
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/body/{name}" for name in wrong]


async def test_t103_no_number_that_a_device_sends_keeps_a_copy_from_being_written(house: House) -> None:
    """PostgreSQL gives 1e30 back as an integer of 31 digits, with which no file could be written."""
    path = f"/sessions/{(await started(house, 'K1'))['id']}/complete"
    for number in (2**63, -(2**63), 1e30, [{"deep": 10**40}]):
        answer = await house.ask("K1", "POST", path, json={"interaction_patterns": {"a": number}})
        assert answer.status_code == 422, number
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
            ("/body/interaction_patterns", "out_of_range")
        ]
    largest = {"a": 2**63 - 1, "b": 1 - 2**63, "c": 9e18, "d": 1e-9, "e": "9" * 40}
    assert (await house.ask("K1", "POST", path, json={"interaction_patterns": largest})).status_code == 200
    assert (await copied(house)).json()["sessions"][-1]["interaction_patterns"] == largest
