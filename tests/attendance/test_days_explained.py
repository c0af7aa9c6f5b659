"""A day's explanation names the leave, holiday, request or decision it stands on, and speaks in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.attendance.models import AttendanceRequest, Correction
from service.attendance.rules.explain import figures_from
from tests.attendance.explained import figures_of, trace_of
from tests.attendance.generated import generated
from tests.attendance.house import House
from tests.attendance.make import add, leave

ANA, DARIO = "HR-EMP-00001", "HR-EMP-00004"
NOW = datetime(2026, 10, 2, 18, tzinfo=UTC)
RULE_SETS = ("recommended", "frappe_hr", "original")


@pytest.fixture
async def papers(house: House) -> House:
    """Ana in September: joined on the 3rd; leave from Monday the 7th, also over a Sunday; requests; a holiday; two decisions."""
    async with house.writing() as made:
        await made.conn.execute(
            text("UPDATE attendance.person SET joined_on = '2026-09-03' WHERE id = :ana"),
            {"ana": made.ids[ANA]},
        )
        await leave(made, ANA, date(2026, 9, 7), date(2026, 9, 9),
                    half_day=True, half_day_date=date(2026, 9, 9), half="second")  # fmt: skip
        unpaid = made.ids["Leave Without Pay"]
        sunday = date(2026, 9, 20)
        await leave(made, ANA, sunday, sunday, leave_type_id=unpaid)
        for name, day, reason in (
            ("ARQ-DUTY", date(2026, 9, 10), "On Duty"),
            ("ARQ-HOME", date(2026, 9, 11), "Work From Home"),
            ("ARQ-LEAVE", date(2026, 9, 7), "On Duty"),
        ):
            await made.add(
                AttendanceRequest, name, person_id=made.ids[ANA], from_date=day, to_date=day, reason=reason,
                docstatus=1,
            )  # fmt: skip
        await made.punch(ANA, "2026-09-15 08:00:00", "villas-gate-1", log_type="IN")
        await made.known_through(datetime(2026, 10, 2, tzinfo=UTC))
    async with house.http(await house.token("attendance:read", "attendance:write")) as http:
        by_hand = [
            {"day": "2026-09-14", "kind": "status", "status": "ABSENT_JUSTIFIED", "reason": "court"},
            {"day": "2026-09-15", "kind": "checkin", "time": "2026-09-15T17:00:00", "log_type": "OUT",
             "reason": "power cut"},
        ]  # fmt: skip
        answer = await http.post("/corrections", json={"items": [item | {"person": ANA} for item in by_hand]})
        assert [one["status"] for one in answer.json()["items"]] == [201, 201], answer.text
    await house.recompute(NOW, (date(2026, 9, 1), date(2026, 9, 30)))
    return house


async def explained(http: httpx.AsyncClient, person: str, day: str, **asked: str) -> dict[str, Any]:
    answer = await http.get(f"/days/{person}/{day}/explain", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def on_record(explanation: Mapping[str, Any]) -> dict[str, str]:
    """Names and words of what is recorded beside check-ins."""
    return {
        given["name"]: given["value"]
        for given in explanation["inputs"]
        if given["name"] != "schedule" and not given["name"].startswith("check-in")
    }


NAMED = {
    "2026-09-02": {"joined on": "2026-09-03"},
    "2026-09-07": {
        "leave HR-LAP-00001": "Casual Leave, 2026-09-07 to 2026-09-09, half a day on 2026-09-09 (the second half)",
        "attendance request ARQ-LEAVE": "On Duty, 2026-09-07, does not count: the day is one of leave",
    },
    "2026-09-09": {
        "leave HR-LAP-00001": "Casual Leave, 2026-09-07 to 2026-09-09, half a day on 2026-09-09 (the second half)",
    },
    "2026-09-10": {"attendance request ARQ-DUTY": "On Duty, 2026-09-10"},
    "2026-09-11": {"attendance request ARQ-HOME": "Work From Home, 2026-09-11"},
    "2026-09-16": {"holiday": "Independence, of the holiday list Mexico 2026"},
    "2026-09-20": {
        "weekly off": "Sunday, of the holiday list Mexico 2026",
        "leave HR-LAP-00002": "Leave Without Pay (unpaid), 2026-09-20, does not count on a holiday or weekly off",
    },
}  # fmt: skip


async def test_a_day_names_its_leave_its_holiday_and_its_requests(papers: House) -> None:
    async with papers.reader() as http:
        for rule_set in RULE_SETS:
            for day, wanted in NAMED.items():
                explanation = await explained(http, ANA, day, rule_set=rule_set)
                assert on_record(explanation) == wanted, (day, rule_set)
        for given in explanation["inputs"]:
            assert (await http.get(given["link"].removeprefix("/v1/attendance"))).json()["items"]
        steps = {step["figure"]: step for step in (await explained(http, ANA, "2026-09-07"))["steps"]}
        (of_leave,) = [given for given in steps["status"]["inputs"] if given["name"] == "leave_id"]
        assert of_leave["value"] == "HR-LAP-00001"
        assert of_leave["link"] == f"/v1/attendance/leaves?person={ANA}&from=2026-09-07&to=2026-09-07"
        asked = {"person": ANA, "day": "2026-09-07", "rule_set": "frappe_hr"}
        cell = (await http.get("/reports/monthly-sheet/explain", params=asked)).json()
        assert on_record(cell) == NAMED["2026-09-07"]


async def test_a_day_names_what_was_decided_by_hand(papers: House) -> None:
    async with papers.reader() as http:
        (by_hand,) = on_record(await explained(http, ANA, "2026-09-14")).values()
        (added,) = on_record(await explained(http, ANA, "2026-09-15")).values()
        (ignored,) = on_record(await explained(http, ANA, "2026-09-14", rule_set="frappe_hr")).values()
    assert (by_hand[:16], by_hand[-7:]) == ("ABSENT_JUSTIFIED", ": court")
    assert ignored == f"{by_hand}; does not count under these rules, which follow the upstream alone"
    assert added.startswith("check-in 2026-09-15T17:00:00 OUT added by hand, by ")
    assert added.endswith(": power cut")


async def test_a_day_says_of_leave_and_requests_that_do_not_count_why(house: House) -> None:
    day = date(2026, 9, 17)
    async with house.writing() as made:
        for person in (ANA, DARIO):
            await leave(made, person, day, day)
        by_hand = {"kind": "status", "status": "PRESENT", "reason": "came", "created_by": "key:somebody"}
        for on in (day, date(2026, 9, 18)):
            await add(made.conn, Correction, person_id=made.ids[ANA], work_date=on, **by_hand)
        await made.add(
            AttendanceRequest, "ARQ-1", person_id=made.ids[ANA], from_date=date(2026, 9, 18),
            to_date=date(2026, 9, 18), reason="On Duty", docstatus=1,
        )  # fmt: skip
        await made.known_through(datetime(2026, 10, 2, tzinfo=UTC))
    await house.recompute(NOW, (day, date(2026, 9, 18)))
    async with house.reader() as http:
        said = {
            asked: [*on_record(await explained(http, *asked)).values()][-1]
            for asked in ((ANA, "2026-09-17"), (DARIO, "2026-09-17"), (ANA, "2026-09-18"))
        }
    assert [*said.values()] == [
        "Casual Leave, 2026-09-17, does not count: the day was set by hand",
        "Casual Leave, 2026-09-17, does not count: no shift is to be worked",
        "On Duty, 2026-09-18, does not count: the day was set by hand",
    ]


COUNTED = ("_seconds", "_minutes", "_min", "_s", "_count", "min_punches", "entry", "exit")
"""Ends of names whose values are numbers; every other value is a word, a moment or yes or no."""


def numbers_of(step: Mapping[str, Any]) -> dict[str, Any]:
    """Names of a step with whole numbers for values, and those numbers."""
    shown = {step["figure"] or "": step["value"], **(step["threshold"] or {})}
    shown |= {given["name"]: given["value"] for given in step["inputs"]}
    listed = {name: value if isinstance(value, list) else [value] for name, value in shown.items()}
    return {name: values for name, values in listed.items() if any(type(one) is int for one in values)}


async def test_q8_steps_speak_in_words_and_still_give_every_figure(house: House) -> None:
    """Of each rule set one day for each status and source of a shift that there is."""
    numbers, links = await generated(house, 5, 12), {}
    async with house.reader() as http:
        for rule_set in RULE_SETS:
            asked = {"from": "2026-09-01", "to": "2026-09-30", "rule_set": rule_set, "limit": 1000}
            days = (await http.get("/days", params=asked)).json()["items"]
            kinds = {(day["status"], day["schedule_source"]): day for day in days if day["person"] in numbers}
            assert len(kinds) >= 8
            for day in kinds.values():
                why = await explained(
                    http, day["person"], day["work_date"], rule_set=rule_set, shift=day["shift"] or ""
                )
                links |= {given["link"].split("?")[0]: given["link"] for given in why["inputs"]}
                for step in why["steps"]:
                    assert all(name.endswith(COUNTED) for name in numbers_of(step)), step
                rules = [step["rule"] for step in why["steps"]]
                assert len(set(rules)) == len(rules)
                assert all(" " in gap["have"] for gap in why["gaps"])
                assert figures_from(trace_of(why)) == figures_of(day), (rule_set, day["work_date"])
        assert "/v1/attendance/schedules" in links
        for link in links.values():
            assert (await http.get(link.removeprefix("/v1/attendance"))).status_code == 200, link
