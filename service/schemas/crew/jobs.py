"""Parameters of the desk's jobs that follow Gartan."""

from typing import Literal, Self

from pydantic import Field, model_validator

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask

MOST_DAYS = 60


class CrewSyncAsk(Ask):
    """What is read now: of one station some days from today, or certain dates (not both)."""

    station: Word = Field(description="Code of a station that is followed.")
    days: int | None = Field(
        None, ge=1, le=MOST_DAYS, description="Days from today; the whole week of today is read in any case."
    )
    dates: tuple[CalendarDate, ...] | None = Field(
        None, min_length=1, max_length=MOST_DAYS, description="These local dates and no others."
    )
    force: bool = Field(False, description="Also what was read a moment ago.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.days is not None and self.dates is not None:
            raise ValueError("give `days` or `dates`, not both")
        return self


class CrewSyncParams(CrewSyncAsk):
    """The same for the job `crew.sync`.

    Without `days` and `dates` the `mode` says how far it looks: `update` (the next days), `startup` (a week:
    nothing is known yet), `comprehensive` (two weeks, also what is fresh). Without a mode the first two are
    chosen by what is known.
    """

    mode: Literal["update", "startup", "comprehensive", "manual"] | None = None
