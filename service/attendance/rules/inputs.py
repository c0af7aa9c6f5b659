"""What the rules read, as columns. Rows refer to each other by id; the order of rows never matters."""

from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from service.attendance.rules.columns import (
    LEFT_OUT,
    NONE,
    Bools,
    Clock,
    Dates,
    Floats,
    Ints,
    Table,
    Texts,
)

_NEVER = np.datetime64("NaT")


@dataclass(frozen=True)
class ShiftTypes(Table):
    """Named working times of a day with their windows, grace periods and thresholds (spec D.2)."""

    id: Ints
    start_s: Ints
    """Seconds after midnight."""
    end_s: Ints
    """Seconds after midnight; not after the start means the next day."""
    name: Annotated[Texts, ""] = LEFT_OUT
    before_min: Annotated[Ints, 60] = LEFT_OUT
    after_min: Annotated[Ints, 60] = LEFT_OUT
    late_marking: Annotated[Bools, False] = LEFT_OUT
    late_grace_min: Annotated[Ints, 0] = LEFT_OUT
    early_marking: Annotated[Bools, False] = LEFT_OUT
    early_grace_min: Annotated[Ints, 0] = LEFT_OUT
    half_day_hours: Annotated[Floats, 0.0] = LEFT_OUT
    """Fewer hours are half a day; 0 is off."""
    absent_hours: Annotated[Floats, 0.0] = LEFT_OUT
    """Fewer hours are an absence; 0 is off."""
    pairing: Annotated[Ints, 0] = LEFT_OUT
    """A `Pairing`."""
    hours_mode: Annotated[Ints, 0] = LEFT_OUT
    """An `HoursMode`."""
    holiday_list: Annotated[Ints, NONE] = LEFT_OUT
    mark_on_holidays: Annotated[Bools, False] = LEFT_OUT
    auto: Annotated[Bools, False] = LEFT_OUT
    """Whether the upstream itself makes attendance for this shift."""
    process_after: Annotated[Dates, _NEVER] = LEFT_OUT
    last_sync: Annotated[Clock, _NEVER] = LEFT_OUT


@dataclass(frozen=True)
class People(Table):
    """Who is evaluated: every row gets every day."""

    id: Ints
    joined: Annotated[Dates, _NEVER] = LEFT_OUT
    left: Annotated[Dates, _NEVER] = LEFT_OUT
    """The last day of employment."""
    created: Annotated[Dates, _NEVER] = LEFT_OUT
    """Stands in for a missing date of joining where the upstream's own rules say so (spec D.5 step 7)."""
    status: Annotated[Ints, 0] = LEFT_OUT
    """A `PersonStatus`."""
    default_shift: Annotated[Ints, NONE] = LEFT_OUT
    holiday_list: Annotated[Ints, NONE] = LEFT_OUT
    company_holiday_list: Annotated[Ints, NONE] = LEFT_OUT
    company: Annotated[Ints, NONE] = LEFT_OUT


@dataclass(frozen=True)
class Assignments(Table):
    """Who works which shift from when to when; only submitted, active ones."""

    person: Ints
    shift_type: Ints
    start: Dates
    end: Annotated[Dates, _NEVER] = LEFT_OUT


@dataclass(frozen=True)
class WeeklySchedules(Table):
    """Which shift a person works on a weekday, from when to when (A.5)."""

    person: Ints
    shift_type: Ints
    weekday: Ints
    """1 is Monday."""
    start: Dates
    end: Annotated[Dates, _NEVER] = LEFT_OUT
    half: Annotated[Ints, 0] = LEFT_OUT
    """A `HalfMonth`."""
    priority: Annotated[Ints, 2] = LEFT_OUT
    """1 for a row that stands before the general ones, 2."""


@dataclass(frozen=True)
class HolidayListAssignments(Table):
    """Dated holiday lists (spec D.12): of one person, or, where person is `NONE`, of a company."""

    holiday_list: Ints
    start: Dates
    person: Annotated[Ints, NONE] = LEFT_OUT
    company: Annotated[Ints, NONE] = LEFT_OUT


