"""Causes of a statement's changes that are easily told wrongly: decisions, what moved between people, words."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from service.attendance.models import ShiftAssignment
from tests.attendance.house import House
from tests.attendance.make import judged, leave
from tests.attendance.sealed import (
    ANA,
    BEN,
    CARLA,
    DARIO,
    STATEMENTS,
    September,
    changes,
    opened_september,
    seal,
)

MONTH = {"month": "2026-09"}


@pytest.fixture
async def september(house: House) -> September:
    return await opened_september(house)


@pytest.fixture
async def http(september: September) -> AsyncIterator[httpx.AsyncClient]:
    async with await september.writer() as opened:
        yield opened


async def details(http: httpx.AsyncClient, statement: dict[str, Any]) -> dict[Any, list[str]]:
    """By person and figure what the causes say."""
    items = (await http.get(f"{STATEMENTS}/{statement['id']}/changes")).json()["items"]
    return {
        (one["key"]["person"], one["figure"]): [cause["detail"] for cause in one["causes"]] for one in items
    }


async def correct(http: httpx.AsyncClient, **item: Any) -> dict[str, Any]:
    answer = await http.post("/v1/attendance/corrections", json={"items": [item]})
    (outcome,) = answer.json()["items"]
    assert outcome["status"] == 201, answer.text
    made: dict[str, Any] = outcome["correction"]
    return made


async def revoke(http: httpx.AsyncClient, made: dict[str, Any], reason: str) -> None:
    path = f"/v1/attendance/corrections/{made['id']}/revoke"
    assert (await http.post(path, json={"reason": reason})).status_code == 200


async def test_q9_a_dismissal_is_a_cause_where_incidents_are_shown_and_nowhere_else(
    september: September, http: httpx.AsyncClient
) -> None:
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        for person in (ANA, CARLA):
            await september.firm.punch(person, "2026-09-08 08:00:00", "villas-gate-1", log_type="IN")
    await september.recompute()
    sheet, hidden = await seal(http), await seal(http, report="exceptions")
    shown = await seal(http, report="exceptions", params=MONTH | {"dismissed": True})
    asked = {"day": "2026-09-08", "kind": "dismissal", "incident": "MISSING_OUT"}
    made = await correct(http, person=ANA, reason="left with the van", **asked)
    await revoke(http, await correct(http, person=CARLA, reason="a slip", **asked), "a slip")
    said = f"MISSING_OUT of 2026-09-08 was dismissed (by {made['created_by']}: left with the van)"
    assert await details(http, hidden) == {(ANA, None): [said]}
    figures = ("by", "at", "reason", "correction")
    assert await details(http, shown) == {(ANA, f"dismissed.{figure}"): [said] for figure in figures}
    # What is only counted where dismissed rows are hidden differs too.
    totals = (await http.get(f"{STATEMENTS}/{hidden['id']}/changes")).json()["summary"]
    assert totals == [
        {"figure": "dismissed", "sealed": None, "today": 1},
        {"figure": "missing_punch", "sealed": 2, "today": 1},
    ]
    assert await changes(http, sheet) == {}
    await september.recompute()
    dismissed = await seal(http, report="exceptions")
    await revoke(http, made, "the van was in the yard")
    taken_back = (
        f"MISSING_OUT of 2026-09-08 is dismissed no longer (by {made['created_by']}: the van was in the yard)"
    )
    assert await details(http, dismissed) == {(ANA, None): [taken_back]}
    await correct(http, person=ANA, reason="once more", **asked)
    await september.run("UPDATE attendance.checkin SET deleted_at = now() WHERE day = '2026-09-08'")
    await september.recompute()
    # No punch is left: that changes the cells, and takes rows away also where dismissed ones are shown.
    gone = {"checkin_deleted"}
    assert await changes(http, sheet) == {(who, "days.2026-09-08"): ("P", "A", gone) for who in (ANA, CARLA)}
    assert [codes for *_, codes in (await changes(http, shown)).values()] == [gone, gone]


async def test_q9_a_check_in_made_or_revoked_by_hand_says_who_and_why(
    september: September, http: httpx.AsyncClient
) -> None:
    before, day = await seal(http), "2026-09-02"
    punch = {"person": BEN, "day": day, "kind": "checkin", "reason": "the clock was down"}
    made = await correct(http, time=f"{day}T08:00:00", log_type="IN", **punch)
    other = await correct(http, time=f"{day}T17:00:00", log_type="OUT", **punch)
    await september.recompute()
    who = made["created_by"]
    assert await details(http, before) == {
        (BEN, "days.2026-09-02"): [
            f"the check-in of 2026-09-02 {time} was added by hand (by {who}: the clock was down)"
            for time in ("08:00:00", "17:00:00")
        ]
    }
    after = await seal(http)
    for correction in (made, other):
        await revoke(http, correction, "he was at home")
    await september.recompute()
    (change,) = (await http.get(f"{STATEMENTS}/{after['id']}/changes")).json()["items"]
    assert [(cause["code"], cause["subject"]) for cause in change["causes"]] == [
        ("checkin_revoked", f"correction {correction['id']}") for correction in (made, other)
    ]
    said = "the check-in of 2026-09-02 08:00:00 that had been added by hand was revoked"
    assert change["causes"][0]["detail"] == f"{said} (by {who}: he was at home)"


async def test_q9_what_moved_to_another_person_is_told_to_both(
    september: September, http: httpx.AsyncClient
) -> None:
    async with september.house.runtime.database.write() as conn:
        made = september.firm
        made.conn = conn
        await leave(made, CARLA, date(2026, 9, 14), date(2026, 9, 14))
        await made.add(
            ShiftAssignment, "HR-SHA-1", person_id=made.ids[ANA], shift_type_id=made.ids["Night"],
            start_date=date(2026, 9, 1), end_date=date(2026, 9, 1),
        )  # fmt: skip
        await judged(made, CARLA, date(2026, 9, 10))
    await september.recompute()
    sheet = await seal(http)
    both = await seal(http, report="reconciliation", params=MONTH | {"rule_set": "recommended"})
    moves = {
        "leave": (CARLA, BEN, "true"), "shift_assignment": (ANA, CARLA, "true"),
        "checkin": (CARLA, BEN, "day = '2026-09-10'"), "upstream_attendance": (CARLA, BEN, "true"),
    }  # fmt: skip
    for table, (was, now, where) in moves.items():
        await september.run(
            f"UPDATE attendance.{table} SET person_id = :now WHERE person_id = :was AND {where}",
            was=september.firm.ids[was],
            now=september.firm.ids[now],
        )
    await september.recompute()
    found = await details(http, sheet)
    leaves = [
        f"the leave of 2026-09-14 was edited after the sealing: it was {CARLA}'s and is {BEN}'s",
    ]
    assert (found[CARLA, "days.2026-09-14"], found[BEN, "days.2026-09-14"]) == (leaves, leaves)
    punches = [
        f"the check-in of 2026-09-10 {time} was edited: it was {CARLA}'s and is {BEN}'s"
        for time in ("08:00:00", "17:00:00")
    ]
    assert (found[CARLA, "days.2026-09-10"], found[BEN, "days.2026-09-10"]) == (punches, punches)
    assigned = (
        f"the shift assignment of 2026-09-01 was edited after the sealing: it was {ANA}'s and is {CARLA}'s"
    )
    # Ana worked by day: with the night shift gone from her day it is judged by her own.
    assert {who for (who, _), said in found.items() if said == [assigned]} >= {ANA}
    reconciled = await changes(http, both)
    theirs = {who: codes for (who, figure), (*_, codes) in reconciled.items() if figure in (None, "theirs")}
    assert "upstream_attendance_edited" in theirs[CARLA]
    assert "upstream_attendance_edited" in theirs[BEN]
    # A key of one site is not told who, of another site, has it now.
    async with await september.writer("Villas") as villas:
        own = await seal(villas)
        await september.run("UPDATE attendance.leave SET person_id = :dario", dario=september.firm.ids[DARIO])
        await september.recompute()
        assert (await details(villas, own))[BEN, "days.2026-09-14"] == [
            f"the leave of 2026-09-14 was edited after the sealing: it was {BEN}'s and is somebody else's"
        ]


async def test_q9_what_was_undone_since_is_no_cause(september: September, http: httpx.AsyncClient) -> None:
    """Moved to another person and back, then deleted: only that is told."""
    made = await seal(http)
    ids = september.firm.ids
    for who in (CARLA, ANA):
        await september.run(
            "UPDATE attendance.checkin SET person_id = :who WHERE day = '2026-09-01'", who=ids[who]
        )
    await september.run("UPDATE attendance.checkin SET deleted_at = now() WHERE day = '2026-09-01'")
    await september.recompute()
    assert await changes(http, made) == {(ANA, "days.2026-09-01"): ("P", "A", {"checkin_deleted"})}


async def test_q9_a_holiday_called_otherwise_is_a_cause_only_where_its_name_is_shown(
    september: September, http: httpx.AsyncClient
) -> None:
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        for time in ("08:00:00", "17:00:00"):
            await september.firm.punch(ANA, f"2026-09-16 {time}", "villas-gate-1")
    await september.run("""
        UPDATE attendance.person SET holiday_list_id = (SELECT id FROM attendance.holiday_list)
        WHERE upstream_name = 'HR-EMP-00003'
    """)
    await september.recompute()
    sheet, worked = await seal(http), await seal(http, report="holiday-work")
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        for time in ("08:00:00", "17:00:00"):
            await september.firm.punch(CARLA, f"2026-09-16 {time}", "centro-1")
    await september.run("UPDATE attendance.holiday SET description = 'Grito' WHERE day = '2026-09-16'")
    await september.recompute()
    assert [codes for *_, codes in (await changes(http, sheet)).values()] == [{"checkin_late"}]
    found = await changes(http, worked)
    assert found.pop((ANA, "holiday")) == ("Independence", "Grito", {"holiday_edited"})
    ((who, figure), (_, _, codes)) = found.popitem()
    assert (found, who, figure, codes) == ({}, CARLA, None, {"checkin_late"})
    assert (await details(http, worked))[ANA, "holiday"] == [
        "the holiday Grito of 2026-09-16 changed in its list: description Independence became Grito"
    ]


async def test_q9_sums_over_people_name_who_moved_them_and_why(
    september: September, http: httpx.AsyncClient
) -> None:
    board = await seal(http, report="dashboard")
    weeks = {"week": "2026-W38", "with_from": "2026-09-07", "with_to": "2026-09-13"}
    both = await seal(http, report="compare", params=weeks)
    made = await correct(http, person=ANA, day="2026-09-08", kind="status", status="PRESENT", reason="a fair")
    await correct(http, person=BEN, day="2026-09-09", kind="status", status="PRESENT", reason="the same")
    await september.recompute()
    said = f"{ANA}: the day was set to PRESENT by hand (by {made['created_by']}: a fair)"
    other = f"{BEN}: the day was set to PRESENT by hand (by {made['created_by']}: the same)"
    items = (await http.get(f"{STATEMENTS}/{board['id']}/changes")).json()["items"]
    told = {(one["key"]["day"], *(cause["detail"] for cause in one["causes"])) for one in items}
    assert told == {("2026-09-08", said), ("2026-09-09", other)}
    items = (await http.get(f"{STATEMENTS}/{both['id']}/changes")).json()["items"]
    assert {one["figure"] for one in items} == {"second", "difference", "change_percent"}
    assert {tuple(cause["detail"] for cause in one["causes"]) for one in items} == {(said, other)}
