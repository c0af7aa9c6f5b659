"""What was signed stays signed, and what would differ today says why (Q9)."""

import json
from collections.abc import AsyncIterator
from datetime import date, time
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.attendance.models import Holiday
from tests.attendance.house import House
from tests.attendance.make import add, judged, leave
from tests.attendance.sealed import (
    ANA,
    BEN,
    CARLA,
    DARIO,
    SEAL,
    STATEMENTS,
    September,
    changes,
    opened_september,
    seal,
)


@pytest.fixture
async def september(house: House) -> September:
    return await opened_september(house)


@pytest.fixture
async def http(september: September) -> AsyncIterator[httpx.AsyncClient]:
    async with await september.writer() as opened:
        yield opened


async def everything_changes(september: September) -> None:
    """A late punch, an edited one, a deleted one, an edited shift, a leave, a holiday, new rules."""
    async with september.house.runtime.database.write() as conn:
        made = september.firm
        made.conn = conn
        await made.punch(BEN, "2026-09-02 08:00:00", "villas-gate-1")
        await made.punch(BEN, "2026-09-02 17:00:00", "villas-gate-1")
        await conn.execute(
            text(
                "UPDATE attendance.checkin SET deleted_at = now() WHERE person_id = :ana AND day = '2026-09-03'"
            ),
            {"ana": made.ids[ANA]},
        )
        await conn.execute(
            text("""
                UPDATE attendance.checkin SET local_time = local_time + interval '5 days', at = at + interval '5 days',
                       day = day + 5 WHERE person_id = :ana AND day = '2026-09-02'
            """),
            {"ana": made.ids[ANA]},
        )
        await conn.execute(
            text(
                "UPDATE attendance.shift_type SET start_time = :nine, end_time = :five WHERE name = 'Night'"
            ),
            {"nine": time(9), "five": time(17)},
        )
        await leave(made, CARLA, date(2026, 9, 14), date(2026, 9, 15))
        lists = made.ids["Mexico 2026"]
        await add(conn, Holiday, holiday_list_id=lists, day=date(2026, 9, 21), description="New")
        await conn.execute(
            text("""
                INSERT INTO attendance.rule_set (name, version, parameters)
                SELECT name, 2, jsonb_set(jsonb_set(jsonb_set(parameters, '{version}', '2'),
                    '{punctuality,severe_late_min}', '30'), '{punctuality,severe_is_absence}', 'true')
                FROM attendance.rule_set WHERE name = 'recommended'
            """)
        )
    await september.recompute()


