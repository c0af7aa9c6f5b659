"""Schedules of the mill: what is asked, what the machines knit and when."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Moment, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.exports import Locale
from service.schemas.mill.fields import MillCode
from service.schemas.mill.plans import MillPlanData, MillPlanParams

MillLoadLevel = Literal["OK", "WARNING", "CRITICAL", "OVERLOAD"]
_PLAN = "Number of a plan, `published` or `latest`; default: the published schedule, else the latest."


class MillScheduleParams(Ask):
    """A schedule to be made."""

    as_of: CalendarDate | None = Field(
        None, description="Day that is planned from; default: the day of the newest stock, else today."
    )
    schedule_from: Moment | None = Field(
        None,
        description="When machines are planned from; default: the begin of the day, today the passing hour.",
    )
    parameters: dict[str, Any] = Field(
        {}, description="Planning parameters that hold for this run alone, such as `schedule_rule`."
    )
    note: Word | None = Field(None, description="Why it is made, for people to read.")

    def as_plan(self) -> MillPlanParams:
        """The same as the parameters of a planning run."""
        return MillPlanParams(kind="schedule", mode="independent", **self.model_dump())


class MillOfScheduleAsk(Ask):
    """Which schedule."""

    plan: Word | None = Field(None, description=_PLAN)


class MillOperationsFilter(Ask):
    """Which operations."""

    machine: MillCode | None = Field(None, description="Only on this machine.")
    work_center: MillCode | None = Field(None, description="Only of this work centre.")
    order: MillCode | None = Field(None, description="Only of this order.")
    late: bool | None = Field(None, description="Only those that end late, or only those that do not.")


class MillScheduleAsk(MillOfScheduleAsk, MillOperationsFilter):
    """A schedule as a whole."""

    most: int = Field(
        1000, ge=1, le=10_000, description="Operations at most; `operations_total` says how many there are."
    )


class MillOperationsAsk(PageAsk, MillOfScheduleAsk, MillOperationsFilter):
    """Operations by pages."""


class MillNextBest(Wire):
    """The machine that would have been next, and when the order would have ended there."""

    machine: str
    end: Instant


class MillRemedy(Wire):
    """What would let a late order end sooner, each tried by itself; `punctual`: in time.

    YARN_AT_ONCE its yarn is there now; SERVED_FIRST before all that is not frozen; FIRST_WITH_YARN both;
    DIVIDED first over several machines; WITHOUT_PAUSES first, and the shifts never pause.
    """

    kind: Literal["YARN_AT_ONCE", "SERVED_FIRST", "FIRST_WITH_YARN", "DIVIDED", "WITHOUT_PAUSES"]
    end: Instant
    machines: list[str]
    punctual: bool


class MillOperationWhy(Wire):
    """Why an operation stands where it stands."""

    waited_for: Literal["machine", "material", "calendar", "due_date"] | None = Field(
        None, description="What it waited for the longest; null: it begins at once."
    )
    waited_hours: dict[str, float] = Field({}, description="Hours by what they were waited for.")
    alternatives: int | None = Field(None, description="Machines that could knit it, this one among them.")
    next_best: MillNextBest | None = None
    others: list[MillNextBest] = Field([], description="The best machines that were not taken.")
    remedies: list[MillRemedy] = Field([], description="Of a late order: what would help.")
    rate_source: str | None = Field(None, description="Who says how fast it is knitted.")
    rate_estimated: bool = False


class MillOperation(Wire):
    """A stretch of a machine for an order, set-up first. `late_hours` null: no due date."""

    order: str
    part: int
    style: str
    machine: str
    work_center: str
    setup_start: Instant
    run_start: Instant
    run_end: Instant
    quantity_lb: str
    due_date: date | None
    priority: int
    late_hours: float | None
    frozen: bool = Field(description="Whether this plan found it fixed and did not move it.")
    why: MillOperationWhy


class MillMissingYarn(Wire):
    """A yarn that nobody brings."""

    yarn: str
    missing_lb: str


class MillUnscheduled(Wire):
    """An order without a place, or without one for all of it."""

    order: str
    style: str | None
    reason: str
    detail: str | None = Field(None, description="What the reason stands on, such as NO_BOM.")
    yarns: list[MillMissingYarn] = []


class MillMachineUse(Wire):
    """How busy a machine is from the schedule's start to its last end."""

    machine: str
    work_center: str
    status: str
    busy_h: float
    window_h: float
    utilisation_pct: float | None


