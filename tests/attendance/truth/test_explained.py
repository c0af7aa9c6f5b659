"""Q8 over the wire: the figures of a day follow from the steps of its explanation and from nothing else."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from service.attendance.rules.codes import CODES, Incident, OtherHalf, PendingReason, Status
from service.attendance.rules.explain import DayTrace, Step, figures_from
from service.attendance.rules.ruleset import BUILT_IN
from tests.attendance.truth.chain import PATIENT, Chain, sized

pytestmark = PATIENT
# Words of the wire and what they are among the rules.
AS_STORED = (
    "gross_seconds", "break_seconds", "worked_seconds", "expected_seconds", "deducted_seconds",
    "expected_net_seconds", "difference_seconds", "overtime_seconds", "late", "late_seconds", "late_minutes",
    "late_counted", "late_forgiven", "early", "early_seconds", "early_minutes", "punch_count",
)  # fmt: skip


def trace_of(explanation: dict[str, Any]) -> DayTrace:
    """What the rules need of an explanation: its steps, in order. Candidates, punches and words stay out."""
    version = explanation["rule_version"]
    steps = tuple(
        Step(
            figure=step["figure"],
            rule=step["rule"],
            source=step["source"],
            rule_version=version,
            threshold=step["threshold"] or {},
            inputs={given["name"]: given["value"] for given in step["inputs"]},
            value="not to be read",
            unit=step["unit"] or "",
            outcome="not to be read",
        )
        for step in explanation["steps"]
        if step["figure"] is not None
    )
    order = BUILT_IN[version.partition("/")[0]].order
    return DayTrace(0, "", 0, order, version, "", "", (), (), steps, ())


def figures_of(day: dict[str, Any]) -> dict[str, Any]:
    """The figures of a day of the wire in the rules' own values."""
    return {name: day[name] for name in AS_STORED} | {
        "status": Status[day["status"]].value,
        "base_status": Status[day["base_status"]].value,
        "code": CODES.index(day["code"]),
        "other_half": OtherHalf[(day["other_half"] or "none").upper()].value,
        "pending_reason": PendingReason[day["pending_reason"] or "NONE"].value,
        "leave_fraction": round(float(day["leave_fraction"] or 0) * 100),
        "first_in": clock(day["first_in"]),
        "last_out": clock(day["last_out"]),
        "hours": round(float(day["hours"]) * 100),
        "incidents": sum(Incident[name] for name in day["incidents"]),
    }


def clock(text: str | None) -> int | None:
    """A wall-clock time as seconds since 1970."""
    return None if text is None else int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


async def explained(chain: Chain, day: dict[str, Any], **asked: str) -> dict[str, Any]:
    """The explanation of a day of the list."""
    where = {"person": day["person"], "day": day["work_date"], "shift": day["shift"] or ""}
    answer: dict[str, Any] = await chain.get("/v1/attendance/reports/monthly-sheet/explain", **where, **asked)
    return answer


@pytest.mark.parametrize("rule_set", ["recommended", "frappe_hr"])
async def test_q8_every_figure_of_a_day_follows_from_its_explanation(recorded: Chain, rule_set: str) -> None:
    days = await recorded.days(from_="2026-03-01", to="2026-04-02", rule_set=rule_set)
    assert len(days) == 50 * 33
    for day in random.Random(8).sample(days, sized(f"Q8 days of {rule_set}", len(days), 90)):
        explanation = await explained(recorded, day, rule_set=rule_set)
        assert figures_from(trace_of(explanation)) == figures_of(day), (day["person"], day["work_date"])
        assert explanation["value"] == day["code"]


async def test_q8_a_cell_that_a_click_explains_says_what_the_sheet_says(recorded: Chain) -> None:
    sheet = await recorded.sheet(month="2026-03", rule_set="frappe_hr")
    codes = {(row["person"], row["shift"]): row["days"] for row in sheet["items"]}
    for (person, shift), days in random.Random(9).sample(sorted(codes.items()), 8):
        for day in random.Random(9).sample(sorted(days), 4):
            explanation = await explained(
                recorded, {"person": person, "work_date": day, "shift": shift}, rule_set="frappe_hr"
            )
            assert explanation["value"] == days[day], (person, day)


async def test_q8_every_punch_of_a_day_leads_to_its_check_in(recorded: Chain) -> None:
    day = {"person": "HR-EMP-01042", "work_date": "2026-03-02", "shift": "O Day"}
    punches = [
        given for given in (await explained(recorded, day))["inputs"] if given["name"].startswith("check-in ")
    ]
    assert [given["name"] for given in punches] == [
        "check-in 2026-03-02T08:52:06",
        "check-in 2026-03-02T17:18:32",
    ]
    for given in punches:
        checkins = (await recorded.get(given["link"]))["items"]
        assert given["name"].removeprefix("check-in ") in [row["local_time"] for row in checkins]
        assert {row["person"] for row in checkins} == {"HR-EMP-01042"}


def timeless(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps without the clock they were asked at: two requests may lie on either side of a second."""
    return [
        step | {"inputs": [given for given in step["inputs"] if given["name"] != "now"]} for step in steps
    ]


async def test_q8_a_day_explains_itself_as_its_cell_does(recorded: Chain) -> None:
    day = {"person": "HR-EMP-01048", "work_date": "2026-03-18", "shift": "O Day"}
    cell = await explained(recorded, day, rule_set="frappe_hr")
    own = await recorded.get("/v1/attendance/days/HR-EMP-01048/2026-03-18/explain", rule_set="frappe_hr")
    assert (cell["value"], timeless(cell["steps"])) == ("HD/P", timeless(own["steps"]))


async def test_what_an_exception_points_to_is_there(recorded: Chain) -> None:
    found = await recorded.get("/v1/attendance/reports/exceptions", month="2026-03")
    links = {row["kind"]: row["link"] for row in found["items"] if row["link"]}
    assert links
    for link in links.values():
        await recorded.get(link)
