"""Q3 over the whole stack: what reports state of generated firms sums up, and no punch counts twice or never."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from itertools import takewhile
from typing import Any

import pytest
from sqlalchemy import text

from tests.attendance.generated import FIRST, generated
from tests.attendance.house import House
from tests.attendance.truth.chain import sized

RULE_SETS = ("recommended", "original", "frappe_hr")
DATES = [str(FIRST + timedelta(day)) for day in range(30)]
KINDS = (
    "present_days", "absences", "leave_days", "holidays", "rest_days", "worked_rest_days", "not_employed_days",
    "undecided_days",
)  # fmt: skip


@dataclass
class Month:
    """What the reports say of one person; `halves` are half days whose other half was missed."""

    summary: dict[str, Any] = field(default_factory=dict)
    sheet: dict[str, Any] = field(default_factory=dict)
    days: list[dict[str, Any]] = field(default_factory=list)
    halves: int = 0

    def days_of(self, *names: str) -> Fraction:
        """Days of the summary."""
        return sum((Fraction(self.summary[name]) for name in names), Fraction())

    def total(self, *names: str) -> Fraction:
        """Days of the sheet's totals."""
        return sum((Fraction(self.sheet[f"total_{name}"]) for name in names), Fraction())

    def seconds(self, name: str) -> int:
        """Sum over the rows of the detail; empty cells are none."""
        return sum(row[name] or 0 for row in self.days)

    @property
    def before_joining(self) -> int:
        """Dates that the sheet leaves out, as Frappe HR's does."""
        rows = takewhile(lambda row: row["status"] == "NOT_EMPLOYED", self.days)
        return len({row["day"] for row in rows})


async def stated(house: House, rule_set: str) -> dict[str, Month]:
    """The months of everybody, as detail, summary and both forms of the sheet state them."""
    asked = {"month": f"{FIRST:%Y-%m}", "rule_set": rule_set}
    months: dict[str, Month] = defaultdict(Month)
    async with house.reader() as http:

        async def rows(report: str, **more: str) -> list[dict[str, Any]]:
            answer = await http.get(f"/reports/{report}", params={**asked, **more})
            assert answer.status_code == 200, answer.text
            found = answer.json()
            assert found["meta"]["complete"] is True, found["meta"]["incomplete_reasons"]
            return list(found["items"])

        for row in await rows("summary"):
            months[row["person"]].summary = row
        for row in await rows("detail"):
            months[row["person"]].days.append(row)
        for row in await rows("monthly-sheet", summarized="true"):
            months[row["person"]].sheet = row
        for row in await rows("monthly-sheet"):
            months[row["person"]].halves += list(row["days"].values()).count("HD/A")
    return months


def hold_sums(month: Month) -> None:
    """Hours and marks of the summary are those of the detail's rows; nothing is below nothing."""
    summary = month.summary
    assert {row["day"] for row in month.days} == set(DATES)
    assert summary["worked_seconds"] == month.seconds("worked_seconds")
    assert summary["break_seconds"] == month.seconds("break_seconds")
    assert summary["net_expected_seconds"] == month.seconds("expected_net_seconds")
    assert summary["expected_seconds"] - summary["deducted_seconds"] == summary["net_expected_seconds"]
    assert summary["difference_seconds"] == summary["worked_seconds"] - summary["net_expected_seconds"]
    assert summary["early_exits"] == sum(row["early"] for row in month.days)
    for row in month.days:
        assert 0 <= (row["break_seconds"] or 0) <= (row["gross_seconds"] or 0), row
        assert 0 <= (row["worked_seconds"] or 0) <= (row["gross_seconds"] or 0), row
        assert row["punches"] == sorted(row["punches"]), row
    numbers = {name: value for name, value in summary.items() if isinstance(value, int)}
    below = {name: value for name, value in numbers.items() if value < 0 and name != "difference_seconds"}
    assert below == {}
    assert min(month.days_of(name) for name in KINDS) >= 0


def hold_days(month: Month) -> None:
    """Each date is of one kind, halves on either side; the sheet's totals are those kinds.

    The sheet counts a half day as half present whatever the other half was (Frappe HR, D.10); the summary
    counts a missed half as absent (decision 41).
    """
    assert month.days_of(*KINDS) == len(DATES)
    missed = month.days_of("absences") - month.total("absent")
    assert 0 <= missed <= Fraction(month.halves, 2)
    assert month.total("present") == month.days_of("present_days", "worked_rest_days") + missed
    assert month.total("leaves") == month.days_of("leave_days")
    assert month.total("holidays") == month.days_of("holidays", "rest_days")
    unmarked = Fraction(month.sheet["unmarked_days"])
    assert unmarked == month.days_of("not_employed_days", "undecided_days") - month.before_joining
    assert sum(Fraction(days) for days in month.summary["leaves"].values()) == month.days_of("leave_days")


async def hold_punches(house: House, people: list[str]) -> None:
    """Every check-in stands in exactly one row of each rule set, counted or set aside."""
    async with house.runtime.database.read() as conn:
        everything = list(
            (
                await conn.execute(
                    text("""
                        SELECT c.id FROM attendance.checkin c JOIN attendance.person p ON p.id = c.person_id
                        WHERE p.upstream_name = ANY(:people) ORDER BY c.id
                    """),
                    {"people": people},
                )
            ).scalars()
        )
        found = await conn.execute(
            text("""
                SELECT r.name, array_agg(punch ORDER BY punch) AS punches
                FROM attendance.day d JOIN attendance.rule_set r ON r.id = d.rule_set_id,
                     unnest(d.punches) AS punch GROUP BY r.name
            """)
        )
        assert {row.name: row.punches for row in found} == dict.fromkeys(RULE_SETS, everything)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_q03_reports_of_a_generated_month_agree(house: House, seed: int) -> None:
    people = await generated(house, seed, sized("people of a generated firm", 150, 18))
    await hold_punches(house, people)
    for rule_set in RULE_SETS:
        months = await stated(house, rule_set)
        assert months.keys() >= set(people)
        for number in people:
            hold_sums(months[number])
            # Under Frappe HR's rules each attendance counts, also two of one date (decision 19).
            if rule_set != "frappe_hr":
                hold_days(months[number])
