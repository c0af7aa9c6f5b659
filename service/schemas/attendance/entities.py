"""People, sites, devices, shift types, holiday lists, leaves, check-ins, days."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Pattern, Word
from service.schemas.envelope import Instant, PageAsk, Wire

Status = Literal[
    "PRESENT",
    "LATE",
    "LATE_FORGIVEN",
    "SEVERE_LATE",
    "ABSENT",
    "ABSENT_JUSTIFIED",
    "ON_LEAVE",
    "HALF_DAY_LEAVE",
    "HALF_DAY_ABSENT",
    "HALF_DAY",
    "WFH",
    "ON_DUTY",
    "MISSING_IN",
    "MISSING_OUT",
    "REST",
    "HOLIDAY",
    "REST_WORKED",
    "HOLIDAY_WORKED",
    "NOT_EMPLOYED",
    "PENDING",
]
"""What a day was (spec F.3)."""

PersonStatus = Literal["Active", "Inactive", "Suspended", "Left"]
LeaveStatus = Literal["Open", "Approved", "Rejected", "Cancelled"]


class Site(Wire):
    """Where people work."""

    id: int
    name: str


class Device(Wire):
    """A clock on a wall. `site` is null until somebody maps it."""

    id: int
    name: str
    site: str | None = None


class Holiday(Wire):
    """One day off; a weekly rest day has `weekly_off`."""

    day: date
    description: str = ""
    weekly_off: bool = False
    half_day: bool = False


class HolidayList(Wire):
    """A calendar of days off."""

    id: int
    name: str
    from_date: date | None = None
    to_date: date | None = None
    holidays: list[Holiday] = []


class ShiftType(Wire):
    """Hours of work and how punches are judged against them. `end_time` before `start_time`: overnight."""

    id: int
    name: str
    start_time: time
    end_time: time
    overnight: bool
    before_minutes: int = Field(description="The window opens this long before the start.")
    after_minutes: int = Field(description="The window closes this long after the end.")
    late_marking: bool
    late_grace_minutes: int
    early_marking: bool
    early_grace_minutes: int
    half_day_threshold_hours: Decimal = Field(description="Fewer hours are a half day; 0 is off.")
    absent_threshold_hours: Decimal = Field(description="Fewer hours are an absence; 0 is off.")
    pairing_mode: Literal["alternating", "strict"]
    hours_mode: Literal["first_last", "every_valid"]
    auto_attendance: bool = Field(description="Whether the upstream itself judges this shift.")
    mark_on_holidays: bool
    process_after: date | None = Field(None, description="The upstream judges days from here on.")
    last_sync: datetime | None = Field(
        None, description="Up to here the upstream says that its devices are read (site's clock)."
    )
    holiday_list: str | None = None


class Person(Wire):
    """Somebody whose attendance is reported. `number` is the one payroll knows."""

    number: str
    name: str
    status: str
    site: str | None = None
    company: str | None = None
    department: str | None = None
    designation: str | None = None
    grade: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    default_shift: str | None = None
    holiday_list: str | None = None
    device_user: str | None = None


class Leave(Wire):
    """A leave application; it counts when `status` is Approved and `submitted`."""

    id: int
    name: str
    person: str
    person_name: str
    leave_type: str
    unpaid: bool
    from_date: date
    to_date: date
    half_day_date: date | None = None
    half: Literal["first", "second"] | None = None
    status: str
    submitted: bool


class Checkin(Wire):
    """One punch. `local_time` is the site's clock, `at` the same instant with offset."""

    id: int
    name: str
    person: str | None = Field(description="Null: the upstream's number is not a person we know.")
    person_name: str | None = None
    unknown_person: str | None = None
    local_time: datetime = Field(description="The clock on the wall, without zone.")
    at: Instant
    log_type: Literal["IN", "OUT"] | None = None
    device: str | None = None
    site: str | None = None
    skip: bool = False


class UpstreamAttendance(Wire):
    """The upstream's own verdict on a day, in its words, to compare with ours."""

    id: int
    name: str
    person: str | None = None
    person_name: str | None = None
    site: str | None = None
    day: date
    status: str
    other_half: str | None = None
    shift: str | None = None
    hours: Decimal
    in_time: datetime | None = Field(None, description="The clock on the wall, without zone.")
    out_time: datetime | None = None
    late: bool
    early: bool
    leave_type: str | None = None
    submitted: bool = Field(description="False for drafts and for what was cancelled.")


