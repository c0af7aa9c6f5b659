"""What becomes of appliances over a window, from what is known of their stations.

A station is read once for all its appliances, and several stations at once: six statements in all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from service.core.database import ReadConnection
from service.core.settings import CrewSettings, Settings
from service.crew.answers.states import shown_name
from service.crew.queries import station_days
from service.crew.queries.appliances import ApplianceRow
from service.crew.queries.skills import select_aliases
from service.crew.queries.station_days import Asked, Look, MemberRow, Said, StoredRule
from service.crew.queries.stations import StationRow
from service.crew.rules.course import Course, course_of
from service.crew.rules.crewing import Lists, Rule
from service.crew.rules.judging import Person
from service.crew.rules.presets import Ruling, ruling
from service.crew.rules.slots import Stretch
from service.crew.rules.sweep import Overlay, Slice, overlaid, slices


@dataclass(frozen=True)
class Known:
    """All that is known of some stations in a window, now or at an instant."""

    window: Stretch
    lists: Lists
    chosen: str
    crew: Said
    flags: Said
    looks: Sequence[Look]
    members: Sequence[MemberRow]
    rules: Sequence[StoredRule]
    aliases: Mapping[str, str]

    @cached_property
    def people(self) -> dict[int, Person]:
        """Everybody as rules see them. Of whom only segments are known, neither role nor skills are."""
        met = {owner: Person(owner, None, frozenset()) for owner in self.crew}
        return met | {one.id: Person(one.id, one.role, self._skills(one)) for one in self.members}

    def shown_as(self, *, redact: bool) -> "Known":
        """The same, where asked for with numbers in place of names."""
        if not redact:
            return self
        hidden = [replace(one, name=shown_name(one.id, one.name, redact=True)) for one in self.members]
        return replace(self, members=hidden)

    def _skills(self, one: MemberRow) -> frozenset[str]:
        """As the grid writes them, and in every other writing: a rule may ask in any (spec D.1.8)."""
        return one.skills.union(
            *(self._writings.get(self.aliases.get(code, code), ()) for code in one.skills)
        )

    @cached_property
    def _writings(self) -> dict[str, set[str]]:
        """Every writing of a skill that has more than one, by its code."""
        made: dict[str, set[str]] = {}
        for alias, code in self.aliases.items():
            made.setdefault(code, {code}).add(alias)
        return made

    def looks_of(self, station: StationRow) -> list[Look]:
        """The observations of a station that cover a part of the window."""
        return self._looks.get(station.id, [])

    def members_of(self, station: StationRow) -> list[MemberRow]:
        """The people of a station, by name."""
        return self._members.get(station.id, [])

    @cached_property
    def _looks(self) -> dict[int, list[Look]]:
        made: dict[int, list[Look]] = {}
        for look in self.looks:
            made.setdefault(look.station_id, []).append(look)
        return made

    @cached_property
    def _members(self) -> dict[int, list[MemberRow]]:
        made: dict[int, list[MemberRow]] = {}
        for one in self.members:
            made.setdefault(one.station_id, []).append(one)
        return made

    @cached_property
    def _strangers(self) -> set[int]:
        """Of whom only segments are known: the look that told of them is older than their profile."""
        return self.crew.keys() - {one.id for one in self.members}

    def slices_of(self, station: StationRow, overlay: Iterable[Overlay] = ()) -> list[Slice]:
        """Who turns out at a station and who does not, over the window."""
        looks, members = self.looks_of(station), self.members_of(station)
        listed = {id_ for look in looks for id_ in look.listed}
        own = {one.id for one in members} | (self._strangers & listed)
        said = {id_: self.crew[id_] for id_ in own if id_ in self.crew}
        expected = {one.id for one in members if one.active}
        covered = [stretch for look in looks for stretch in look.covered]
        return slices(self.window, overlaid(said, overlay), covered, expected)

    def ruling_of(self, appliance_id: int) -> Ruling:
        """The rules of an appliance: its own, else the preset that is chosen for all."""
        own = [one for one in self.rules if one.appliance_id == appliance_id and one.origin == "config"]
        return self.ruling_by(appliance_id, [(one.rule, one.enforced) for one in own])

    def ruling_by(self, appliance_id: int, own: Iterable[tuple[Rule, bool]]) -> Ruling:
        """The rules that an appliance would have if these were its own, each enforced or not."""
        titles = [one.rule for one in self.rules if one.appliance_id == appliance_id and one.origin == "grid"]
        return ruling(own, titles, self.chosen, self.lists)

    def course_of(self, appliance_id: int, swept: Sequence[Slice], judged: Ruling | None = None) -> Course:
        """An appliance's course over slices of its station; by other rules where some are given."""
        by = judged or self.ruling_of(appliance_id)
        return course_of(self.window, swept, self.flags.get(appliance_id, ()), by, self.people)


async def read(
    conn: ReadConnection,
    settings: Settings,
    stations: Sequence[StationRow],
    start: datetime,
    end: datetime,
    *,
    known_at: datetime | None = None,
) -> Known:
    """What is known of these stations between two instants, as of now or as it was known at `known_at`."""
    ids = tuple(station.id for station in stations)
    asked = Asked(ids, start, end, known_at)
    return Known(
        (start, end),
        lists_of(settings.crew),
        settings.crew.enforced_rule,
        await station_days.select_crew(conn, asked),
        await station_days.select_flags(conn, asked),
        await station_days.select_looks(conn, asked),
        await station_days.select_members(conn, ids, known_at),
        await station_days.select_rules(conn, ids, known_at),
        await select_aliases(conn),
    )


async def course(
    conn: ReadConnection,
    settings: Settings,
    station: StationRow,
    appliance_id: int,
    start: datetime,
    end: datetime,
    *,
    known_at: datetime | None = None,
    overlay: Iterable[Overlay] = (),
) -> Course:
    """One appliance between two instants: intervals with status, level, crew and the rule's result."""
    known = await read(conn, settings, [station], start, end, known_at=known_at)
    return known.course_of(appliance_id, known.slices_of(station, overlay))


def courses(known: Known, appliances: Iterable[ApplianceRow]) -> Mapping[int, Course]:
    """The courses of these appliances by id; each station is swept once."""
    swept: dict[int, list[Slice]] = {}
    made = {}
    for one in appliances:
        if one.station.id not in swept:
            swept[one.station.id] = known.slices_of(one.station)
        made[one.id] = known.course_of(one.id, swept[one.station.id])
    return made


def lists_of(settings: CrewSettings) -> Lists:
    """Who counts as officer and driver here."""
    return Lists(settings.officer_roles, settings.officer_skills, settings.driver_skills)
