"""What a simulated Gartan knows: stations, their people and appliances, and who booked off when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

MANAGER_SKILLS: Final = frozenset({"TTR", "IC"})
MANAGER_ROLES: Final = frozenset({"WC", "CM", "CC"})
DRIVER_SKILLS: Final = frozenset({"LGV", "ERD"})
TOTAL: Final = "Total Crew"


@dataclass(frozen=True, slots=True)
class Booking:
    """A stretch of UTC that somebody booked off, and why; None takes earlier bookings back.

    The reason is the text of the cells, except `off` (only the class says so), `colour` (only the background
    does) and `unclear` (nothing does).
    """

    start: datetime
    end: datetime
    reason: str | None = "W"


class Diary(Protocol):
    """When somebody is off. Everybody is available unless they booked off (spec A.6)."""

    def bookings(self, start: datetime, end: datetime) -> Iterable[Booking]:
        """Those that touch a stretch, earlier decisions first: where two overlap, the later one holds."""
        ...


@dataclass(frozen=True, slots=True)
class Booked:
    """A diary written out; `before` is an older one that it amends."""

    entries: Sequence[Booking] = ()
    before: Diary | None = None

    def bookings(self, start: datetime, end: datetime) -> Iterable[Booking]:
        """Those that touch a stretch."""
        if self.before is not None:
            yield from self.before.bookings(start, end)
        yield from (one for one in self.entries if one.start < end and start < one.end)


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One person. A number as `contract` is printed with the hours booked in the week, `61 (159)`; a text as
    it is."""

    name: str
    role: str | None
    skills: tuple[str, ...] = ()
    contract: int | str = ""
    diary: Diary = field(default_factory=Booked)

    def serves(self, label: str) -> bool:
        """Whether the person counts for a label of a title or of the Rules section (spec D.1.11, D.6)."""
        if label == TOTAL:
            return True
        if label == "MGR":
            return self.role in MANAGER_ROLES or not MANAGER_SKILLS.isdisjoint(self.skills)
        if label == "LGV":
            return not DRIVER_SKILLS.isdisjoint(self.skills)
        return label in self.skills


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """The crewing rule of an appliance: `Default - Total Crew: 4, MGR x 1, LGV x 1, BA x 4`."""

    total: int = 4
    counts: Mapping[str, int] = field(default_factory=lambda: {"MGR": 1, "LGV": 1, "BA": 4})
    name: str = "Default"

    def __str__(self) -> str:
        return ", ".join(
            [f"{self.name} - {TOTAL}: {self.total}", *(f"{k} x {n}" for k, n in self.counts.items())]
        )

    @property
    def needs(self) -> Mapping[str, int]:
        """How many people each label wants."""
        return {TOTAL: self.total, **self.counts}


@dataclass(frozen=True, slots=True, eq=False)
class Appliance:
    """One fire engine; without `off` it is available whenever its title's rule is met."""

    name: str
    ref: int
    title: Title | None = field(default_factory=Title)
    off: Diary | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """A brigade, as Gartan says: one fire station."""

    code: str
    brigade_id: int
    crew: tuple[Member, ...] = ()
    appliances: tuple[Appliance, ...] = ()
    name: str = ""
    zone: str = "Europe/London"

    def but(self, **changes: object) -> Station:
        """The same station with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are those of the fields

    def member(self, name: str) -> Member:
        """The person of that name; KeyError where there is none."""
        for one in self.crew:
            if one.name == name:
                return one
        raise KeyError(name)

    def booked(self, name: str, *bookings: Booking) -> Station:
        """The station after somebody booked off, or back on."""
        crew = [
            replace(one, diary=Booked(bookings, one.diary)) if one.name == name else one for one in self.crew
        ]
        self.member(name)
        return self.but(crew=tuple(crew))

    def without(self, name: str) -> Station:
        """The station without a person."""
        return self.but(crew=tuple(one for one in self.crew if one.name != name))


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All stations of a tenant."""

    stations: tuple[Station, ...]

    def of_brigade(self, brigade_id: int) -> Station | None:
        """The station with that id."""
        return next((one for one in self.stations if one.brigade_id == brigade_id), None)

    def station(self, code: str) -> Station:
        """The station of that code; KeyError where there is none."""
        for one in self.stations:
            if one.code == code:
                return one
        raise KeyError(code)

    def put(self, station: Station) -> Plan:
        """The plan with this station in place of the one with its code."""
        self.station(station.code)
        return Plan(tuple(station if one.code == station.code else one for one in self.stations))

    def booked(self, code: str, name: str, *bookings: Booking) -> Plan:
        """The plan after somebody booked off, or back on."""
        return self.put(self.station(code).booked(name, *bookings))
