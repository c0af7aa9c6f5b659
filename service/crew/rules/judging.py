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
    """One rule and the people it may be asked about; somebody it does not know is refused (`KeyError`)."""

    def __init__(self, rule: Rule, people: Mapping[int, Person]) -> None:
        self.rule = rule
        self.wanted = [one.min_count for one in rule.requirements]
        self.bits = {id_: _bits(rule, person) for id_, person in people.items()}
        self.result: Callable[[Crew], Result] = cache(self._result)
        """The rule against a crew."""
        self.critical: Callable[[Crew], tuple[int, ...]] = cache(self._critical)
        """Those of a crew that meets the rule whom it could not spare, by id (spec D.6)."""

    def have(self, bits: Sequence[int]) -> list[int]:
        """How many count for each requirement, of people given as the sets of requirements they match."""
        if self.rule.mode == "seats":
            return seated(self.wanted, bits)
        return [sum(one >> at & 1 for one in bits) for at in range(len(self.wanted))]

    def ok(self, bits: Sequence[int]) -> bool:
        """Whether such people meet the rule."""
        return all(have >= wanted for have, wanted in zip(self.have(bits), self.wanted, strict=True))

    def bits_of(self, crew: Iterable[int]) -> list[int]:
        """What each of these matches, by id: the same people always take the same seats."""
        return [self.bits[id_] for id_ in sorted(crew)]

    def _result(self, crew: Crew) -> Result:
        have = self.have(self.bits_of(crew))
        needed = zip(self.rule.requirements, have, strict=True)
        return Result(self.rule.name, tuple(Met(one.code, one.min_count, count) for one, count in needed))

    def _critical(self, crew: Crew) -> tuple[int, ...]:
        if not self.result(crew).ok:
            return ()
        spared = ((id_, self.ok(self.bits_of(crew - {id_}))) for id_ in sorted(crew))
        return tuple(id_ for id_, ok in spared if not ok)


def _bits(rule: Rule, person: Person) -> int:
    return sum(1 << at for at, one in enumerate(rule.requirements) if matches(one, person))
