"""What a crew has to bring: requirements, and the rules made of them (spec D.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from service.crew.rules.grid import TitleRule

Mode = Literal["overlap", "seats"]
_LISTS = ("skills_all", "skills_any", "roles_any", "skills_none", "roles_none")


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least `min_count` people who match.

    A person matches with all of `skills_all`, with one of `skills_any` or a role of `roles_any` where either
    is given, with none of `skills_none` and no role of `roles_none`.
    """

    code: str
    min_count: int
    skills_all: tuple[str, ...] = ()
    skills_any: tuple[str, ...] = ()
    roles_any: tuple[str, ...] = ()
    skills_none: tuple[str, ...] = ()
    roles_none: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """Requirements that hold together. `tier` 1 is the normal minimum, 2 and more are degraded levels."""

    name: str
    requirements: tuple[Requirement, ...]
    mode: Mode = "overlap"
    tier: int = 1


@dataclass(frozen=True, slots=True)
class Lists:
    """Which roles and skills count as officer and as driver (spec D.9)."""

    officer_roles: tuple[str, ...] = ("WC", "CM", "CC", "FFC")
    officer_skills: tuple[str, ...] = ("TTR", "IC")
    driver_skills: tuple[str, ...] = ("LGV", "ERD")

    @property
    def manager_roles(self) -> tuple[str, ...]:
        """Roles that count as `MGR` in the grid's own words: FFC does not manage (spec D.6)."""
        return tuple(role for role in self.officer_roles if role != "FFC")


def requirements_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Requirement, ...]:
    """Requirements as they were stored."""
    return tuple(
        Requirement(
            one["code"],
            one["min_count"],
            *(tuple(one.get(name, ())) for name in _LISTS),
        )
        for one in stored
    )


def title_requirements(title: TitleRule, lists: Lists) -> Sequence[Requirement]:
    """The requirements that an appliance's title states (preset `grid`).

    `MGR` is a manager by role or an officer by skill, `LGV` any driver, every other label a skill of that
    name.
    """
    made = [Requirement("total_crew", title.total)]
    for label, count in title.counts.items():
        if label == "MGR":
            made.append(
                Requirement("MGR", count, skills_any=lists.officer_skills, roles_any=lists.manager_roles)
            )
        elif label == "LGV":
            made.append(Requirement("LGV", count, skills_any=lists.driver_skills))
        else:
            made.append(Requirement(label, count, skills_all=(label,)))
    return [one for one in made if one.min_count > 0]
