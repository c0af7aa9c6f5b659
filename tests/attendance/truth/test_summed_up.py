"""The summary over the recorded site: beside the sheet and the days, under both rule sets."""

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from tests.attendance.truth.chain import PATIENT, Chain

pytestmark = PATIENT
SUMMARY = "/v1/attendance/reports/summary"
KINDS = (
    "present_days", "absences", "leave_days", "holidays", "rest_days", "worked_rest_days", "not_employed_days",
    "undecided_days",
)  # fmt: skip
SUMS = ("worked_seconds", "expected_seconds", "deducted_seconds", "break_seconds", "overtime_seconds")


@pytest.mark.parametrize("rule_set", ["recommended", "frappe_hr"])
async def test_every_row_sums_to_its_days(recorded: Chain, rule_set: str) -> None:
    answer = await recorded.get(SUMMARY, month="2026-03", rule_set=rule_set)
    days = await recorded.days(from_="2026-03-01", to="2026-03-31", rule_set=rule_set)
    summed: dict[str, Counter[str]] = {row["person"]: Counter() for row in answer["items"]}
    for day in days:
        summed[day["person"]].update({name: day[name] for name in SUMS})
    assert len(answer["items"]) == 50
    for row in answer["items"]:
        assert sum(Fraction(row[kind]) for kind in KINDS) == 31, row
        assert {name: row[name] for name in SUMS} == {name: summed[row["person"]][name] for name in SUMS}


async def test_lates_and_leave_are_those_of_the_sheet(recorded: Chain) -> None:
    asked: dict[str, Any] = {"month": "2026-03", "rule_set": "frappe_hr"}
    sheet = await recorded.sheet(**asked, summarized=True)
    rows = {row["person"]: row for row in (await recorded.get(SUMMARY, **asked))["items"]}
    assert sheet["items"]
    for theirs in sheet["items"]:
        ours = rows[theirs["person"]]
        assert ours["early_exits"] == theirs["total_early_exits"]
        assert ours["lates"] == theirs["total_late_entries"]
        for word, count in theirs["leaves"].items():
            assert Fraction(ours["leaves"][word]) <= Fraction(count)


async def test_unreconciled_days_are_those_the_reconciliation_lists(recorded: Chain) -> None:
    asked: dict[str, Any] = {"month": "2026-03", "rule_set": "frappe_hr"}
    listed = (await recorded.get("/v1/attendance/reports/reconciliation", **asked))["items"]
    differing = {(row["person"], row["day"]) for row in listed if "status" in row["differs"]}
    found = Counter(person for person, _ in differing)
    rows = (await recorded.get(SUMMARY, **asked))["items"]
    assert {row["person"]: row["unreconciled_days"] for row in rows if row["unreconciled_days"]} == dict(
        found
    )
