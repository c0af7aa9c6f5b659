"""The date of today, for tests that would otherwise fail when midnight passes between two of their lines."""

import time
from datetime import date, datetime, timedelta, tzinfo

LEFT = timedelta(minutes=1)
"""What is left of the day at least when a test is told its date."""


def today(zone: tzinfo) -> date:
    """The date there; within a minute of midnight it waits for the next one."""
    now = datetime.now(zone)
    later = now + LEFT
    if later.date() > now.date():
        time.sleep(LEFT.total_seconds())
    return datetime.now(zone).date()
