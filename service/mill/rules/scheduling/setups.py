"""Hours to set a machine up from one style to another (spec E.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SETUP_HOURS: Final = 1.0
"""Parameter `setup_hours` (spec E.3)."""


@dataclass(frozen=True, slots=True)
class Setups:
    """The first that applies: the same style (0), a pair that is listed, the same construction, the default.

    `same_construction` None: nobody said what it takes, so it takes the default. What a machine knitted
    before is unknown at first: the default, whatever comes.
    """

    default: float = SETUP_HOURS
    same_construction: float | None = None
    construction: Mapping[str, str] = field(default_factory=dict)
    """Of a style: the first part of its work centre's code."""
    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    same_style: float = 0.0

    def hours(self, before: str | None, style: str) -> float:
        """From the style before to this one."""
        if before == style:
            return self.same_style
        if before is None:
            return self.default
        listed = self.pairs.get((before, style))
        if listed is not None:
            return listed
        made = self.construction.get(style)
        if self.same_construction is not None and made is not None and made == self.construction.get(before):
            return self.same_construction
        return self.default
