"""Parameters and rows of the reports whose rows are days: one person, date and shift."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.attendance.entities import Status
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.envelope import Ask, Wire

DayFigure = Literal[
    "code", "status", "first_in", "last_out", "hours", "worked_seconds", "expected_seconds",
    "expected_net_seconds", "difference_seconds", "overtime_seconds", "punch_count",
    "late", "late_seconds", "late_minutes", "late_counted", "late_forgiven",
    "early", "early_seconds", "early_minutes", "late_entry_seconds", "early_exit_seconds",
]  # fmt: skip
"""Figures of a day that explain themselves."""


class DayRow(Wire):
    """Whose day it is, and of which shift."""

    person: str
    person_name: str
    site: str | None = None
    department: str | None = None
    day: date
    shift: str | None = Field(None, description="Null on a day without a shift.")


class DayFigureParams(Ask):
    """The figure of a day to explain."""

    person: Word
    day: CalendarDate
    shift: str | None = Field(None, max_length=140)
    figure: DayFigure = "code"
    consider_grace_period: bool = Field(True, description="For `late_entry_seconds`, `early_exit_seconds`.")
    rule_set: Word | None = None


class ShiftAttendanceParams(PeopleFilter):
    """Attendance by shift (spec D.10)."""

    shift: Word | None = Field(None, description="Name of a shift type.")
    late_entry: bool = Field(False, description="Only days with a late entry.")
    early_exit: bool = Field(False, description="Only days with an early exit.")
    consider_grace_period: bool = Field(True, description="Count late and early time beyond the grace only.")


class ShiftAttendanceRow(DayRow):
    """One day of one shift; wall-clock times of the site."""

    company: str | None = None
    status: Status
    attendance: str = Field(description="The status in the upstream's words: Present, Half Day, Absent.")
    shift_start: datetime | None = None
    shift_end: datetime | None = None
    first_in: datetime | None = None
    last_out: datetime | None = None
    hours: Decimal
    worked_seconds: int
    late: bool
    late_entry_seconds: int = Field(description="After the start, or after its grace where considered.")
    early: bool
    early_exit_seconds: int = Field(description="Before the end, or before its grace where considered.")
    window_start: datetime | None = Field(None, description="From when check-ins count (actual start).")
    window_end: datetime | None = Field(None, description="Until when check-ins count (actual end).")
    upstream_name: str | None = Field(None, description="The upstream's own attendance of the day.")


class LateEarlyParams(PeopleFilter):
    """Late arrivals and early exits."""

    within_grace: bool = Field(False, description="Also those that the grace covers.")


class LateEarlyRow(DayRow):
    """A day with a late arrival, an early exit or both; `late` and `early` mean beyond the grace."""

    status: Status
    shift_start: datetime | None = None
    first_in: datetime | None = None
    late: bool
    late_minutes: int = Field(description="Whole minutes, rounded down.")
    late_seconds: int
    late_grace_seconds: int = Field(description="The grace the rules went by.")
    late_forgiven: bool = Field(description="The hours of the shift were worked all the same.")
    late_counted: bool
    shift_end: datetime | None = None
    last_out: datetime | None = None
    early: bool
    early_minutes: int = Field(description="Whole minutes, rounded down.")
    early_seconds: int
    early_grace_seconds: int


class OvertimeParams(PeopleFilter):
    """Time worked beyond what was expected."""

    at_least_seconds: int = Field(1, ge=1, le=86_400, description="Leave out days with less overtime.")


class OvertimeRow(DayRow):
    """A day with overtime; on a day off all time is overtime."""

    status: Status
    day_off: bool = Field(description="Worked on a holiday, a weekly off or a day without a shift.")
    holiday: str | None = Field(None, description="What the day off is called, where it has a name.")
    first_in: datetime | None = None
    last_out: datetime | None = None
    worked_seconds: int
    expected_net_seconds: int = Field(description="The shift's time without what leave takes away.")
    overtime_seconds: int


class HolidayWorkParams(PeopleFilter):
    """Work on a day of the person's own holiday list (spec D.10)."""

    holiday_list: Word | None = Field(None, description="Name of a holiday list.")
    weekly_off: bool | None = Field(None, description="Only weekly offs, or only feasts; default both.")


class HolidayWorkRow(DayRow):
    """A day worked although it is in the person's holiday list."""

    company: str | None = None
    status: Status
    holiday: str = Field(description="What the holiday list says of the day.")
    holiday_list: str
    weekly_off: bool
    half_day_holiday: bool
    first_in: datetime | None = None
    last_out: datetime | None = None
    worked_seconds: int
    overtime_seconds: int
