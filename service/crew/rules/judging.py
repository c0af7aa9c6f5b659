"""Crews held against a rule: each set of people is judged once, however often it turns out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.crew.rules.crewing import Requirement, Rule
from service.crew.rules.seats import seated

Crew = frozenset[int]


@dataclass(frozen=True, slots=True)
class Person:
    """What a rule asks of somebody."""

    id: int
    role: str | None
    skills: frozenset[str]


def matches(needed: Requirement, person: Person) -> bool:
    """Whether a person counts for a requirement (spec D.6)."""
    skills, role = person.skills, person.role
    either = not needed.skills_any and not needed.roles_any
    return (
        skills.issuperset(needed.skills_all)
        and (either or not skills.isdisjoint(needed.skills_any) or role in needed.roles_any)
        and skills.isdisjoint(needed.skills_none)
        and role not in needed.roles_none
    )


@dataclass(frozen=True, slots=True)
class Met:
    """How many people a requirement has; of `seats`, how many of its seats are taken."""

    code: str
    required: int
    have: int

    @property
    def short(self) -> int:
        """How many more it needs."""
        return max(0, self.required - self.have)


@dataclass(frozen=True, slots=True)
class Result:
    """A rule against a crew."""

    rule: str
    met: tuple[Met, ...]

    @property
    def ok(self) -> bool:
        """Whether every requirement is met."""
        return not any(one.short for one in self.met)

    @property
    def shorts(self) -> dict[str, int]:
        """What is missing, by requirement."""
        return {one.code: one.short for one in self.met if one.short}


class Judge:
    """One rule and the people it may be asked about; somebody it does not know is refused (`KeyError`).

    People of one kind match the same requirements (as bits), so a crew is judged by how many there are of
    each: two weeks of 25 people have hundreds of crews and few dozens of such mixes.
    """

    def __init__(self, rule: Rule, people: Mapping[int, Person]) -> None:
        self.rule = rule
        self.wanted = [one.min_count for one in rule.requirements]
        self.bits = {id_: _bits(rule, person) for id_, person in people.items()}
        self._of_mix: Callable[[tuple[int, ...]], Result] = cache(self._judged)
        self._not_spared: Callable[[tuple[int, ...]], frozenset[int]] = cache(self._critical_kinds)

    def result(self, crew: Crew) -> Result:
        """The rule against a crew."""
        return self._of_mix(self.mix(crew))

    def critical(self, crew: Crew) -> tuple[int, ...]:
        """Those of a crew that meets the rule whom it could not spare, by id (spec D.6)."""
        kinds = self._not_spared(self.mix(crew))
        return tuple(id_ for id_ in sorted(crew) if self.bits[id_] in kinds) if kinds else ()

    def mix(self, crew: Iterable[int]) -> tuple[int, ...]:
        """The kind of each of these, sorted."""
        return tuple(sorted([self.bits[id_] for id_ in crew]))

    def ok(self, kinds: Sequence[int]) -> bool:
        """Whether people of these kinds meet the rule."""
        return all(have >= wanted for have, wanted in zip(self._have(kinds), self.wanted, strict=True))

    def _have(self, kinds: Sequence[int]) -> list[int]:
        if self.rule.mode == "seats":
            return seated(self.wanted, kinds)
        return [sum(one >> at & 1 for one in kinds) for at in range(len(self.wanted))]

    def _judged(self, mix: tuple[int, ...]) -> Result:
        needed = zip(self.rule.requirements, self._have(mix), strict=True)
        return Result(self.rule.name, tuple(Met(one.code, one.min_count, count) for one, count in needed))

    def _critical_kinds(self, mix: tuple[int, ...]) -> frozenset[int]:
        result = self._of_mix(mix)
        if not result.ok:
            return frozenset()
        if self.rule.mode == "overlap":
            tight = sum(1 << at for at, one in enumerate(result.met) if one.have == one.required)
            return frozenset(kind for kind in mix if kind & tight)
        places = {kind: at for at, kind in enumerate(mix)}
        return frozenset(kind for kind, at in places.items() if not self.ok(mix[:at] + mix[at + 1 :]))


def _bits(rule: Rule, person: Person) -> int:
    return sum(1 << at for at, one in enumerate(rule.requirements) if matches(one, person))
