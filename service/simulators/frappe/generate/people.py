"""Who works in the generated firm, since when, on which shifts."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from service.simulators.frappe.generate.names import people_names
from service.simulators.frappe.generate.patterns import DEVICES, GUARD, JOBS, OFFICE, ROTAS, SITES, Pattern


@dataclass(frozen=True, slots=True)
class Stint:
    """The shifts somebody works from one day on; `assigned` by Shift Assignment, else by default shift."""

    since: date
    until: date | None
    shifts: tuple[Pattern, ...]
    assigned: bool


@dataclass(slots=True)
class Person:
    """One employee and the habits that make the punches look alive."""

    number: int
    employee: str
    full_name: str
    gender: str
    site: str
    department: str
    designation: str
    joined: date
    relieved: date | None
    status: str
    rest: str
    stints: list[Stint] = field(default_factory=list)
    devices: tuple[str, ...] = ()
    punctual: float = 0.0  # minutes around the start of the shift; more is later
    breaks: bool = False
    forgetful: float = 0.01

    def shifts_on(self, day: date) -> tuple[Pattern, ...]:
        for stint in self.stints:
            if stint.since <= day and (stint.until is None or day <= stint.until):
                return stint.shifts
        return ()

    def employed_on(self, day: date) -> bool:
        return self.joined <= day and (self.relieved is None or day <= self.relieved)

    @property
    def only_default(self) -> bool:
        return not any(stint.assigned for stint in self.stints)


def site_names(count: int) -> list[str]:
    """The firm's sites; beyond the four named ones, numbered."""
    return [*SITES[:count], *(f"Site {number}" for number in range(len(SITES) + 1, count + 1))]


def devices_of(site: str) -> tuple[str, ...]:
    return DEVICES.get(site, (f"{site} 1",))


def make_people(dice: random.Random, count: int, sites: int, first: date, last: date) -> Iterator[Person]:
    """`count` people; some joined, left or changed shifts between `first` and `last`."""
    names = people_names(dice)
    places = site_names(sites)
    bounds = list(accumulate(weight for weight, _, _ in ROTAS))
    for number in range(1, count + 1):
        _, shifts, department = ROTAS[bisect_right(bounds, dice.randrange(bounds[-1]))]
        full_name, gender = next(names)
        joined, relieved, status = _career(dice, number, first, last)
        site = places[(number - 1) % len(places)]
        person = Person(
            number=number, employee=f"HR-EMP-{number:05d}", full_name=full_name, gender=gender, site=site,
            department=department, designation=dice.choice(JOBS[department]), joined=joined,
            relieved=relieved,
            status=status, rest=_rest(shifts, number), devices=devices_of(site), punctual=dice.gauss(-6, 5),
            breaks=dice.random() < 0.25, forgetful=dice.choice((0.003, 0.01, 0.01, 0.05)),
        )  # fmt: skip
        person.stints = _stints(dice, person, shifts, first, last)
        yield person


def _career(dice: random.Random, number: int, first: date, last: date) -> tuple[date, date | None, str]:
    span = max((last - first).days, 1)
    joined = first - timedelta(days=dice.randrange(30, 3_000))
    fate = dice.random()
    if fate < 0.06:
        return first + timedelta(days=dice.randrange(span)), None, "Active"
    if fate < 0.10:
        return joined, first + timedelta(days=dice.randrange(span)), "Left"
    return joined, None, {37: "Inactive", 73: "Suspended"}.get(number % 100, "Active")


def _rest(shifts: tuple[Pattern, ...], number: int) -> str:
    if shifts == (GUARD,):
        return "Rota A" if number % 2 else "Rota B"
    return "Weekends" if shifts == (OFFICE,) else "Sundays"


def _stints(
    dice: random.Random, person: Person, shifts: tuple[Pattern, ...], first: date, last: date
) -> list[Stint]:
    """Split shifts need assignments, two a day; a third of the others work by default shift alone."""
    since = max(person.joined, first - timedelta(days=120))
    if len(shifts) == 1 and dice.random() < 0.33:
        return [Stint(since, None, shifts, assigned=False)]
    if dice.random() < 0.85 or last <= since:
        return [Stint(since, None, shifts, assigned=True)]
    change = since + (last - since) * dice.random()
    other = ROTAS[0][1] if shifts != ROTAS[0][1] else ROTAS[2][1]
    day_before = change - timedelta(days=1)
    return [Stint(since, day_before, shifts, assigned=True), Stint(change, None, other, assigned=True)]
