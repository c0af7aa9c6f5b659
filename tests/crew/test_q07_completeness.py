"""Q7: reports say that they are complete where everything is known and final, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from service.crew.queries.stations import StationRow
from service.crew.rules.calendar import days
from service.crew.rules.grid import DayGrid
from service.crew.rules.slots import day_bounds
from tests.crew.house import House
from tests.crew.scenario import LABELS, S1, seen, station, unread

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
WEEK = {"station": "P22", "from": str(FIRST), "to": str(LAST)}
REPORTS = ("off-the-run", "recovery", "gap-cover", "fairness", "availability")
FINAL = timedelta(minutes=30)
Loss = Callable[[Random], tuple[DayGrid, timedelta] | None]


def _cut(random: Random) -> tuple[DayGrid, timedelta]:
    """The grid ends too early."""
    last = random.randrange(4, 95)
    crew = tuple(replace(row, cells=row.cells[:last]) for row in S1.crew)
    pumps = tuple(replace(row, states=row.states[:last]) for row in S1.appliances)
    return DayGrid(LABELS[:last], 15, crew, pumps), FINAL


def _unread(random: Random) -> tuple[DayGrid, timedelta]:
    """A cell of somebody cannot be read."""
    who, at = random.randrange(5), random.randrange(96) / 4
    crew = list(S1.crew)
    crew[who] = replace(crew[who], cells=unread(crew[who].cells, [(at, at + 0.25)]))
    return DayGrid(LABELS, 15, tuple(crew), S1.appliances), FINAL


def _left_out(random: Random) -> tuple[DayGrid, timedelta]:
    """Somebody is not listed."""
    who = random.randrange(5)
    return DayGrid(LABELS, 15, (*S1.crew[:who], *S1.crew[who + 1 :]), S1.appliances), FINAL


LOSSES: Final[dict[str, Loss]] = {
    "never read": lambda _: None,
    "read before its end": lambda random: (S1, -timedelta(minutes=random.randrange(1, 2000))),
    "read before it was final": lambda random: (S1, timedelta(minutes=random.randrange(30))),
    "cut": _cut,
    "a cell unread": _unread,
    "somebody left out": _left_out,
}


async def look(house: House, at: StationRow, day: date, grid: DayGrid, after: timedelta) -> None:
    await seen(house.runtime, at, grid, day, fetched=day_bounds(day, at.zone)[1] + after)


async def complete(house: House, known_at: datetime) -> dict[str, bool]:
    """What each report says of its week, as it was known then."""
    answers = {name: await meta(house, name, known_at) for name in REPORTS}
    for answer in answers.values():
        assert answer["complete"] == (not answer["incomplete_reasons"])
        assert "ALDER" not in str(answer["incomplete_reasons"])
    return {name: answer["complete"] for name, answer in answers.items()}


async def meta(house: House, name: str, known_at: datetime) -> dict[str, Any]:
    body = await house.get(f"/v1/crew/reports/{name}", **WEEK, known_at=known_at.isoformat())
    found: dict[str, Any] = body["meta"]
    return found


@pytest.mark.parametrize("loss", LOSSES)
async def test_q07_each_loss_is_told_and_nothing_else_is(house: House, loss: str) -> None:
    random = Random(loss)
    at = await station(house.runtime)
    broken = random.choice([day for day in days(FIRST, LAST) if FIRST < day < LAST])
    # Losses are put right afterwards: as it is known then, the week is complete.
    for day in days(FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        made = LOSSES[loss](random) if day == broken else (S1, FINAL)
        if made is not None:
            await look(house, at, day, *made)
    lost = day_bounds(LAST + timedelta(days=1), at.zone)[1] + FINAL
    await look(house, at, broken, S1, timedelta(days=20))
    mended = lost + timedelta(days=30)
    assert await complete(house, lost) == dict.fromkeys(REPORTS, False)
    assert await complete(house, mended) == dict.fromkeys(REPORTS, True)
