"""When a cron expression is due on the clock of an IANA zone, as pure functions.

A time that the clock jumps over in spring is due once, an hour later by that clock; a time it shows twice in
autumn is due once, the first time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from croniter import croniter

STEADY: Final = "UTC"
"""The zone whose clock never jumps."""
SHIFT: Final = timedelta(hours=3)
"""More than any clock is ever moved for summer time."""


def due_after(cron: str, timezone: str, moment: datetime) -> datetime:
    """The first instant after `moment` at which the expression is due. Five fields, or six, seconds last."""
    if timezone == STEADY:  # of every few seconds: the search below would look at thousands of them
        return next(walls(cron, moment.astimezone(UTC)))
    zone = ZoneInfo(timezone)
    start = moment.astimezone(zone).replace(tzinfo=None) - SHIFT
    found: tuple[datetime, datetime] | None = None
    for wall in walls(cron, start):
        if found is not None and wall > found[0] + SHIFT:
            break
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        # Around a jump of the clock the order of wall times is not that of instants.
        if instant > moment and (found is None or instant < found[1]):
            found = found[0] if found else wall, instant
    assert found is not None
    return found[1]


def walls(cron: str, start: datetime) -> Iterator[datetime]:
    """Times after `start` by its own clock, without end. Raises `CroniterError` where there is none."""
    times = croniter(cron, start)
    while True:
        yield times.get_next(datetime)
