"""Points and achievements: the ledger, awards by hand, and what there is to earn (spec D7.9)."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.children.bounds import Text200
from service.schemas.children.fields import Within
from service.schemas.children.words import PointSource
from service.schemas.envelope import Ask, Instant, PageAsk, Wire


class PointsAsk(Ask):
    """Points that somebody gives, and what for."""

    points: Annotated[int, Field(strict=True), Within(1, 100)]
    reason: Text200


class PointsAwarded(Wire):
    """What an award did."""

    points_added: int
    total_points: int
    old_level: int
    new_level: int
    level_up: bool
    achievements: list[str] = Field(description="Achievements that this brought.")


class PointEntry(Wire):
    """One award, or its adjustment; a child's points are the sum of its entries."""

    id: int
    source_type: PointSource
    source_id: int | None = Field(
        None, description="The session or activity; of an adjustment the entry that it takes back."
    )
    points: int
    reason: str | None = None
    actor_user_id: int | None = None
    created_at: Instant


class LedgerAsk(PageAsk):
    """Filters of a child's ledger, newest first."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    source_type: PointSource | None = None


class AchievementProgress(Wire):
    """Something to earn: how much of what it needs, and since when it is earned."""

    id: str
    title: str
    counts: Literal["dental", "therapy", "level", "streak"] = Field(
        description="Completed dental or therapy sessions and activities, the level, or days in a row."
    )
    have: int
    need: int
    progress: float = Field(description="Percent, at most 100.")
    earned_at: Instant | None = None
    source_session_id: int | None = None


class Achievements(Wire):
    """Everything there is to earn, and how far this child is."""

    child_id: int
    points: int
    level: int
    next_level_at: int | None = Field(description="Points of the next level; null at the last.")
    earned: int
    items: list[AchievementProgress]
