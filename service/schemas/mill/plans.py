"""Plans of the mill: what is asked, and what a plan is."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Moment, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.mill.fields import MillAllocationMode, MillMessageSeverity

MillPlanKind = Literal["plan", "mrp", "time_phased", "allocation", "schedule", "cost", "six_phase"]
MillPlanStatus = Literal["queued", "running", "done", "failed", "cancelled"]


class MillPlanParams(Ask):
    """Parameters of the job `mill.plan`, and the body that starts one."""

    kind: MillPlanKind = Field(
        "plan",
        description="`plan` is everything, `six_phase` the same by its former name; the others are parts.",
    )
    as_of: CalendarDate | None = Field(
        None, description="Day that is planned from; default: the day of the newest stock, else today."
    )
    parameters: dict[str, Any] = Field(
        {}, description="Planning parameters that hold for this run alone, by name."
    )
    mode: MillAllocationMode = Field(
        "independent", description="How yarn is promised: each yarn by itself, or whole kits."
    )
    schedule_from: Moment | None = Field(
        None,
        description="When machines are planned from; default: the begin of the day, today the passing hour.",
    )
    note: Word | None = Field(None, description="Why the plan is made, for people to read.")


class MillPlansAsk(PageAsk):
    """Which plans to list."""

    kind: MillPlanKind | None = Field(None, description="Only plans of this kind.")
    status: MillPlanStatus | None = Field(None, description="Only plans in this status.")


class MillPlanData(Wire):
    """What an answer out of a plan stands on: the plan, its day, whether all was known, what was assumed."""

    plan: int
    kind: MillPlanKind
    as_of: date
    complete: bool
    reasons: list[str]
    assumptions: list[dict[str, Any]]
    rules_version: str | None = None


class MillGate(Wire):
    """A doubt about the data: how much it touches and what it concerns, every code of it."""

    code: str
    severity: MillMessageSeverity
    message: str
    pounds_lb: str | None
    count: int
    subjects: list[str]


class MillPlanRun(Wire):
    """A planning run. `run_id` is the run that does the work: `/v1/runs/{run_id}` and its events."""

    id: int
    run_id: str | None
    link: str
    kind: MillPlanKind
    status: MillPlanStatus
    progress: dict[str, Any] = Field({}, description="Steps done of the run that does the work.")
    as_of: date
    published: bool = Field(description="Whether this is the mill's plan of its kind.")
    params: dict[str, Any]
    assumptions: list[dict[str, Any]]
    gates: list[MillGate]
    stats: dict[str, Any]
    input_hash: str | None = Field(description="Equal data and parameters have equal hashes.")
    data_versions: dict[str, Any]
    error: dict[str, Any] | None
    requested_by: str
    queued_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    data: MillPlanData


class MillPlans(Wire):
    """Plans, newest first."""

    items: list[MillPlanRun]
    page: Page