async def test_q9_what_was_signed_stays_signed_and_every_difference_has_its_cause(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    signed = (await http.get(f"{STATEMENTS}/{made['id']}")).content
    assert await changes(http, made) == {}
    await everything_changes(september)
    assert (await http.get(f"{STATEMENTS}/{made['id']}")).content == signed
    check = (await http.get(f"{STATEMENTS}/{made['id']}/verify")).json()
    assert check == {
        "id": made["id"], "intact": True, "sha256": made["sha256"], "computed": made["sha256"], "differs": [],
    }  # fmt: skip
    assert await changes(http, made) == {
        (ANA, "days.2026-09-02"): ("P", "A", {"checkin_edited"}),
        (ANA, "days.2026-09-03"): ("P", "A", {"checkin_deleted"}),
        (ANA, "days.2026-09-04"): ("P", "A", {"rules_changed"}),
        (ANA, "days.2026-09-07"): ("A", "P", {"checkin_edited"}),
        (ANA, "days.2026-09-21"): ("A", "H", {"holiday_edited"}),
        (BEN, "days.2026-09-02"): ("A", "P", {"checkin_late"}),
        (CARLA, "days.2026-09-14"): ("A", "L", {"leave_new"}),
        (CARLA, "days.2026-09-15"): ("A", "L", {"leave_new"}),
        (DARIO, "days.2026-09-11"): ("A", "P", {"shift_type_edited"}),
    }
    assert await cells_that_differ(http, json.loads(signed)) == (await changes(http, made)).keys()


async def test_a_holiday_that_came_and_went_again_is_no_cause_and_no_obstacle(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    await everything_changes(september)
    async with september.house.runtime.database.write() as conn:
        await conn.execute(text("DELETE FROM attendance.holiday WHERE day = '2026-09-21'"))
    await september.recompute()
    answer = await http.get(f"{STATEMENTS}/{made['id']}/changes")
    assert answer.status_code == 200, answer.text
    codes = {cause["code"] for one in answer.json()["items"] for cause in one["causes"]}
    assert "checkin_late" in codes
    assert "holiday_edited" not in codes


async def cells_that_differ(http: httpx.AsyncClient, sealed: dict[str, Any]) -> set[tuple[str, str]]:
    """Counted here once more: what the sheet of today shows otherwise than the signed rows."""
    today = (await http.get("/v1/attendance/reports/monthly-sheet", params=SEAL["params"])).json()["items"]
    old = {(row["person"], day): code for row in sealed["items"] for day, code in row["days"].items()}
    new = {(row["person"], day): code for row in today for day, code in row["days"].items()}
    assert old.keys() == new.keys()
    return {(person, f"days.{day}") for (person, day), code in old.items() if new[person, day] != code}


async def test_q9_a_cause_says_what_happened_and_where_it_is_seen(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    await everything_changes(september)
    items = (await http.get(f"{STATEMENTS}/{made['id']}/changes")).json()["items"]
    causes = {(one["key"]["person"], one["figure"]): one["causes"] for one in items}
    late = causes[BEN, "days.2026-09-02"]
    assert [cause["detail"] for cause in late] == [
        "the check-in of 2026-09-02 08:00:00 came after the sealing",
        "the check-in of 2026-09-02 17:00:00 came after the sealing",
    ]
    assert (await http.get(late[0]["link"])).json()["items"][0]["person"] == BEN
    assert all(cause["at"] >= made["read_from"] for cause in late)
    edited = causes[ANA, "days.2026-09-02"][0]["detail"]
    assert (
        edited
        == "the check-in of 2026-09-02 08:00:00 was edited: time 2026-09-02 08:00:00 became 2026-09-07 08:00:00"
    )
    shift = causes[DARIO, "days.2026-09-11"][0]["detail"]
    assert "start time 22:00:00 became 09:00:00" in shift
    assert causes[CARLA, "days.2026-09-14"][0]["detail"] == (
        "the leave of 2026-09-14 to 2026-09-15 came after the sealing"
    )
    assert "recommended/1" in causes[ANA, "days.2026-09-04"][0]["detail"]


async def test_q9_the_summary_and_the_other_reports_say_why_too(
    september: September, http: httpx.AsyncClient
) -> None:
    totals = await seal(http, params={"month": "2026-09", "summarized": True})
    missing = await seal(http, report="exceptions")
    both = await seal(
        http,
        report="reconciliation",
        params={"month": "2026-09", "rule_set": "recommended", "only_differences": False},
    )
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await september.firm.punch(BEN, "2026-09-02 08:00:00", "villas-gate-1")
        await september.firm.punch(BEN, "2026-09-03 08:00:00", "villas-gate-1")
        await september.firm.punch(BEN, "2026-09-03 17:00:00", "villas-gate-1")
    await september.recompute()
    found = await changes(http, totals)
    assert found[BEN, "total_present"] == ("0.0", "2.0", {"checkin_late"})
    assert {causes for _, _, found_causes in found.values() for causes in found_causes} == {"checkin_late"}
    exceptions = await changes(http, missing)
    assert [(who, sealed, codes) for (who, _), (sealed, _, codes) in exceptions.items()] == [
        (BEN, None, {"checkin_late"})
    ]
    # What the upstream itself says of a day is no input of ours: only the reconciliation names it.
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await judged(september.firm, BEN, date(2026, 9, 2))
        await judged(september.firm, CARLA, date(2026, 9, 10))
    assert await changes(http, missing) == exceptions
    reconciled = await changes(http, both)
    theirs = {name for name in reconciled if name[1] in {"theirs", "their_hours", "upstream_name"}}
    assert {who for who, _ in theirs} == {BEN, CARLA}
    assert all(reconciled.pop(name)[2] == {"upstream_attendance_new"} for name in theirs)
    assert reconciled.pop((BEN, "differs"))[2] == {"upstream_attendance_new", "checkin_late"}
    assert reconciled.pop((BEN, "reason"))[2] == {"upstream_attendance_new", "checkin_late"}
    assert {reconciled.pop((CARLA, figure))[2].pop() for figure in ("differs", "reason")} == {
        "upstream_attendance_new"
    }
    assert all(codes == {"checkin_late"} for _, _, codes in reconciled.values()), reconciled


async def test_a_recount_without_any_event_says_only_that_it_was_recomputed(
    september: September, http: httpx.AsyncClient
) -> None:
    """Somebody wrote into the results: no input changed, and nothing else is claimed."""
    made = await seal(http)
    await september.run(
        "UPDATE attendance.day SET code = 'A' WHERE work_date = '2026-09-01' AND person_id = :ana",
        ana=september.firm.ids[ANA],
    )
    found = await changes(http, made)
    assert found == {(ANA, "days.2026-09-01"): ("P", "A", {"recomputed"})}


async def test_q9_an_edit_is_kept_whoever_makes_it(september: September) -> None:
    """Before and after, also of a row that is erased; the upstream's own bookkeeping is no edit."""
    await september.run("UPDATE attendance.shift_type SET late_grace_minutes = 20 WHERE name = 'Day'")
    await september.run("UPDATE attendance.shift_type SET last_sync = '2026-09-30' WHERE name = 'Day'")
    await september.run("DELETE FROM attendance.holiday WHERE day = '2026-09-16'")
    await september.run("UPDATE attendance.checkin SET deleted_at = now() WHERE day = '2026-09-01'")
    async with september.house.runtime.database.read() as conn:
        rows = await conn.execute(
            text("""
                SELECT kind, before->>'late_grace_minutes' AS was, after->>'late_grace_minutes' AS became,
                       before->>'day' AS day, after IS NULL AS erased
                FROM attendance.edit WHERE kind <> 'person' AND before IS NOT NULL ORDER BY id
            """)
        )
        found = [tuple(row) for row in rows]
    assert found == [("shift_type", "0", "20", None, False), ("holiday", None, None, "2026-09-16", True)]


async def test_q9_leaves_and_assignments_are_followed_through_every_deed(
    september: September, http: httpx.AsyncClient
) -> None:
    """Cancelled, moved, new: each on the days it took and the days it gave."""
    async with september.house.runtime.database.write() as conn:
        made = september.firm
        made.conn = conn
        cancelled = await leave(made, CARLA, date(2026, 9, 1), date(2026, 9, 1))
        moved = await leave(made, CARLA, date(2026, 9, 7), date(2026, 9, 7))
        draft = await leave(made, CARLA, date(2026, 9, 24), date(2026, 9, 24), docstatus=0)
    await september.recompute()
    statement = await seal(http)
    async with september.house.runtime.database.write() as conn:
        await conn.execute(
            text("UPDATE attendance.leave SET docstatus = 2 WHERE id = :id"), {"id": cancelled}
        )
        await conn.execute(
            text(
                "UPDATE attendance.leave SET from_date = '2026-09-09', to_date = '2026-09-09' WHERE id = :id"
            ),
            {"id": moved},
        )
        await conn.execute(text("UPDATE attendance.leave SET docstatus = 1 WHERE id = :id"), {"id": draft})
        # Neither counted before nor counts now: of no account.
        made.conn = conn
        await leave(made, CARLA, date(2026, 9, 9), date(2026, 9, 9), docstatus=0)
    await september.recompute()
    assert await changes(http, statement) == {
        (CARLA, "days.2026-09-01"): ("L", "A", {"leave_withdrawn"}),
        (CARLA, "days.2026-09-07"): ("L", "A", {"leave_edited"}),
        (CARLA, "days.2026-09-09"): ("A", "L", {"leave_edited"}),
        (CARLA, "days.2026-09-24"): ("A", "L", {"leave_new"}),
    }


async def test_q9_a_punch_after_midnight_is_a_cause_of_the_night_it_belongs_to(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    await september.run(
        "UPDATE attendance.checkin SET deleted_at = now() WHERE person_id = :dario",
        dario=september.firm.ids[DARIO],
    )
    await september.recompute()
    answer = (await http.get(f"{STATEMENTS}/{made['id']}/changes")).json()["items"]
    assert [(one["figure"], one["sealed"], one["today"]) for one in answer] == [("days.2026-09-10", "P", "A")]
    assert [cause["detail"] for cause in answer[0]["causes"]] == [
        "the check-in of 2026-09-10 22:00:00 was deleted upstream",
        "the check-in of 2026-09-11 06:00:00 was deleted upstream",
    ]


async def test_q9_a_cell_that_inputs_and_rules_both_move_names_both(
    september: September, http: httpx.AsyncClient
) -> None:
    """Absent when sealed; four hours came late: present by the sealed rules, half a day by the new ones."""
    made = await seal(http)
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await september.firm.punch(BEN, "2026-09-08 08:00:00", "villas-gate-1")
        await september.firm.punch(BEN, "2026-09-08 12:00:00", "villas-gate-1")
        await conn.execute(
            text("""
                INSERT INTO attendance.rule_set (name, version, parameters)
                SELECT name, 2, jsonb_set(jsonb_set(parameters, '{version}', '2'),
                    '{absence,half_day_below_hours}', '6.0')
                FROM attendance.rule_set WHERE name = 'recommended'
            """)
        )
    await september.recompute()
    found = await changes(http, made)
    assert found == {(BEN, "days.2026-09-08"): ("A", "HD", {"checkin_late", "rules_changed"})}


async def test_q9_what_people_decide_after_the_sealing_is_a_cause(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    item = {
        "person": BEN,
        "day": "2026-09-02",
        "kind": "status",
        "status": "ON_DUTY",
        "reason": "at a client's",
    }
    answer = await http.post("/v1/attendance/corrections", json={"items": [item]})
    corrected = answer.json()["items"][0]["correction"]["id"]
    await september.recompute()
    assert await changes(http, made) == {(BEN, "days.2026-09-02"): ("A", "OD", {"corrected"})}
    path = f"/v1/attendance/corrections/{corrected}/revoke"
    assert (await http.post(path, json={"reason": "he was not"})).status_code == 200
    await september.recompute()
    assert await changes(http, made) == {}
    week = {"person": CARLA, "shift_type": "Night", "weekdays": [4], "valid_from": "2026-09-01"}
    assert (await http.post("/v1/attendance/schedules", json=week)).status_code == 201
    await september.recompute()
    found = await changes(http, made)
    assert found
    assert {cause for _, _, causes in found.values() for cause in causes} == {"weekly_schedule_new"}
    later = await seal(http)
    (row,) = (await http.get("/v1/attendance/schedules", params={"person": CARLA})).json()["items"]
    ended = await http.post(f"/v1/attendance/schedules/{row['id']}/end", json={"valid_to": "2026-09-05"})
    assert ended.headers["Data-Version"]
    await september.recompute()
    found = await changes(http, later)
    assert found
    assert {cause for _, _, causes in found.values() for cause in causes} == {"weekly_schedule_ended"}
