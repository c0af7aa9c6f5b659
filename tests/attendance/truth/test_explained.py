"""Q8 over the wire: the figures of a day follow from the steps of its explanation and from nothing else."""

import random
from typing import Any

import pytest

from service.attendance.rules.explain import figures_from
from tests.attendance.explained import figures_of, trace_of
from tests.attendance.truth.chain import PATIENT, Chain, sized

pytestmark = PATIENT


async def explained(chain: Chain, day: dict[str, Any], **asked: str) -> dict[str, Any]:
    """The explanation of a day of the list."""
    where = {"person": day["person"], "day": day["work_date"], "shift": day["shift"] or ""}
    answer: dict[str, Any] = await chain.get("/v1/attendance/reports/monthly-sheet/explain", **where, **asked)
    return answer


@pytest.mark.parametrize("rule_set", ["recommended", "frappe_hr"])
async def test_q8_every_figure_of_a_day_follows_from_its_explanation(recorded: Chain, rule_set: str) -> None:
    days = await recorded.days(from_="2026-03-01", to="2026-04-02", rule_set=rule_set)
    assert len(days) == 50 * 33
    for day in random.Random(8).sample(days, sized(f"Q8 days of {rule_set}", len(days), 50)):
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
