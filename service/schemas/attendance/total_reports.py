"""Parameters and rows of the reports that sum days up."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.attendance.asked import Word
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.envelope import Wire


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