class MillScheduleMetrics(Wire):
    """What the whole schedule is worth; orders without a due date or a place are in no percentage."""

    orders: int
    with_due: int
    on_time: int
    on_time_pct: float | None
    total_late_h: float
    max_late_h: float
    makespan_h: float
    setup_h: float
    unscheduled: int
    estimated_rates: int


class MillWholeSchedule(Wire):
    """A schedule: operations in the order of time, what has no place, what it is worth."""

    run_id: int
    published: bool
    rule: str
    from_: Instant = Field(alias="from")
    zone: str
    operations: list[MillOperation]
    operations_total: int
    unscheduled: list[MillUnscheduled]
    metrics: MillScheduleMetrics
    machines: list[MillMachineUse]
    data: MillPlanData


class MillOperations(Wire):
    """Operations in the order of time."""

    items: list[MillOperation]
    page: Page
    data: MillPlanData


class MillGanttAsk(MillOfScheduleAsk):
    """Which stretch of a schedule, as what."""

    from_: CalendarDate | None = Field(
        None, alias="from", description="First day; default: that of its start."
    )
    to: CalendarDate | None = Field(
        None, description="Last day; default: that of the last end, two weeks at most."
    )
    work_center: MillCode | None = Field(None, description="Only this work centre.")
    format: Literal["json", "html"] | None = Field(None, description="Default: what `Accept` asks for.")
    locale: Locale = Field("en", description="Language of the page.")


class MillGanttRow(Wire):
    """A machine with its operations."""

    machine: str
    work_center: str
    blocks: list[MillOperation]


class MillGantt(Wire):
    """The blocks of each machine that has work in a stretch of time; `outside` lie before or behind it."""

    run_id: int
    published: bool
    from_: Instant = Field(alias="from")
    to: Instant
    zone: str
    rows: list[MillGanttRow]
    outside: int
    data: MillPlanData


class MillLoadsAsk(PageAsk, MillOfScheduleAsk):
    """Which loads."""

    work_center: MillCode | None = Field(None, description="Only this work centre.")
    level: MillLoadLevel | None = Field(None, description="Only weeks of this level.")


class MillLoad(Wire):
    """A week of a work centre in hours of work at efficiency 1.

    `load_h` is what the schedule puts there, `required_h` what due dates ask for whatever there is room for;
    `level` is that of the fuller of the two.
    """

    work_center: str
    bucket: int
    week_start: date
    iso_week: str
    machines: int
    capacity_h: float
    load_h: float
    load_pct: float | None
    required_h: float
    required_pct: float | None
    level: MillLoadLevel


class MillLoads(Wire):
    """Loads by work centre and week."""

    items: list[MillLoad]
    page: Page
    data: MillPlanData


class MillScheduleExplainAsk(MillOfScheduleAsk):
    """Which order of a schedule."""

    order: MillCode = Field(description="Its number.")
    format: Literal["json", "html", "fragment"] | None = Field(
        None, description="Default: what `Accept` asks for."
    )
    locale: Locale = Field("en", description="Language of the page.")


class MillPublished(Wire):
    """A schedule that is the mill's from now on. Publishing `before` again takes it back."""

    run_id: int
    before: int | None = Field(description="The schedule that was published until now.")
    placed: int = Field(description="Orders that have machine and day of it.")
    released: int = Field(description="Orders that the one before had placed, and this one has not.")
    skipped: list[str] = Field(
        description="Orders left alone: closed since, or somebody chose another machine for them."
    )