@dataclass(frozen=True)
class Holidays(Table):
    """Days off of the holiday lists."""

    holiday_list: Ints
    date: Dates
    weekly_off: Annotated[Bools, False] = LEFT_OUT
    half_day: Annotated[Bools, False] = LEFT_OUT
    description: Annotated[Texts, ""] = LEFT_OUT


@dataclass(frozen=True)
class LeaveTypes(Table):
    """Kinds of leave."""

    id: Ints
    name: Annotated[Texts, ""] = LEFT_OUT
    unpaid: Annotated[Bools, False] = LEFT_OUT
    include_holiday: Annotated[Bools, False] = LEFT_OUT
    policy: Annotated[Ints, 0] = LEFT_OUT
    """An `ExpectedPolicy`: what the leave does to the hours expected that day."""


@dataclass(frozen=True)
class Leaves(Table):
    """Leave applications; only what is approved **and** submitted counts (C.6)."""

    id: Ints
    person: Ints
    leave_type: Ints
    start: Dates
    end: Dates
    half_day_date: Annotated[Dates, _NEVER] = LEFT_OUT
    half: Annotated[Ints, 0] = LEFT_OUT
    """A `Half`: the half of `half_day_date` that is leave."""
    approved: Annotated[Bools, True] = LEFT_OUT
    docstatus: Annotated[Ints, 1] = LEFT_OUT


@dataclass(frozen=True)
class Requests(Table):
    """Attendance requests: days worked from home or on duty elsewhere (spec D.7)."""

    id: Ints
    person: Ints
    start: Dates
    end: Dates
    reason: Ints
    """A `RequestReason`."""
    half_day_date: Annotated[Dates, _NEVER] = LEFT_OUT
    include_holidays: Annotated[Bools, False] = LEFT_OUT


@dataclass(frozen=True)
class ManualDays(Table):
    """Attendance that somebody entered upstream by hand; it stands before what check-ins say there."""

    id: Ints
    person: Ints
    date: Dates
    status: Ints
    """A `Status`."""
    shift_type: Annotated[Ints, NONE] = LEFT_OUT
    """`NONE`: it holds for every shift of the day."""


@dataclass(frozen=True)
class Overrides(Table):
    """What a person here decided about a day, with reason; it stands before everything but employment."""

    id: Ints
    """Of several for one row the highest holds."""
    person: Ints
    date: Dates
    status: Ints
    """A `Status`."""
    shift_seq: Annotated[Ints, NONE] = LEFT_OUT
    """`NONE`: it holds for every shift of the day."""


@dataclass(frozen=True)
class Punches(Table):
    """Check-ins, as recorded."""

    id: Ints
    person: Ints
    time: Clock
    log_type: Annotated[Ints, 0] = LEFT_OUT
    """A `LogType`."""
    skip: Annotated[Bools, False] = LEFT_OUT
    rank: Annotated[Ints, 0] = LEFT_OUT
    """Place of the upstream name in name order: decides between equal times."""


@dataclass(frozen=True)
class Inputs:
    """Everything a period is computed from.

    Check-ins and schedules are needed from `LOOKAROUND_DAYS` before the first day to as many after the last
    one, so that a shift across midnight has all its punches.
    """

    people: People
    shift_types: ShiftTypes = field(default_factory=ShiftTypes.empty)
    punches: Punches = field(default_factory=Punches.empty)
    assignments: Assignments = field(default_factory=Assignments.empty)
    weekly_schedules: WeeklySchedules = field(default_factory=WeeklySchedules.empty)
    holidays: Holidays = field(default_factory=Holidays.empty)
    holiday_list_assignments: HolidayListAssignments = field(default_factory=HolidayListAssignments.empty)
    leave_types: LeaveTypes = field(default_factory=LeaveTypes.empty)
    leaves: Leaves = field(default_factory=Leaves.empty)
    requests: Requests = field(default_factory=Requests.empty)
    manual_days: ManualDays = field(default_factory=ManualDays.empty)
    overrides: Overrides = field(default_factory=Overrides.empty)


LOOKAROUND_DAYS = 2
"""The longest shift with its window spans less than two days either side of its date."""
