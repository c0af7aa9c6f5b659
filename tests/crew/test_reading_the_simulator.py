"""What is read of a simulated page is what the simulator drew: every five minutes of every person."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest

from service.crew.queries.stations import StationRow
from service.crew.rules.slots import Segment, columns, segments
from service.crew.sync.reading import observed
from service.crew.upstream.client import Page
from service.simulators.gartan.generate import GeneratorConfig, generate
from service.simulators.gartan.grid import View, draw
from service.simulators.gartan.layout import UNIT, bounds
from service.simulators.gartan.states import day_states
from tests.crew.house import House
from tests.crew.pages import read
from tests.crew.scenario import FETCHED

STATION = generate(GeneratorConfig(people=12, appliances=2)).stations[0]
DAYS = [date(2026, 3, 5), date(2026, 3, 29), date(2026, 10, 25)]


def units(said: list[Segment], day: date) -> list[str | None]:
    """What segments say of each five minutes: the reason, "" for available, None for nothing."""
    start, end = bounds(day, STATION.zone)
    found: list[str | None] = [None] * ((end - start) // UNIT)
    for one in said:
        for at in range((one.start - start) // UNIT, (one.end - start) // UNIT):
            found[at] = one.reason or ""
    return found


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("mode", ["single", "double"])
@pytest.mark.parametrize("resolution", [5, 10, 15, 30, 60])
def test_every_five_minutes_of_every_person(day: date, mode: str, resolution: int) -> None:
    view = View(STATION, day).but(mode=mode, resolution=resolution)
    grid = read(draw(view), resolution, day, STATION.zone)
    layout, states = view.layout(), day_states(STATION, day)
    assert (grid.labels, grid.findings) == (layout.labels, ())
    slots = columns(day, STATION.zone, grid.labels, grid.resolution)
    drawn = states.of_slots(layout).tolist()
    for row, member, numbers in zip(grid.crew, STATION.crew, drawn, strict=True):
        expected: list[str | None] = [None] * states.people.shape[1]
        for number, column in zip(numbers, layout.units.tolist(), strict=True):
            # In spring a column of the hour that is left out repeats what came before it.
            for at in column:
                expected[at] = states.reasons[number] or "" if expected[at] is None else expected[at]
        assert (row.name, row.role, row.skills) == (member.name, member.role, tuple(member.skills))
        assert units(segments(row.cells, slots), day) == expected, member.name
    flags = states.flags(layout).tolist()
    assert [[state == "available" for state in one.states] for one in grid.appliances] == flags
    assert all(one.rule is not None and one.ref == machine.ref for one, machine in zip(grid.appliances, STATION.appliances, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"tbody": True}, []),
        ({"free": "#4EA72E"}, []),
        ({"trailing": ("Total",)}, ["extra_header_cell"]),
        ({"appliances": False}, []),
        ({"rules": False}, []),
        ({"only": (480, 540)}, ["partial_day"]),
        ({"cells": {STATION.crew[3].name: -2}}, ["short_row"]),
        ({"cells": {STATION.crew[3].name: 2}}, ["long_row"]),
        ({"counts": {"BA": {"0815": 999}}}, ["count_mismatch"]),
    ],
)
def test_what_else_a_site_may_draw(changes: dict[str, object], codes: list[str]) -> None:
    plain, other = (
        read(draw(view)) for view in (View(STATION, DAYS[0]), View(STATION, DAYS[0]).but(**changes))
    )
    assert [one.code for one in other.findings] == codes
    if not {"cells", "only"} & changes.keys():
        assert other.crew == plain.crew
        assert other.appliances == (() if "appliances" in changes else plain.appliances)


async def test_c107_a_page_is_parsed_off_the_loop(s1: House) -> None:
    threads = []

    def around(work: Callable[[], Any]) -> Any:
        threads.append(threading.get_ident())
        return work()

    full = generate(GeneratorConfig(people=50)).stations[0]
    body = orjson.dumps({"d": draw(View(full, DAYS[0]))})
    page = Page(200, body, "application/json; charset=utf-8", "http://gartan.test/", FETCHED)
    s1.runtime.compute.around = around
    try:
        looked = await observed(s1.runtime, StationRow(1, "P22", "P22", STATION.zone), DAYS[0], page)
    finally:
        s1.runtime.compute.around = None
    assert looked.grid is not None
    assert (len(looked.grid.crew), len(looked.grid.labels)) == (50, 96)
    assert threads != []
    assert threading.get_ident() not in threads
