"""Plans of the mill: what is asked."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import Moment, Word
from service.schemas.envelope import Ask

MillPlanKind = Literal["plan", "mrp", "time_phased", "allocation", "schedule", "cost", "six_phase"]


class MillPlanParams(Ask):
    """Parameters of the job `mill.plan`."""

    kind: MillPlanKind = Field("plan", description="`plan` is everything; the others are parts of it.")
    as_of: date | None = Field(
        None, description="Day that is planned from; default: the day of the newest stock, else today."
    )
    parameters: dict[str, Any] = Field(
        {}, description="Planning parameters that hold for this run alone, by name."
    )
    mode: Literal["independent", "kit"] = Field(
        "independent", description="How yarn is promised: each yarn by itself, or whole kits."
    )
    schedule_from: Moment | None = Field(
        None,
        description="When machines are planned from; default: the begin of the day, today the passing hour.",
    )
    note: Word | None = Field(None, description="Why the plan is made, for people to read.")
