"""What is made up: how many children, over which time, from which seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

DOMAIN: Final = "families.example"
"""Where made-up people have their mail: a name that no mail is ever delivered to."""
PARENT: Final = f"parent@{DOMAIN}"
PROFESSIONAL: Final = f"professional@{DOMAIN}"
ADMIN: Final = f"admin@{DOMAIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Families up to the instant `until`; equal plans make equal rows.

    Each child has about 100 sessions in 270 days, clocks of its zone changing once or twice among them.
    """

    until: datetime
    children: int = 48
    days: int = 270
    seed: int = 27
    policy: str = "2026-01"
    """Version of the privacy policy that the guardians consent to."""

    @property
    def since(self) -> datetime:
        """When the first family came."""
        return self.until - timedelta(days=self.days)

    def chance(self, *of: object) -> Random:
        """The chance of one part, the same whatever else is made."""
        return Random("/".join(map(str, (self.seed, *of))))  # noqa: S311  (nothing here is a secret)
