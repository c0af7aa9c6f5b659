"""People, sites, devices, shift types, holiday lists, leaves, check-ins, days."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from pydantic import Field

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


class Day(Wire):
    """The result of one shift of one person on one date. Durations are integer seconds."""

    person: str
    person_name: str
    site: str | None = None
    work_date: date
    shift_seq: int
    shift: str | None = None
    schedule_source: str
    status: Status
    code: str = Field(description="The sheet's code: P, A, HD/P, HD/A, L, WFH, OD, H, WO or empty.")
    rule_set: str
    shift_start: datetime | None = None
    shift_end: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    first_in: datetime | None = None
    last_out: datetime | None = None
    punch_count: int
    hours: Decimal = Field(description="Worked hours, two decimals, rounded as the rule set rounds.")
    worked_seconds: int
    break_seconds: int
    expected_seconds: int
    expected_net_seconds: int
    deducted_seconds: int
    difference_seconds: int
    overtime_seconds: int
    late: bool
    late_minutes: int
    late_forgiven: bool
    early: bool
    early_minutes: int
    leave_type: str | None = None
    leave_fraction: Decimal | None = None
    incidents: list[str] = []


class PeopleAsk(PageAsk):
    """Filters of people."""

    site: str | None = Field(None, description="Name of a site.")
    department: str | None = None
    status: str | None = Field(None, description="Active, Inactive, Suspended or Left.")
    q: str | None = Field(None, max_length=100, description="Part of the name or number.")


class LeavesAsk(PageAsk):
    """Filters of leaves; `from`/`to` ask for leaves that overlap the range."""

    person: str | None = None
    site: str | None = None
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    leave_type: str | None = None
    status: str | None = None


class CheckinsAsk(PageAsk):
    """Filters of check-ins; the window is at most 366 days, by default the last 7."""

    person: str | None = None
    site: str | None = Field(None, description="Site of the person.")
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    device: str | None = None
    device_like: str | None = Field(None, description="LIKE pattern, `%villas%`; case does not matter.")
    log_type: Literal["IN", "OUT"] | None = None
    unassigned: bool | None = Field(None, description="Only punches that no shift claims.")


class DaysAsk(PageAsk):
    """Filters of day results; the window is at most 366 days, by default the current month."""

    person: str | None = None
    site: str | None = None
    department: str | None = None
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    status: Status | None = None
    incident: str | None = Field(None, description="Only days with this incident.")
    rule_set: str | None = Field(None, description="Name of a rule set; default `recommended`.")
