"""The date and the hour now, for tests that would otherwise fail when one ends between two of their lines."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

LEFT = timedelta(minutes=1)
"""What is left at least of the day or the hour that a test is told."""


def today(zone: tzinfo) -> date:
    """The date there; within a minute of midnight it waits for the next one."""
    return _soon(zone, lambda at: at.date()).date()


def hour(zone: tzinfo) -> int:
    """The hour there, 0 to 23; within a minute of its end it waits for the next one."""
    return _soon(zone, lambda at: at.hour).hour


def _soon(zone: tzinfo, part: Callable[[datetime], object]) -> datetime:
    """Now, or in a minute if that part of it would change until then."""
    now = datetime.now(zone)
    if part(now + LEFT) != part(now):
        time.sleep(LEFT.total_seconds())
    return datetime.now(zone)
