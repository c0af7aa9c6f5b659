"""Points and levels (spec D7.9)."""

from typing import Final

POINTS_OF_LEVEL: Final = 100
HIGHEST_LEVEL: Final = 50
MOST_POINTS: Final = 100
"""Of one award."""


def points_of_session(score: int) -> int:
    """What completing a session with this score awards: a tenth of it, at least 1, at most 100."""
    return min(max(1, score // 10), MOST_POINTS)


def level_of(points: int) -> int:
    """The level of so many points; the table computes the same (`children.level`)."""
    return min(points // POINTS_OF_LEVEL + 1, HIGHEST_LEVEL)


def next_level_at(level: int) -> int | None:
    """The points at which the next level begins; None at the highest."""
    return None if level >= HIGHEST_LEVEL else level * POINTS_OF_LEVEL
