"""Parameters and state of the desk's jobs."""

from typing import Literal, Self

from pydantic import Field, model_validator

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask, Instant, Wire


class SyncParams(Ask):
    """Parameters of the job `attendance.sync`.

    `auto` loads what was never loaded and follows changes from there; `incremental` only follows; `full`
    reads everything again; `reconcile` compares names and counts over the dates `from` to `to` (default: the
    days that the settings name, up to today).
    """

    mode: Literal["auto", "incremental", "full", "reconcile"] = "auto"
    doctypes: tuple[str, ...] = Field((), description="Only these document types; empty: all.")
    from_: CalendarDate | None = Field(None, alias="from", description="First date to reconcile.")
    to: CalendarDate | None = Field(None, description="Last date to reconcile.")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError("`from` must not be after `to`")
        return self


class RecomputeParams(Ask):
    """Recompute what is dirty, or a range anew."""

    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None
    people: list[Word] | None = Field(None, description="Numbers of people; default all.")


class DoctypeStatus(Wire):
    """How far the mirror of one document type is."""

    doctype: str
    phase: str
    complete_through: Instant | None = None
    lag_seconds: int | None = None
    open_gaps: int = 0


class SyncStatus(Wire):
    """How far the mirror of the upstream is."""

    source: str | None
    time_zone: str | None = None
    last_run: str | None = None
    last_run_state: str | None = None
    doctypes: list[DoctypeStatus] = []
