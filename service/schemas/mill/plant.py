"""Machines, work centres and calendars: what is asked, what they can do, what could be knitted next."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate, Moment, Sentences, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.mill.fields import MillCode, MillData
from service.schemas.mill.schedules import MillLoadLevel

MillMachineStatus = Literal["available", "running", "setup", "maintenance", "down", "retired"]
MillRating = Literal["EXCELLENT", "GOOD", "AVERAGE", "BELOW_AVERAGE", "POOR"]
Efficiency = Annotated[Decimal, Field(gt=0, le=Decimal("1.5"), decimal_places=4)]


class MillMachinesAsk(PageAsk):
    """Which machines."""

    work_center: MillCode | None = Field(None, description="Only of this work centre.")
    status: MillMachineStatus | None = Field(None, description="Only in this status.")


class MillMachine(Wire):
    """A machine. `calendar` null: it works round the clock; `calendar_of` says whose it is."""

    machine: str
    work_center: str
    status: MillMachineStatus
    usable: bool = Field(description="Whether anything is planned on it.")
    efficiency: str
    style: str | None = Field(description="What it is set up for.")
    available_from: Instant | None
    calendar: str | None
    calendar_of: Literal["machine", "work_center"] | None
    feeders: int | None
    rpm: str | None
    stitch_mm: str | None
    hourly_rate: str | None
    row_version: int


class MillMachineRead(MillMachine):
    """A machine, and how far what is told of it can be trusted."""

    data: MillData


class MillMachineListing(Wire):
    """Machines by code."""

    items: list[MillMachine]
    page: Page
    data: MillData


class MillMachineChangeAsk(Ask):
    """What to change of a machine; what is not named stays."""

    status: MillMachineStatus | None = Field(
        None, description="Nothing is planned in `maintenance`, `down`, `retired`."
    )
    available_from: Moment | None = Field(None, description="Nothing is planned before; null: at once.")
    efficiency: Efficiency | None = Field(None, description="Of its rate; 0.85 is 85 %.")
    reason: Sentences | None = Field(None, description="Why, for the audit.")

    @model_validator(mode="after")
    def _never_null(self) -> "MillMachineChangeAsk":
        for name in ("status", "efficiency"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("never_null", "{name} is never null; leave it out", {"name": name})
        return self


class MillSuggestionsAsk(Ask):
    """How many orders to suggest."""

    limit: int = Field(20, ge=1, le=200, description="Orders at most; `total` says how many there are.")


class MillSuggestion(Wire):
    """An order that a machine may knit next; `why` in words that rank it."""

    rank: int
    order: str
    style: str
    quantity_lb: str
    priority: int
    due_date: date | None
    ready_on: date | None = Field(description="When all of its yarn is there; null: not known, see `yarn`.")
    yarn: str = Field(
        description="READY, PARTIAL, WAITING, SHORT by the newest plan, or why it tells none: NO_BOM, "
        "BOM_REJECTED, BOM_CYCLE, PART_WITHOUT_BOM; NO_PLAN: it does not have the order."
    )
    setup_h: float
    run_h: float
    end: Instant = Field(description="When it would end, begun as soon as machine and yarn allow.")
    late_h: float | None = Field(description="Null: no due date.")
    rate_source: str
    rate_estimated: bool
    scheduled_on: str | None = Field(description="The machine that the published schedule has it on.")
    why: list[str]


class MillSuggestions(Wire):
    """What a machine could knit next, the best first."""

    machine: str
    from_: Instant = Field(alias="from", description="When it is free of what it has begun.")
    items: list[MillSuggestion]
    total: int
    data: MillData


class MillCapacityAsk(Ask):
    """Over how many weeks."""

    weeks: int = Field(4, ge=1, le=26, description="ISO weeks, what is left of this one first.")
    work_center: MillCode | None = Field(None, description="Only this work centre.")


class MillCenterCapacity(Wire):
    """A work centre over some weeks. Null figures: nobody states a rate, or no machine works."""

    work_center: str
    machines: int
    usable: int
    rated_lb_per_day: str | None = Field(description="All usable machines together, round the clock.")
    rate_estimated: bool
    capacity_h: float = Field(description="Hours of work that its calendars leave.")
    load_h: float = Field(description="Hours that orders due in these weeks ask for, past due ones too.")
    free_h: float
    utilisation_pct: float | None
    level: MillLoadLevel
    orders: int
    queued_lb: str


class MillCenterCapacities(Wire):
    """Every work centre; the list is whole."""

    weeks: int
    from_: Instant = Field(alias="from")
    items: list[MillCenterCapacity]
    data: MillData


class MillMachineCapacity(Wire):
    """A machine over some weeks. `rating` by pounds a day (A.11)."""

    machine: str
    work_center: str
    status: MillMachineStatus
    rated_lb_per_day: str | None
    rate_estimated: bool
    rating: MillRating | None
    window_h: float
    busy_h: float | None = Field(description="Of the published schedule; null: none was published.")
    utilisation_pct: float | None


class MillMachineCapacities(Wire):
    """Every machine; the list is whole."""

    weeks: int
    from_: Instant = Field(alias="from")
    items: list[MillMachineCapacity]
    data: MillData


class MillShift(Ask):
    """A shift of a weekday; an end not after its begin is on the next day."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    start: time
    end: time
    efficiency: Efficiency = Decimal(1)

    @field_validator("start", "end")
    @classmethod
    def _plain(cls, given: time) -> time:
        if given.tzinfo is not None or given.microsecond:
            raise PydanticCustomError("wall_clock", "give a wall clock of the calendar's zone such as 06:00")
        return given


class MillCalendarDay(Ask):
    """A day that is worked otherwise (with its hours), or not at all, or not within hours."""

    day: CalendarDate
    working: bool
    start: time | None = None
    end: time | None = None

    @model_validator(mode="after")
    def _both(self) -> "MillCalendarDay":
        if (self.start is None) != (self.end is None):
            raise PydanticCustomError("half_hours", "give start and end, or neither")
        if self.working and self.start is None:
            raise PydanticCustomError("no_hours", "a day that is worked has start and end")
        return self


class MillCalendarAsk(Ask):
    """A calendar as a whole; its name is in the path."""

    zone: Word = Field(description="IANA time zone of its wall clocks, such as America/New_York.")
    shifts: list[MillShift] = Field(max_length=100)
    days: list[MillCalendarDay] = Field([], max_length=1000, description="Holidays and special days.")
    work_centers: list[MillCode] | None = Field(
        None, max_length=500, description="Work centres that follow it; left out: as they are."
    )
    machines: list[MillCode] | None = Field(
        None, max_length=2000, description="Machines that follow it whatever their centre does."
    )


class MillCalendar(Wire):
    """A calendar and who follows it."""

    name: str
    zone: str
    shifts: list[MillShift]
    days: list[MillCalendarDay]
    work_centers: list[str]
    machines: list[str]
    row_version: int


class MillCalendarListing(Wire):
    """Every calendar; the list is whole."""

    items: list[MillCalendar]


class MillCalendarGone(Wire):
    """A calendar that was removed; who followed it works round the clock now."""

    name: str
    work_centers: list[str]
    machines: list[str]
