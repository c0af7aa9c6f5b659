"""The shared scenarios of spec F: S1 (a day of five people) and S2 (one person over days, one never fetched)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from service.core.runtime import Runtime
from service.crew.days.applying import apply_day
from service.crew.days.observation import Observation, Outcome
from service.crew.queries.stations import StationRow, put_station
from service.crew.rules.grid import (
    AVAILABLE,
    UNKNOWN,
    ApplianceRow,
    Cell,
    Contract,
    CrewRow,
    DayGrid,
    TitleRule,
)

Hours = Sequence[tuple[float, float]]
"""Local hours of a day, as `[(0, 9), (17, 24)]`."""

LABELS = tuple(f"{hour:02}{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45))
FETCHED = datetime(2026, 3, 5, 9, 58, 11, tzinfo=UTC)
DAY = date(2026, 3, 5)
TITLE = TitleRule("Default", 4, {"MGR": 1, "LGV": 1, "BA": 4})


def cells(available: Hours, reason: str = "W") -> tuple[Cell, ...]:
    """A day in quarter hours: available in these hours, else off for a reason."""
    off = Cell("unavailable", reason)
    return tuple(
        AVAILABLE if any(start * 4 <= at < end * 4 for start, end in available) else off
        for at in range(len(LABELS))
    )


def unread(row: tuple[Cell, ...], hours: Hours) -> tuple[Cell, ...]:
    """The same with cells that could not be read."""
    return tuple(
        UNKNOWN if any(start * 4 <= at < end * 4 for start, end in hours) else cell
        for at, cell in enumerate(row)
    )


def person(name: str, role: str, skills: str, contract: int | None, row: tuple[Cell, ...]) -> CrewRow:
    """One row."""
    hours = None if contract is None else Decimal(contract)
    return CrewRow(name, role, Contract(hours, None, "" if contract is None else str(contract)),
                   tuple(skills.split()), row)  # fmt: skip


def appliance(available: Hours, name: str = "P22P6", ref: int = 67) -> ApplianceRow:
    """An appliance that the grid marks available in these hours."""
    return ApplianceRow(name, ref, TITLE, tuple(cell.state for cell in cells(available)))


S1 = DayGrid(
    LABELS,
    15,
    (
        person("ALDER, JO", "WC", "BA TTR IC", 61, cells([(0, 9), (17, 24)])),
        person("BIRCH, KE", "FFC", "BA LGV", 91, cells([(0, 12), (13, 24)], "O")),
        person("CEDAR, LU", "FFD", "BA", 61, cells([(0, 24)])),
        person("DOGWOOD, MI", "FFT", "BA", 30, cells([(18, 24)], "AL")),
        person("ELDER, SA", "FFD", "BA ERD", 56, cells([(6, 14)])),
    ),
    (appliance([(0, 9), (17, 24)]),),
)
"""Station P22, Thursday 5 March 2026 (GMT); ids 1 to 5 in this order."""

S2: Mapping[date, Hours] = {
    date(2026, 3, 5): [(20, 24)],
    date(2026, 3, 6): [(0, 6), (18, 24)],
    date(2026, 3, 7): [(0, 24)],
    date(2026, 3, 9): [(0, 12)],
}
"""One person; 8 March was never fetched."""


async def station(runtime: Runtime, code: str = "P22", zone: str = "Europe/London") -> StationRow:
    """A station."""
    async with runtime.database.write() as conn:
        return await put_station(conn, code, zone=zone, brigade_id=101, brigade_name=code)


async def seen(
    runtime: Runtime,
    at: StationRow,
    grid: DayGrid,
    day: date = DAY,
    *,
    fetched: datetime = FETCHED,
    content: bytes | None = None,
) -> Outcome:
    """A look at a day; without `content` it is new each time it says something else."""
    said = content if content is not None else repr(grid).encode()
    looked = Observation(
        station=at,
        day=day,
        fetched_at=fetched,
        sha256=hashlib.sha256(said).digest(),
        parser_version=1,
        grid=grid,
    )
    return await apply_day(runtime, looked)


async def settle_s1(runtime: Runtime) -> StationRow:
    """S1 is in force."""
    made = await station(runtime)
    await seen(runtime, made, S1)
    return made


async def settle_s2(runtime: Runtime) -> StationRow:
    """S2 is in force: the one person has contract 61 and is off with `W` otherwise."""
    made = await station(runtime)
    for day, hours in S2.items():
        alone = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA TTR IC", 61, cells(hours)),))
        await seen(runtime, made, alone, day)
    return made
