"""Ranks, and which writings of a skill mean the same (spec 0, D.1.8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from service.crew.rules.crewing import Lists

RANKS: Final = ("WC", "CM", "CC", "FFC", "FFD", "FFT")
"""Highest first; who has another role, or none, comes after them."""


def rank(role: str | None) -> int:
    """The place of a role in the order of ranks."""
    return RANKS.index(role) if role in RANKS else len(RANKS)


@dataclass(frozen=True, slots=True)
class Skilled:
    """Who counts as officer and as driver, and the other writings of skills: alias → code."""

    lists: Lists = field(default_factory=Lists)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def officer(self, role: str | None, skills: Iterable[str]) -> bool:
        """Whether somebody counts as officer, by role or by skill."""
        return role in self.lists.officer_roles or self._any(skills, self.lists.officer_skills)

    def driver(self, skills: Iterable[str]) -> bool:
        """Whether somebody counts as driver."""
        return self._any(skills, self.lists.driver_skills)

    def has(self, asked: str, role: str | None, skills: Iterable[str]) -> bool:
        """Whether somebody has a skill, in whatever writing; `officer` and `driver` are skills too."""
        word = asked.upper()
        if word == "OFFICER":
            return self.officer(role, skills)
        if word == "DRIVER":
            return self.driver(skills)
        return self._any(skills, (word,))

    def _any(self, skills: Iterable[str], wanted: Iterable[str]) -> bool:
        return not {self._code(one) for one in skills}.isdisjoint(self._code(one) for one in wanted)

    def _code(self, skill: str) -> str:
        return self.aliases.get(skill, skill)
