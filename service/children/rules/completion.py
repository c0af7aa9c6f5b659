"""How much of a child's description there is: ten parts of ten percent each (spec A10.4)."""

from typing import Final, Literal

Standing = Literal["excellent", "good", "moderate", "needs_attention"]
SECTIONS: Final = (
    "basic",
    "clinical",
    "communication",
    "sensory",
    "behavioral",
    "therapies",
    "emergency_contacts",
    "safety",
    "avatar",
    "activity",
)
LEAST_NOTES: Final = 10
"""Behavioural notes of more characters than this count."""
_STANDINGS: Final[tuple[tuple[int, Standing], ...]] = ((90, "excellent"), (70, "good"), (50, "moderate"))


def standing_of(percent: int) -> Standing:
    """What a percentage is called."""
    return next((name for least, name in _STANDINGS if percent >= least), "needs_attention")
