"""Parameters and rows of the reports that sum days up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from service.schemas.asked import EARLIEST, LATEST, CalendarDate, Word
from service.schemas.attendance.reports import Month, People, PeopleFilter, require_one_way
from service.schemas.envelope import Instant, Wire

_BESIDE: Final = timedelta(days=2)
"""A head count reads the dates beside its own, in any zone."""


class LeaveUsageParams(PeopleFilter):
    """Leave that was used."""

    unpaid: bool | None = Field(None, description="Only unpaid, or only paid leave; default both.")


class LeaveUsageRow(Wire):
    """Days of one person and leave type; a half day is 0.5."""

    person: str
    person_name: str
    site: str | None = None
    department: str | None = None
    leave_type: str
    unpaid: bool
    days: Decimal
    full_days: int
    half_days: int
    first_day: date
    last_day: date


class LeaveUsageFigureParams(PeopleFilter):
    """The figure of a person and leave type to explain."""

    person: Word
    leave_type: Word
    figure: Literal["days", "full_days", "half_days"] = "days"


class HeadcountParams(People):
    """Who is in at an instant: now, or another one."""

    at: Instant | None = Field(None, description="The instant; default now. None that lies ahead.")
    day: CalendarDate | None = Field(
        None, description="Instead of `at`: today is now, an earlier date is its end. Default today."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.at is not None and self.day is not None:
            raise ValueError("give either at or day")
        day = self.day if self.at is None else self.at.date()
        if day is not None and not EARLIEST + _BESIDE <= day <= LATEST - _BESIDE:
            raise ValueError("give an instant or a date of the years 1900 to 2199")
        return self


class HeadcountRow(Wire):
    """Somebody who is in: the last punch is an entry, and the window of its shift has not closed."""

    person: str
    person_name: str
    site: str | None = Field(None, description="Where the person belongs.")
    department: str | None = None
    at_site: str | None = Field(
        None, description="Where the last punch was; the person's site where unknown."
    )
    device: str | None = None
    shift: str | None = None
    since: Instant = Field(description="The last punch.")
    shift_end: Instant | None = None
    overdue: bool = Field(description="The shift has ended: still working, or a punch out is missing.")


class HeadcountPersonParams(HeadcountParams):
    """The person whose being in is to be explained."""

    person: Word


TotalFigure = Literal[
    "people", "scheduled", "attended", "absent", "on_leave", "late", "early", "missing_punches",
    "worked_seconds", "expected_seconds", "expected_net_seconds", "overtime_seconds",
    "attendance_percent", "mean_deviation_seconds", "punctuality_percent", "lost_percent",
]  # fmt: skip
"""Figures of a period: sums of its days, and shares of such sums."""


class CompareParams(PeopleFilter):
    """Two periods, two sites, or both; the second is the period before where neither is given."""

    with_month: Month = Field(None, description="The second period, YYYY-MM.")
    with_from: CalendarDate | None = None
    with_to: CalendarDate | None = None
    with_site: Word | None = Field(None, description="Name of the second site.")

    @model_validator(mode="after")
    def _second(self) -> Self:
        require_one_way(self.with_month, self.with_from, self.with_to, "with_")
        return self


class CompareRow(Wire):
    """One figure of both sides; seconds and counts as integers, days and shares as decimals."""

    figure: TotalFigure
    unit: str
    first: int | Decimal | None = None
    second: int | Decimal | None = None
    difference: int | Decimal | None = Field(None, description="First less second.")
    change_percent: Decimal | None = Field(None, description="The difference as a share of the second.")


class CompareFigureParams(CompareParams):
    """The figure and side to explain."""

    figure: TotalFigure
    side: Literal["first", "second"] = "first"


class DashboardParams(PeopleFilter):
    """Key figures of a period, and its days one by one."""


class DashboardRow(Wire):
    """One date: its scheduled days divided into attendance, absence and leave, and what went with them."""

    day: date
    scheduled: int = Field(description="People with a shift that is neither a holiday nor a weekly off.")
    attended: Decimal
    absent: Decimal
    on_leave: Decimal
    late: int
    early: int
    missing_punches: int
    attended_percent: Decimal | None = Field(None, description="Attended of scheduled; null without any.")


class DashboardFigureParams(PeopleFilter):
    """The figure to explain: of one date, or of the whole period."""

    day: CalendarDate | None = None
    figure: TotalFigure
