"""The appliance of S1 over its day: every case of spec F.7."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from service.crew.answers.appliances import course, read
from service.crew.queries.stations import select_station
from service.crew.rules.course import Course
from service.crew.rules.gaps import gaps
from service.crew.rules.sweep import Slice
from tests.crew.house import House

START = datetime(2026, 3, 5, tzinfo=UTC)
END = START + timedelta(days=1)
APPLIANCE = 1


def hours(start: datetime, end: datetime) -> str:
    """A stretch of the day as `09–12`."""
    first, last = ((at - START) // timedelta(hours=1) for at in (start, end))
    return f"{first:02}–{last:02}"


@pytest.fixture(scope="module")
async def swept(s1: House) -> Sequence[Slice]:
    """The day in slices."""
    async with s1.runtime.database.snapshot() as conn:
        station = await select_station(conn, "P22")
        assert station is not None
        known = await read(conn, s1.runtime.settings, [station], START, END)
        return known.slices_of(station)


@pytest.fixture(scope="module")
async def day(s1: House) -> Course:
    """The appliance over the day."""
    async with s1.runtime.database.snapshot() as conn:
        station = await select_station(conn, "P22")
        assert station is not None
        return await course(conn, s1.runtime.settings, station, APPLIANCE, START, END)


def test_c070_the_day_in_slices(swept: Sequence[Slice]) -> None:
    assert [(hours(one.start, one.end), set(one.crew)) for one in swept] == [
        ("00–06", {1, 2, 3}),
        ("06–09", {1, 2, 3, 5}),
        ("09–12", {2, 3, 5}),
        ("12–13", {3, 5}),
        ("13–14", {2, 3, 5}),
        ("14–17", {2, 3}),
        ("17–18", {1, 2, 3}),
        ("18–24", {1, 2, 3, 4}),
    ]
    assert all(one.complete for one in swept)


def test_c071_the_forecast_of_the_day(day: Course) -> None:
    assert [(hours(run.start, run.end), run.status) for run in day.runs] == [
        ("00–06", "crew_deficient"),
        ("06–09", "available"),
        ("09–17", "off_the_run"),
        ("17–18", "crew_deficient"),
        ("18–24", "available"),
    ]


def test_c077_the_gaps_by_rule_with_who_would_close_them(day: Course) -> None:
    found = gaps(day)
    assert [hours(one.start, one.end) for one in found] == ["00–06", "09–18"]
    parts = [part for one in found for part in one.parts]
    assert [(hours(part.start, part.end), part.fixes.least, part.fixes.sets) for part in parts] == [
        ("00–06", 1, ((4,), (5,))),
        ("09–12", 1, ((1,), (4,))),
        ("12–13", 2, ((1, 2), (1, 4), (2, 4))),
        ("13–14", 1, ((1,), (4,))),
        ("14–17", 2, ((1, 4), (1, 5), (4, 5))),
        ("17–18", 1, ((4,), (5,))),
    ]
    assert found[1].shorts == {"total_crew": 2, "officer": 1, "ba_non_officer": 1, "senior_ba": 1}
    assert (found[1].status, found[1].lower_bound) == ("off_the_run", False)