class Day(Wire):
    """The result of one shift of one person on one date. Durations are integer seconds.

    Times without offset are readings of the site's clock.
    """

    person: str
    person_name: str
    site: str | None = None
    department: str | None = None
    work_date: date
    shift_seq: int = Field(description="0, 1, … within the date: a split shift has several rows.")
    shift: str | None = None
    schedule_source: str
    status: Status
    base_status: Status = Field(description="Before lateness was forgiven or an absence justified.")
    code: str = Field(description="The sheet's code: P, A, HD/P, HD/A, L, WFH, OD, H, WO or empty.")
    other_half: str | None = None
    rule_set: str = Field(description="Name and version, such as `recommended/1`.")
    shift_start: datetime | None = None
    shift_end: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    first_in: datetime | None = None
    last_out: datetime | None = None
    punch_count: int = Field(description="Check-ins that count; `punches` may hold others behind them.")
    punches: list[int] = Field([], description="Ids of the check-ins of this row.")
    hours: Decimal = Field(description="Worked hours, two decimals, rounded as the rule set rounds.")
    gross_seconds: int
    break_seconds: int
    worked_seconds: int
    expected_seconds: int
    expected_net_seconds: int
    deducted_seconds: int
    difference_seconds: int
    overtime_seconds: int
    late: bool
    late_seconds: int
    late_minutes: int
    late_counted: bool
    late_forgiven: bool
    early: bool
    early_seconds: int
    early_minutes: int
    leave_type: str | None = None
    leave_fraction: Decimal | None = Field(None, description="Share of the day that is leave.")
    holiday: str | None = Field(None, description="Description of the holiday or rest day.")
    pending_reason: str | None = Field(None, description="Why a day is still PENDING.")
    incidents: list[str] = []


class MastersAsk(PageAsk):
    """Filters of sites, shift types and holiday lists."""

    q: Word | None = Field(None, description="Part of the name.")


class DevicesAsk(PageAsk):
    """Filters of devices."""

    site: Word | None = Field(None, description="Name of the site the device is mapped to.")
    device_like: Pattern | None = Field(None, description="LIKE pattern, `%villas%`; case does not matter.")


class PeopleAsk(PageAsk):
    """Filters of people."""

    site: Word | None = Field(None, description="Name of a site.")
    department: Word | None = None
    status: PersonStatus | None = None
    q: Word | None = Field(None, description="Part of the name or number.")


class WindowAsk(PageAsk):
    """Whose rows, and of which inclusive dates: at most 366."""

    person: Word | None = Field(None, description="Number of a person.")
    site: Word | None = Field(None, description="Site of the person.")
    from_: CalendarDate | None = Field(
        None,
        alias="from",
        description="First date; by default of the month of `to`, for check-ins of the week up to it.",
    )
    to: CalendarDate | None = Field(None, description="Last date, included; default today.")


class LeavesAsk(WindowAsk):
    """Filters of leaves; `from` and `to` ask for leaves that overlap these dates, without them for all."""

    leave_type: Word | None = None
    status: LeaveStatus | None = None


class CheckinsAsk(WindowAsk):
    """Filters of check-ins; by default those of the last 7 days."""

    device: Word | None = Field(None, description="Name of a device.")
    device_like: Pattern | None = Field(None, description="LIKE pattern, `%villas%`; case does not matter.")
    log_type: Literal["IN", "OUT"] | None = None
    unassigned: bool | None = Field(
        None, description="True: only punches that no shift claims; false: only punches that one does."
    )
    rule_set: Word | None = Field(
        None, description="Under which rules a shift claims punches; default `recommended`."
    )


class DaysAsk(WindowAsk):
    """Filters of day results; by default those of the running month."""

    department: Word | None = None
    status: Status | None = None
    incident: Word | None = Field(None, description="Only days with this incident, such as `MISSING_OUT`.")
    rule_set: Word | None = Field(None, description="Name of a rule set; default `recommended`.")


class UpstreamAttendanceAsk(WindowAsk):
    """Filters of the upstream's own attendance; by default that of the running month."""

    status: Word | None = Field(None, description="In the upstream's words, such as `Half Day`.")


class HookAccepted(Wire):
    """What a webhook is told: which sync run will see the change."""

    run: str
    started: bool = Field(description="False: a run was under way already and stands for this hint too.")
