"""What an incident of a day says: in the report of exceptions, and where the day explains itself."""

from collections.abc import Mapping
from typing import Final

INCIDENTS: Final[Mapping[str, tuple[str, str, str, tuple[str, ...]]]] = {
    "MISSING_IN": (
        "missing_punch",
        "a punch in",
        "no punch in",
        ("add the punch in upstream", "ask the person when they came"),
    ),
    "MISSING_OUT": (
        "missing_punch",
        "a punch out",
        "no punch out",
        ("add the punch out upstream", "ask the person when they left"),
    ),
    "OFF_SHIFT": (
        "off_shift",
        "punches within the shift's window",
        "punches outside every window",
        ("assign the shift the person really worked", "widen the shift type's window", "dismiss it"),
    ),
    "DUPLICATE": (
        "duplicate",
        "one punch for one passage",
        "punches that repeat each other",
        ("nothing: they are counted once", "look at the clock if it happens often"),
    ),
    "WORKED_ON_LEAVE": (
        "worked_on_leave",
        "no work on a day of leave",
        "punches on a day of leave",
        ("cancel the leave", "approve the hours as overtime"),
    ),
    "AMBIGUOUS_TIME": (
        "ambiguous_time",
        "one instant for each punch",
        "a punch in the hour that the clock shows twice",
        ("check the hour with the person",),
    ),
    "NONEXISTENT_TIME": (
        "nonexistent_time",
        "a time that the clock shows",
        "a punch in the hour that the clock skips",
        ("set the device's clock", "correct the punch upstream"),
    ),
    "FUTURE": (
        "future",
        "punches of the past",
        "a punch in the future",
        ("set the device's clock", "delete the punch upstream"),
    ),
    "SKIPPED": (
        "skipped",
        "every punch counted",
        "a punch that the upstream marks as skipped",
        ("clear its skip mark upstream", "dismiss it"),
    ),
    "OUTSIDE_EMPLOYMENT": (
        "outside_employment",
        "punches between joining and leaving",
        "punches outside employment",
        ("correct the date of joining or leaving upstream",),
    ),
    "WORKED_ON_DAY_OFF": (
        "worked_on_day_off",
        "no work on a day off",
        "punches on a day off",
        ("approve the hours as overtime", "assign a shift for that day"),
    ),
    "CONFLICT": (
        "conflict",
        "one attendance for the day",
        "punches on a day that has attendance already",
        ("cancel the attendance upstream and process the day again",),
    ),
}
"""Incident of the rules: kind, what is needed, what there is, remedies."""
