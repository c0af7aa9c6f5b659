"""Grids in all resolutions and over the changes of clocks; counts and flags (spec A.5, B.5)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.simulators.gartan import (
    Appliance,
    Booked,
    Booking,
    GartanServer,
    Member,
    Station,
    Title,
    View,
    at,
    available_only,
    draw,
    off_during,
)
from service.simulators.gartan.layout import RESOLUTIONS
from tests.crew.gartan import S1_PLAN, S2_PLAN
from tests.crew.scenario import DAY
from tests.simulators.gartan.browser import Browser, Table

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NAME = "ALDER, JO"


def alone(*bookings: Booking) -> Station:
    """A station of one person."""
    return Station(
        "P22", 101, (Member(NAME, "WC", ("BA", "TTR"), 61, Booked(bookings)),), (Appliance("P22P6", 67),)
    )


def grid(station: Station, day: date = DAY, resolution: int = 15, mode: str = "single") -> Table:
    """As it is drawn."""
    return Table.of(draw(View(station, day).but(resolution=resolution, mode=mode)))


async def test_s1_is_served_as_it_is_written(browser: Browser) -> None:
    table = await browser.grid()
    assert table.names == ["ALDER, JO", "BIRCH, KE", "CEDAR, LU", "DOGWOOD, MI", "ELDER, SA"]
    assert table.labels[:2] + table.labels[-1:] == ["0000", "0015", "2345"]
    assert table.person("ALDER, JO") == "." * 36 + "W" * 32 + "." * 28
    assert table.person("BIRCH, KE") == "." * 48 + "O" * 4 + "." * 44
    assert table.person("DOGWOOD, MI") == "AL" * 72 + "." * 24
    assert table.appliance("P22P6") == "." * 36 + "x" * 32 + "." * 28
    assert table.counted("Total Crew")[24] == 4
    assert table.counted("LGV")[24] == 2
    assert table.counted("MGR")[::32] == [1, 1, 0]


async def test_s2_spans_midnight(browser: Browser, site: GartanServer) -> None:
    site.plan = S2_PLAN
    evening, morning = [await browser.grid(bookingDate=f"0{day}/03/2026") for day in (5, 6)]
    assert evening.person(NAME) == "W" * 80 + "." * 16
    assert morning.person(NAME) == "." * 24 + "W" * 48 + "." * 24


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_resolution_has_its_columns(resolution: int) -> None:
    table = grid(alone(), resolution=resolution)
    assert len(table.labels) == len(table.person(NAME)) == 24 * 60 // resolution
    assert (
        table.row("P22P6")[0].attributes["title"]
        == f"P22P6 (0000 - {resolution // 60:02}{resolution % 60:02}) Unavailable"
    )


def test_a_coarse_slot_is_available_only_throughout() -> None:
    gap = alone(*off_during(DAY, [(10.25, 10.5)], "O"))
    assert grid(gap).person(NAME).count("O") == 1
    hours = grid(gap, resolution=60)
    assert (hours.person(NAME)[10], hours.person(NAME).count("O")) == ("O", 1)
    minute = alone(Booking(at(DAY, 10 + 7 / 60), at(DAY, 10 + 8 / 60), "O"))
    assert grid(minute, resolution=5).person(NAME).count("O") == 1
    assert grid(minute, resolution=60).person(NAME).count("O") == 1


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 287), st.integers(1, 60)), max_size=5),
    st.sampled_from([10, 15, 30, 60]),
)
def test_a_coarse_slot_is_all_of_its_fine_ones(parts: list[tuple[int, int]], resolution: int) -> None:
    station = alone(*off_during(DAY, [(start / 12, (start + length) / 12) for start, length in parts]))
    fine, coarse = grid(station, resolution=5).person(NAME), grid(station, resolution=resolution).person(NAME)
    each = resolution // 5
    assert coarse == "".join(
        "." if fine[n : n + each] == "." * each else "W" for n in range(0, len(fine), each)
    )


@pytest.mark.parametrize(
    ("day", "mode", "columns", "hours"),
    [(SPRING, "single", 96, 24), (SPRING, "double", 92, 23), (AUTUMN, "single", 96, 24),
     (AUTUMN, "double", 100, 25), (DAY, "double", 96, 24)],
)  # fmt: skip
def test_days_of_23_and_25_hours_in_both_modes(day: date, mode: str, columns: int, hours: int) -> None:
    assert len(grid(alone(), day, 15, mode).labels) == columns
    assert len(grid(alone(), day, 60, mode).labels) == hours
    assert grid(alone(), day, 15, mode).person(NAME) == "." * columns


def test_double_labels_repeat_the_hour_and_leave_out_the_missing_one() -> None:
    autumn, spring = grid(alone(), AUTUMN, 15, "double").labels, grid(alone(), SPRING, 15, "double").labels
    assert autumn[4:12] == ["0100", "0115", "0130", "0145"] * 2
    assert spring[3:5] == ["0045", "0200"]


def test_only_double_labels_tell_the_two_hours_apart() -> None:
    first, second = at(AUTUMN, 1), at(AUTUMN, 2)  # 01:00 BST, 02:00 GMT: two hours
    half = first + (second - first) / 2
    station = alone(Booking(first, half, "O"))
    assert grid(station, AUTUMN, 60, "double").person(NAME)[:4] == ".O.."
    assert grid(station, AUTUMN, 60).person(NAME)[:3] == ".O."
    station = alone(Booking(half, second, "O"))
    assert grid(station, AUTUMN, 60, "double").person(NAME)[:4] == "..O."


def test_the_missing_hour_shows_what_came_before_it() -> None:
    before = alone(*off_during(SPRING, [(0.75, 1)], "O"))
    assert grid(before, SPRING).person(NAME)[:9] == "...OOOOO."
    assert grid(before, SPRING, 15, "double").person(NAME)[:5] == "...O."


def test_flags_follow_from_the_title_where_none_are_given() -> None:
    """4 people of whom one manages, one drives and all have BA, spec F.6 `grid`."""
    derived = S1_PLAN.station("P22").but(
        appliances=(Appliance("P22P6", 67), Appliance("P22P7", 68, Title(3, {"LGV": 1})))
    )
    table = grid(derived)
    assert table.appliance("P22P6") == "x" * 24 + "." * 12 + "x" * 36 + "." * 24
    assert table.appliance("P22P7") == "." * 48 + "x" * 4 + "." * 4 + "x" * 12 + "." * 28
    assert table.row("P22P7")[0].attributes["id"] == "app_68_0"


def test_an_appliance_is_available_in_a_slot_only_throughout() -> None:
    """Two people who relieve each other within the hour: each cell says no, the appliance says yes."""
    crew = tuple(
        Member(name, "CM", ("BA", "LGV"), 40, available_only({DAY: hours}))
        for name, hours in (("ELM, AB", [(10, 10.5)]), ("OAK, CD", [(10.5, 11)]))
    )
    station = Station("P22", 101, crew, (Appliance("P22P6", 67, Title(1, {})),))
    table = grid(station, resolution=60)
    assert table.counted("Total Crew") == [0] * 24
    assert table.appliance("P22P6") == "x" * 10 + "." + "x" * 13


def test_the_hours_booked_are_those_of_the_displayed_week() -> None:
    table = grid(S1_PLAN.station("P22"))
    contracts = [cells[2].text for kind, cells in table.rows if kind == "employee"]
    assert contracts == ["61 (160)", "91 (167)", "61 (168)", "30 (150)", "56 (152)"]
    assert [cells[2].text for kind, cells in grid(alone(), SPRING).rows if kind == "employee"] == ["61 (167)"]


def test_names_and_codes_are_escaped() -> None:
    odd = Station("P22", 101, (Member("O'BRIEN & <SON>, A", "FFC", contract="n/a"),))
    assert grid(odd).names == ["O'BRIEN & <SON>, A"]
