"""Invented stations: crews with ranks, skills, contracts and habits, who is off on any day, from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from service.simulators.gartan.given import Hours, at, off_during
from service.simulators.gartan.plan import Appliance, Booking, Member, Plan, Station, Title

_RANKS: Final = ("WC", "CM", "CC", "FFC", "FFC", "FFD", "FFC", "FFD", "FFT", "FF")
_CONTRACTS: Final = (40, 56, 61, 61, 84, 91)
_WHOLE_DAYS: Final = (("AL", 0.025), ("S", 0.01), ("SL", 0.003), ("H", 0.007))
_SYLLABLES: Final = "BAR COL DEN FAR GAL HOL KEL LIN MAR NOR PEL ROS SAL TAL VAN WIL"
_ENDINGS: Final = "BROOK CROFT DALE FORD HURST LEY MERE STEAD TON WICK"
_INITIALS: Final = "ABCDEFGHJKLMNPRSTW"


Week = Mapping[int, Hours]
"""Hours of the days of a week, Monday 0."""


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """How many stations and people; `zone` is where they are. The same figures make the same plan."""

    stations: int = 1
    people: int = 12
    appliances: int = 1
    seed: int = 7
    zone: str = "Europe/London"


@dataclass(frozen=True, slots=True, eq=False)
class Habit:
    """A diary without an end: regular hours of work and of rest, odd hours off, nights away, leave, sickness.

    `works` and `rests` are hours of a week's days, Monday 0.

    What a day looks like follows from `seed` and the date alone, so that any day can be asked for first.
    """

    seed: int
    zone: str
    works: Week
    rests: Week
    nights_off: float

    def bookings(self, start: datetime, end: datetime) -> Iterable[Booking]:
        """Those that touch a stretch. A night off begins the day before."""
        place = ZoneInfo(self.zone)
        first = start.astimezone(place).date() - timedelta(days=1)
        last = (end - timedelta(microseconds=1)).astimezone(place).date()
        for number in range((last - first).days + 1):
            made = _of_day(self, first + timedelta(days=number))
            yield from (one for one in made if one.start < end and start < one.end)

    def of(self, day: date) -> Iterator[Booking]:
        """What begins on a day."""
        dice = random.Random(self.seed * 1_000_003 + day.toordinal())  # noqa: S311
        yield from off_during(day, self.rests.get(day.weekday(), ()), "O", self.zone)
        late = dice.choice((0, 0, 0, 0.25, 0.5))
        works = [(start, end + late) for start, end in self.works.get(day.weekday(), ())]
        yield from off_during(day, works, "W", self.zone)
        if dice.random() < 0.3:
            begins = dice.randrange(24, 84) / 4
            yield from off_during(day, [(begins, begins + dice.choice((0.25, 0.5, 1, 2)))], "O", self.zone)
        if dice.random() < 0.04:
            yield from off_during(day, [(19, 21)], dice.choice(("T", "TR", "C")), self.zone)
        if dice.random() < self.nights_off:
            morning = at(day + timedelta(days=1), 6.5, self.zone)
            yield Booking(at(day, 22, self.zone), morning, "O")
        if dice.random() < 0.01:
            yield from off_during(day, [(14.5, 16)], "F", self.zone)
        drawn = dice.random()
        for reason, share in _WHOLE_DAYS:
            if 0 <= drawn < share:
                yield from off_during(day, [(0, 24)], reason, self.zone)
            drawn -= share


@lru_cache(maxsize=20_000)
def _of_day(habit: Habit, day: date) -> tuple[Booking, ...]:
    """What begins on a day: kept, because the grids of a week ask for it again and again."""
    return tuple(habit.of(day))


def generate(config: GeneratorConfig | None = None) -> Plan:
    """A plan; all people are invented. Station n is `P2n` with brigade 100 + n, and its pumps `P2nP6`, …"""
    asked = config or GeneratorConfig()
    return Plan(tuple(_station(asked, number) for number in range(asked.stations)))


def _station(asked: GeneratorConfig, number: int) -> Station:
    dice = random.Random(asked.seed * 7919 + number)  # noqa: S311
    code = f"P{22 + number}"
    names = sorted(_names(dice, asked.people))
    crew = [_member(dice, n, name, asked.zone) for n, name in enumerate(names)]
    pumps = [
        Appliance(
            f"{code}P{6 + n}", 67 + 100 * number + n, Title() if n == 0 else Title(3, {"LGV": 1, "BA": 2})
        )
        for n in range(asked.appliances)
    ]
    return Station(code, 101 + number, tuple(crew), tuple(pumps), f"{code} Demo", asked.zone)


def _names(dice: random.Random, count: int) -> set[str]:
    """As many different ones: they are what tells people apart upstream."""
    first, last = _SYLLABLES.split(), _ENDINGS.split()
    made: set[str] = set()
    while len(made) < count:
        surname = dice.choice(first) + dice.choice(last)
        made.add(f"{surname}, {dice.choice(_INITIALS)}{dice.choice(_INITIALS)}")
    return made


def _member(dice: random.Random, number: int, name: str, zone: str) -> Member:
    role = _RANKS[number % len(_RANKS)]
    skills = ["BA"] if dice.random() < 0.9 or role == "FFT" else []
    if role in {"WC", "CM", "CC"}:
        skills += ["IC"] if dice.random() < 0.5 else ["TTR"]
    if role in {"CC", "FFC", "FF"} and (number % 2 or dice.random() < 0.5):
        skills.append("LGV" if dice.random() < 0.7 else "ERD")
    contract = dice.choice(_CONTRACTS)
    works = _works(dice)
    rests = _rests(dice, works, contract * dice.uniform(1.1, 1.7))
    habit = Habit(dice.getrandbits(40), zone, works, rests, dice.choice((0.0, 0.05, 0.15)))
    return Member(name, role, tuple(skills), contract, habit)


def _works(dice: random.Random) -> Week:
    """Seven in ten have other employment, most of them on weekdays."""
    hours = (dice.choice((7.5, 8, 8.5, 9)), dice.choice((16.5, 17, 17.5)))
    days = range(5) if dice.random() < 0.8 else (0, 2, 4, 5)
    return dict.fromkeys(days, (hours,)) if dice.random() < 0.7 else {}


def _rests(dice: random.Random, works: Week, wanted: float) -> Week:
    """Quarters of days that are booked off every week, until about the `wanted` hours are left."""
    left = 168 - sum(end - start for hours in works.values() for start, end in hours)
    quarters = [
        (day, quarter * 6) for day in range(7) for quarter in range(4) if day not in works or quarter != 1
    ]
    dice.shuffle(quarters)
    rests: dict[int, list[tuple[float, float]]] = {}
    for day, start in quarters:
        if left - 6 < wanted:
            break
        rests.setdefault(day, []).append((start, start + 6))
        left -= 6
    return rests
