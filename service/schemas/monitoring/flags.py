"""Flags on the wire: optimisations, each with the share of callers that have it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.schemas.asked import usable
from service.schemas.envelope import Ask, Instant, Wire

Share = Annotated[int, Field(ge=0, le=100, strict=True)]
"""Percent of the callers."""


class Flag(Wire):
    """An optimisation and who has it; answers are the same either way.

    `acted`, `saved` and `basis` are of all workers together, since they started; null where nothing counts.
    """

    name: str
    description: str
    share: int = Field(description="Percent of callers that have it now; the same callers until it changes.")
    chosen: int = Field(description="The share it has while the master is on: changed, or the setting's.")
    setting: int = Field(description="The share that the environment gives it.")
    reason: str | None = Field(None, description="Why it was changed at run time; null: the setting holds.")
    changed_by: str | None = None
    changed_at: Instant | None = None
    acts: bool = Field(description="Whether you have it.")
    acted: int | None = Field(None, description="How often it acted.")
    saved: float | None = Field(None, description="What that saved, in `saved_unit`, as far as measured.")
    saved_unit: Literal["seconds", "bytes"] | None = None
    basis: str | None = Field(None, description="How the saving was measured.")


class FlagListing(Wire):
    """Every flag, the master first."""

    items: list[Flag]


class FlagAsk(Ask):
    """Change a share at run time."""

    share: Share = Field(description="Percent of callers that shall have it; the master takes 0 or 100.")
    reason: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(usable)] = Field(
        description="Why; it is shown and goes into the audit."
    )
