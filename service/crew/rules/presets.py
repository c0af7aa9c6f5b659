"""Rules that come with the desk (spec D.6), and which of an appliance's rules are enforced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from service.crew.rules.crewing import Lists, Requirement, Rule

TOTAL: Final = 4
BA_BEHIND: Final = 2
"""Breathing apparatus wearers beside the officer."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an appliance is judged by: `enforced` by tier, lowest first; `beside` are only reported."""

    enforced: tuple[Rule, ...] = ()
    beside: tuple[Rule, ...] = ()


def preset(name: str, lists: Lists) -> Rule | None:
    """The preset of this name; None for `grid`, which is what the appliance's own title says."""
    made = {"p22p6": _p22p6, "p22p6_2025": _p22p6_2025}.get(name)
    return None if made is None else Rule(name, made(lists))


def _p22p6(lists: Lists) -> tuple[Requirement, ...]:
    roles, skills = lists.officer_roles, lists.officer_skills
    return (
        Requirement("total_crew", TOTAL),
        Requirement("officer", 1, skills_any=skills, roles_any=roles),
        Requirement("driver", 1, skills_any=lists.driver_skills),
        Requirement("ba_non_officer", BA_BEHIND, skills_all=("BA",), skills_none=skills, roles_none=roles),
        Requirement("senior_ba", 1, skills_all=("BA",), roles_any=roles),
    )


def _p22p6_2025(lists: Lists) -> tuple[Requirement, ...]:
    """As it was first: officers by the skill TTR alone, drivers by LGV alone."""
    total, *_, senior = _p22p6(lists)
    return (
        total,
        Requirement("officer", 1, skills_any=("TTR",)),
        Requirement("driver", 1, skills_any=("LGV",)),
        Requirement("ba_non_officer", BA_BEHIND, skills_all=("BA",), skills_none=("TTR",)),
        senior,
    )


def ruling(config: Iterable[tuple[Rule, bool]], titles: Iterable[Rule], chosen: str, lists: Lists) -> Ruling:
    """Which rules are enforced: the appliance's own (with whether each is), else the one chosen for all.

    `titles` are those of the grid, which are enforced only where `grid` is chosen and nothing else is set.
    """
    own, stated = list(config), tuple(titles)
    if own:
        enforced = [rule for rule, enforced in own if enforced]
        beside = [rule for rule, enforced in own if not enforced]
        return Ruling(tuple(sorted(enforced, key=lambda rule: rule.tier)), (*beside, *stated))
    general = preset(chosen, lists)
    return Ruling(stated) if general is None else Ruling((general,), stated)


def counted(lists: Lists) -> Mapping[str, Requirement]:
    """Whom a coverage table counts beside the crew: officers, drivers, wearers of breathing apparatus."""
    return {
        "officer": Requirement("officer", 1, skills_any=lists.officer_skills, roles_any=lists.officer_roles),
        "driver": Requirement("driver", 1, skills_any=lists.driver_skills),
        "ba": Requirement("ba", 1, skills_all=("BA",)),
    }
