"""Parameters and state of the desk's jobs."""

from datetime import date
from typing import Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire


class SyncParams(Ask):
    """One sync run. `auto`: first load if there was none, else incremental."""

    mode: Literal["auto", "incremental", "full", "reconcile"] = "auto"
    doctypes: list[str] | None = Field(None, description="Only these; default all.")
    from_: date | None = Field(None, alias="from", description="First day to reconcile.")
    to: date | None = Field(None, description="Last day to reconcile.")


class RecomputeParams(Ask):
    """Recompute what is dirty, or a range anew."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    people: list[str] | None = Field(None, description="Numbers of people; default all.")
    rule_set: str | None = None


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
