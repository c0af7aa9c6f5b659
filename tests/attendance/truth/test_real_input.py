"""Real punches of 2015, served in the upstream's protocol: the sheet equals a short independent computation."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from docs.checks import march_2015
from service.simulators.frappe import FrappeServer, Store, load_wide_checkins
from tests.attendance.truth.chain import FULL_SIZE, Chain, cloned, open_chain
from tests.support.ground import Ground

LISTS = Path(__file__).parents[4] / "shared" / "data" / "checkins"
ZONE = "Asia/Kolkata"
Lists = tuple[march_2015.Punches, march_2015.Punches]
MONTHS = ["2015-03", "2015-02", *(f"2015-{n:02}" for n in range(4, 13) if FULL_SIZE)]
UNTIL = datetime(2016, 1, 10) if FULL_SIZE else datetime(2015, 4, 5)
pytestmark = pytest.mark.skipif(
    not LISTS.is_dir(), reason="the lists have no licence, so they do not come with the project"
)


@pytest.fixture(scope="module")
async def year(ground: Ground) -> AsyncIterator[Chain]:
    """The lists as they stood at `UNTIL`; concluding on every day up to now would say nothing more."""
    store = Store(zone=ZONE)
    load_wide_checkins(store, LISTS / "in_time.csv", LISTS / "out_time.csv", ZONE)
    async with cloned(ground) as url, FrappeServer(store) as server, open_chain(url, server) as chain:
        await chain.mirror()
        await chain.recompute(UNTIL.replace(tzinfo=ZoneInfo(ZONE)))
        yield chain
    store.close()


@pytest.fixture(scope="module")
def punches() -> Lists:
    return march_2015.read(LISTS / "in_time.csv"), march_2015.read(LISTS / "out_time.csv")


@pytest.mark.parametrize("month", MONTHS)
async def test_the_sheet_of_a_month_is_the_independent_one(year: Chain, punches: Lists, month: str) -> None:
    answer = await year.sheet(month=month, rule_set="recommended")
    assert answer["meta"]["complete"] is True, answer["meta"]
    assert all(row["shift"] == "Office 10-18" for row in answer["items"])
    assert codes_of(answer) == march_2015.sheet(*punches, month)


def codes_of(answer: dict[str, Any]) -> dict[int, dict[str, str]]:
    return {int(row["person"].removeprefix("HR-EMP-")): row["days"] for row in answer["items"]}


async def test_nothing_is_stated_of_the_day_before_the_first_punch(year: Chain, punches: Lists) -> None:
    """The first punch is of the 2nd of January: the 1st has no result, and the month says it is not complete."""
    answer = await year.sheet(month="2015-01", rule_set="recommended")
    expected = march_2015.sheet(*punches, "2015-01")
    assert codes_of(answer) == {person: codes | {"2015-01-01": ""} for person, codes in expected.items()}
    assert answer["meta"]["complete"] is False
    assert "25 person-days have no result" in " ".join(answer["meta"]["incomplete_reasons"])


@pytest.mark.parametrize("month", MONTHS)
async def test_the_totals_of_a_month_are_the_independent_ones(
    year: Chain, punches: Lists, month: str
) -> None:
    answer = await year.sheet(month=month, rule_set="recommended", summarized=True)
    expected = march_2015.totals(*punches, month)
    ours = {
        int(row["person"].removeprefix("HR-EMP-")): {name: Decimal(row[name]) for name in expected[1]}
        for row in answer["items"]
    }
    assert ours == expected
    assert {(row["total_leaves"], row["unmarked_days"]) for row in answer["items"]} == {("0.0", "0.0")}
