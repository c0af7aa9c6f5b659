"""The states of a report about a child, and who moves it on (spec D4): two people before it is published.

draft → pending_review by its author; back to draft, or on to approved, by a reviewer, who is somebody else;
approved → published, and whatever is no draft → archived, by either.
"""

from collections.abc import Mapping
from typing import Final, Literal

from service.schemas.children.words import ReportStatus

Mover = Literal["author", "reviewer", "either"]
MOVES: Final[Mapping[tuple[ReportStatus, ReportStatus], Mover]] = {
    ("draft", "pending_review"): "author",
    ("pending_review", "draft"): "reviewer",
    ("pending_review", "approved"): "reviewer",
    ("approved", "published"): "either",
    ("pending_review", "archived"): "either",
    ("approved", "archived"): "either",
    ("published", "archived"): "either",
}
"""What is not named is not possible."""


def may_move(state: ReportStatus, to: ReportStatus, *, is_author: bool) -> bool:
    """Whether a report in this state may go to another by its author, or by another who may write reports."""
    mover = MOVES.get((state, to))
    return mover in ("either", "author" if is_author else "reviewer")


def stamped(to: ReportStatus) -> tuple[str, ...]:
    """The columns that say when it came there."""
    stamps: Mapping[ReportStatus, tuple[str, ...]] = {
        "draft": ("reviewed_at",),
        "pending_review": ("submitted_at",),
        "approved": ("reviewed_at", "approved_at"),
        "published": ("published_at",),
        "archived": ("archived_at",),
    }
    return stamps[to]
