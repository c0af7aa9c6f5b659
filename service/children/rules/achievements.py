"""What there is to earn, by counts and never by levels reached through points of another kind (spec D7.9)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

Counts = Literal["dental", "therapy", "level", "streak"]


@dataclass(frozen=True, slots=True)
class Achievement:
    """Something to earn: what is counted, and how much of it is needed."""

    id: str
    title: str
    counts: Counts
    need: int


ACHIEVEMENTS: Final = (
    Achievement("dental_rookie", "Dental rookie", "dental", 5),
    Achievement("dental_champion", "Dental champion", "dental", 10),
    Achievement("dental_master", "Dental master", "dental", 20),
    Achievement("therapy_starter", "Therapy starter", "therapy", 5),
    Achievement("therapy_dedicated", "Therapy dedicated", "therapy", 15),
    Achievement("therapy_expert", "Therapy expert", "therapy", 30),
    Achievement("level_up_master", "Level ten", "level", 10),
    Achievement("streak_7", "Seven days in a row", "streak", 7),
    Achievement("streak_30", "Thirty days in a row", "streak", 30),
)
"""`dental` counts completed dental sessions and dental care, `therapy` therapy sessions of either kind,
`streak` the longest run of days with a completed session."""


def progress_of(have: int, need: int) -> float:
    """Percent of what is needed, at most 100, one decimal, halves away from zero."""
    share = min(Decimal(have) * 100 / need, Decimal(100))
    return float(share.quantize(Decimal("0.1"), ROUND_HALF_UP))
