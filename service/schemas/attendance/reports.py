"""Parameters and rows of the desk's reports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.schemas.asked import CalendarDate, Word, WrittenAs
from service.schemas.attendance.entities import Status
from service.schemas.envelope import Ask, Fix, Instant, Wire

GroupBy = Literal["site", "department", "designation", "grade"]
Variant = Literal["recommended", "original", "statistics_fix"]
"""Which formulas the key figures follow (spec A.15)."""
Month = Annotated[
    str | None,
    Field(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$"),
    WrittenAs("YYYY-MM, such as 2026-10"),
]
"""A month of the years 1900 to 2199."""
Half = Annotated[
    str | None,
    Field(pattern=r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])-[12]$"),
    WrittenAs("YYYY-MM-1 or YYYY-MM-2, such as 2026-10-1"),
]
Week = Annotated[
    str | None,
    Field(pattern=r"^(19|20|21)\d{2}-W(0[1-9]|[1-4]\d|5[0-3])$"),
    WrittenAs("YYYY-Wnn, such as 2026-W42"),
]


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
    """A period by one of its names, or an inclusive range of dates; default the month of yesterday."""

    period: Literal["month", "quincena", "week"] | None = Field(
        None, description="The month, half-month or ISO week of yesterday, unless one is named."
    )
    month: Month = Field(None, description="YYYY-MM.")
    half: Half = Field(
        None,
        description="A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.",
    )
    week: Week = Field(None, description="An ISO week: 2026-W43.")
    cut: int | None = Field(
        None,
        ge=2,
        le=28,
        description="First day of pay periods that cross months: `cut=26` and `month=2026-10` are "
        "26 September to 25 October.",
    )
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = self._ways()
        if len(ways) > 1:
            raise ValueError(f"{' beside '.join(ways)}: give one of month, half, week, or from and to")
        if self.cut is not None and (ways not in ([], ["month"]) or self.period not in {None, "month"}):
            raise ValueError("cut goes with month, as in cut=26 and month=2026-10, or stands alone")
        word = {"month": "month", "quincena": "half", "week": "week"}.get(self.period or "")
        if word is not None and ways not in ([], [word]):
            raise ValueError(f"period={self.period} goes with {word}, or stands alone; leave {ways[0]} out")
        return self

    @model_validator(mode="after")
    def _dates_are_there(self) -> Self:
        if (self.from_ is None) != (self.to is None):
            raise ValueError("from and to come together")
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError("from is after to")
        if self.week is not None and self.week.endswith("W53"):
            # 28 December is always in the last ISO week of its year.
            last = date(int(self.week[:4]), 12, 28).isocalendar().week
            if last != 53:
                raise ValueError(f"{self.week[:4]} has no week 53; its last one is {self.week[:6]}{last}")
        return self

    def _ways(self) -> list[str]:
        given = {
            "month": self.month,
            "half": self.half,
            "week": self.week,
            "from and to": self.from_ or self.to,
        }
        return [name for name, value in given.items() if value is not None]


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
    dismissed: bool = Field(False, description="Show also what somebody has dismissed.")


class Dismissed(Wire):
    """Who said that an incident needs nothing more, when and why; revoked by the correction's id."""

    by: str
    at: Instant
    reason: str
    correction: int


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
    fixes: list[Fix] = Field([], description="Proposals, the best one first; none is made by itself.")
    dismissed: Dismissed | None = None
    link: str | None = None


class UpstreamCorrectionsParams(PeopleFilter):
    """Check-ins that people here added, on the days of a period; the rules make no difference."""


class UpstreamCorrectionRow(Wire):
    """One check-in as Frappe's Data Import takes it, then why it was added and by whom."""

    employee: str
    time: datetime
    log_type: Literal["IN", "OUT"] | None = None
    device_id: str | None = Field(None, description="Empty: no device saw it.")
    reason: str
    by: str


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


class DetailParams(PeopleFilter):
    """Every day of every person in a month or in any range of at most 366 days (spec A.12)."""

    variant: Variant = Field("recommended", description="Which formulas the key figures follow (spec A.15).")


class DetailRow(Wire):
    """One shift of one person on one date. Times are readings of the site's clock."""

    person: str = Field(title="Number")
    person_name: str = Field(title="Name")
    site: str | None = None
    day: date
    shift_seq: int = Field(title="Shift of the day", description="0, 1, …: a split shift has several rows.")
    weekday: int = Field(description="Day of the week: 1 is Monday, 7 is Sunday.")
    shift: str | None = None
    shift_start: datetime | None = Field(None, title="Scheduled entry")
    late_minutes: int = Field(description="Whole minutes after the scheduled entry; 0 where forgiven.")
    status: Status
    late_forgiven: bool = Field(description="Late, but the hours of the shift were met.")
    base_status: Status = Field(
        title="Original status", description="What the punches alone say, before leave and forgiveness."
    )
    base_late_minutes: int = Field(title="Original late minutes", description="Before forgiveness.")
    adjusted_status: Status = Field(
        description="The status, with an absence that a leave covers as ABSENT_JUSTIFIED."
    )
    on_leave: bool
    leave_type: str | None = None
    half_day_leave: bool
    absence_justified: bool = Field(description="A leave covers what would be an absence.")
    shift_end: datetime | None = Field(None, title="Scheduled exit")
    early: bool = Field(title="Early exit", description="Left before the scheduled exit, beyond the grace.")
    expected_net_seconds: int | None = Field(
        None, title="Expected", description="Hours of the shift less those of leave; empty on rest days."
    )
    gross_seconds: int | None = Field(None, title="From first to last punch")
    worked_seconds: int | None = Field(None, description="Empty without punches.")
    break_seconds: int | None = Field(
        None, title="Breaks", description="Between punches; subtracted only where the rule set says so."
    )
    punches: list[datetime] = Field(
        [], description="Punches that count, in order; `punch_1`, `punch_2`, … in files."
    )
    incidents: list[str] = []
