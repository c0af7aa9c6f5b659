"""Parameters and rows of the desk's reports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from service.schemas.attendance.asked import CalendarDate, Word
from service.schemas.attendance.entities import Status
from service.schemas.envelope import Ask, Wire

GroupBy = Literal["site", "department", "designation", "grade"]
MONTH: Final = r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$"


def require_one_way(month: str | None, start: date | None, end: date | None, prefix: str = "") -> None:
    """Raise `ValueError` unless this is a month, or a range of dates, or nothing."""
    from_, to = f"{prefix}from", f"{prefix}to"
    if month is not None and (start is not None or end is not None):
        raise ValueError(f"give either {prefix}month or {from_} and {to}")
    if (start is None) != (end is None):
        raise ValueError(f"{from_} and {to} come together")
    if start is not None and end is not None and start > end:
        raise ValueError(f"{from_} is after {to}")


class Period(Ask):
    """A month, or an inclusive range of dates; default the month of yesterday."""

    month: str | None = Field(None, pattern=MONTH, description="YYYY-MM.")
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        require_one_way(self.month, self.from_, self.to)
        return self


class People(Ask):
    """Whose rows: all people the caller may see, or some; and by which rules."""

    site: Word | None = Field(None, description="Name of a site.")
    company: Word | None = None
    department: Word | None = None
    person: Word | None = Field(None, description="Number of a person.")
    rule_set: Word | None = Field(None, description="Name of a rule set; default `recommended`.")


class PeopleFilter(People, Period):
    """Whose rows, of which days."""


class MonthlySheetParams(PeopleFilter):
    """The sheet of a month or of any range of at most 90 days (spec D.10)."""

    group_by: GroupBy | None = None
    summarized: bool = Field(False, description="Totals for each person instead of a code for each day.")


class MonthlySheetRow(Wire):
    """One person and shift (detailed), or one person (summarized)."""

    group: str | None = None
    person: str
    person_name: str
    shift: str | None = Field(None, description="Detailed only; empty for days without a shift.")
    days: dict[str, str] | None = Field(
        None, description="Code by ISO date: P, A, HD/P, HD/A, L, WFH, OD, H, WO."
    )
    total_present: Decimal | None = Field(None, description="Present + work from home + half of half days.")
    total_leaves: Decimal | None = Field(None, description="On leave + half of half days.")
    total_absent: Decimal | None = None
    total_holidays: Decimal | None = Field(None, description="Holidays and weekly offs without attendance.")
    unmarked_days: Decimal | None = None
    leaves: dict[str, Decimal] | None = Field(None, description="Days by leave type, such as casual_leave.")
    total_late_entries: int | None = None
    total_early_exits: int | None = None


class MonthlySheetExplainParams(Ask):
    """The cell to explain."""

    person: Word
    day: CalendarDate
    shift: str | None = Field(None, max_length=140)
    rule_set: Word | None = None


class ExceptionsParams(PeopleFilter):
    """What needs somebody's attention in a period."""

    kind: Word | None = Field(None, description="Only this kind, such as missing_punch.")


class ExceptionRow(Wire):
    """One thing that is not as it should be, with what would mend it."""

    kind: str
    person: str | None = None
    person_name: str | None = None
    site: str | None = None
    day: date
    subject: str = Field(description="What it concerns: a check-in, a device, a day.")
    need: str
    have: str
    reason: str
    remedies: list[str] = []
    link: str | None = None


class ReconciliationParams(PeopleFilter):
    """Ours against the upstream's own attendance; by default under the upstream's own rules, `frappe_hr`."""

    only_differences: bool = Field(True, description="Leave out rows on which both agree.")


class ReconciliationRow(Wire):
    """One person and day, ours beside the upstream's; `reason` says where the difference comes from."""

    person: str
    person_name: str
    site: str | None = None
    day: date
    shift: str | None = None
    ours: str | None = Field(None, description="Our status in the upstream's words; null: none.")
    theirs: str | None = None
    our_hours: Decimal | None = None
    their_hours: Decimal | None = None
    our_in: datetime | None = None
    their_in: datetime | None = None
    our_out: datetime | None = None
    their_out: datetime | None = None
    differs: list[str] = []
    reason: str | None = None
    upstream_name: str | None = None
    our_status: Status | None = None
