"""The closed lists the rules speak in. Their numbers are stored: never renumber, only append."""

from enum import IntEnum, IntFlag
from typing import Final


class LogType(IntEnum):
    """What the device said about a punch."""

    OUT = -1
    UNKNOWN = 0
    IN = 1


class Pairing(IntEnum):
    """How entries and exits are told apart (spec D.4)."""

    ALTERNATING = 0
    STRICT = 1


class HoursMode(IntEnum):
    """Which time between punches counts (spec D.4)."""

    FIRST_LAST = 0
    EVERY_VALID = 1


class PersonStatus(IntEnum):
    """Employment status; undated, so only the upstream's own rules read it."""

    ACTIVE = 0
    INACTIVE = 1
    SUSPENDED = 2
    LEFT = 3


class Half(IntEnum):
    """A half of a shift."""

    UNKNOWN = 0
    FIRST = 1
    SECOND = 2


class RequestReason(IntEnum):
    """Why somebody was not at a device."""

    WFH = 1
    ON_DUTY = 2


class ExpectedPolicy(IntEnum):
    """What a leave does to the expected hours of its day (A.2, F.2)."""

    BY_TYPE = 0
    """Unpaid leave keeps them, any other takes them away."""
    ZERO = 1
    KEEP = 2
    PRORATE = 3
    """Takes away the leave's share of the day."""


class ScheduleSource(IntEnum):
    """Where the shift of a day came from."""

    NONE = 0
    ASSIGNMENT = 1
    DEFAULT = 2
    WEEKLY = 3


class HalfMonth(IntEnum):
    """The half-month pay period (quincena) that a weekly schedule holds in."""

    BOTH = 0
    FIRST = 1
    SECOND = 2


class Status(IntEnum):
    """What a day came to (spec F.3)."""

    PENDING = 0
    NOT_EMPLOYED = 1
    HOLIDAY = 2
    HOLIDAY_WORKED = 3
    REST = 4
    REST_WORKED = 5
    ON_LEAVE = 6
    WFH = 7
    ON_DUTY = 8
    PRESENT = 9
    LATE = 10
    LATE_FORGIVEN = 11
    SEVERE_LATE = 12
    MISSING_IN = 13
    MISSING_OUT = 14
    HALF_DAY = 15
    HALF_DAY_LEAVE = 16
    HALF_DAY_ABSENT = 17
    ABSENT = 18
    ABSENT_JUSTIFIED = 19


EXCUSING: Final = (
    Status.HOLIDAY,
    Status.REST,
    Status.ON_LEAVE,
    Status.WFH,
    Status.ON_DUTY,
    Status.ABSENT_JUSTIFIED,
)
"""Set by hand, these take away the expected time that was not worked."""


ABSENT_ON_LEAVE: Final = (
    Status.ON_LEAVE,
    Status.HALF_DAY_LEAVE,
    Status.HALF_DAY_ABSENT,
    Status.ABSENT_JUSTIFIED,
)
"""A day set by hand to anything else has used no leave."""


HALF_ON_LEAVE: Final = (Status.HALF_DAY_LEAVE, Status.HALF_DAY_ABSENT)
"""Set by hand, half of the day is leave, whatever leave there is."""


LATE_ENTRIES: Final = (Status.LATE, Status.SEVERE_LATE)
"""Set by hand, the entry was late and is not forgiven."""


DAY_OFF_WORKED: Final = (Status.HOLIDAY_WORKED, Status.REST_WORKED)
"""Nothing was expected on these, and all time is overtime."""


SETTABLE: Final = tuple(status for status in Status if status not in (Status.PENDING, Status.NOT_EMPLOYED))
"""What a day can be made by hand: employment is a person's dates, and pending is not a decision."""


class OtherHalf(IntEnum):
    """The half of a half day that was not leave, or not worked."""

    NONE = 0
    PRESENT = 1
    ABSENT = 2


class PendingReason(IntEnum):
    """Why a day has no outcome yet."""

    NONE = 0
    FUTURE = 1
    WINDOW_OPEN = 2
    AWAITING_CHECKINS = 3
    """The window has closed, but check-ins are not complete through its end."""
    UPSTREAM_NOT_THERE_YET = 4
    """The upstream's own watermark has not passed the window (spec D.5 steps 1 and 7)."""
    UPSTREAM_NOT_ASKED = 5
    """The upstream does not process this shift, or not this date (spec D.5)."""
    UPSTREAM_LEAVES_BLANK = 6
    """The upstream never marks this person's day (spec D.5 steps 6 and 7)."""


class Incident(IntFlag):
    """What somebody should look at; a bit mask, because a day can have several."""

    MISSING_IN = 1
    MISSING_OUT = 2
    OFF_SHIFT = 4
    DUPLICATE = 8
    WORKED_ON_LEAVE = 16
    AMBIGUOUS_TIME = 32
    NONEXISTENT_TIME = 64
    FUTURE = 128
    SKIPPED = 256
    OUTSIDE_EMPLOYMENT = 512
    WORKED_ON_DAY_OFF = 1024
    CONFLICT = 2048
    """Punches on a day that has attendance already, or would overlap another (spec D.5 step 6)."""


class PunchReason(IntEnum):
    """Why a punch went where it went. The first ones count, the others are kept beside the day."""

    WINDOW = 0
    TRIMMED_WINDOW = 1
    """The windows of two shifts met here; the punch is on this shift's side of the cut."""
    SHARED_INSTANT = 2
    """Exactly on the cut between two shifts: the earlier one's."""
    CALENDAR_DAY = 3
    """Outside the shift's own window, on a part of the day no other shift claims."""
    REST_DAY = 4
    OFF_SHIFT = 5
    DUPLICATE_ROW = 6
    DUPLICATE_BURST = 7
    SKIPPED = 8
    CONFLICT = 9
    DAY_OFF = 10
    BEFORE_PROCESSING = 11
    OUTSIDE_PERIOD = 12


COUNTED: Final = PunchReason.REST_DAY
"""Reasons up to this one count as punches of their day."""

CODES: Final = ("", "P", "A", "HD/P", "HD/A", "HD", "L", "WFH", "OD", "H", "WO")
"""Codes of the monthly sheet (spec D.10, D.12); stored as their index."""

CODE: Final = {text: index for index, text in enumerate(CODES)}

UPSTREAM_STATUS: Final = {
    "": "",
    "P": "Present",
    "OD": "Present",
    "A": "Absent",
    "HD/P": "Half Day",
    "HD/A": "Half Day",
    "HD": "Half Day",
    "L": "On Leave",
    "WFH": "Work From Home",
    "H": "",
    "WO": "",
}
"""The upstream's attendance status for a code; empty where it has no attendance."""


def incident_names(mask: int) -> list[str]:
    """The incidents in a mask, in bit order."""
    return [incident.name for incident in Incident if incident & mask and incident.name]
