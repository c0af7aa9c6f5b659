"""Which cron expressions a subscription may have, and what of one was missed, as pure functions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from croniter import croniter
from croniter.croniter import CroniterError

from service.core.cron import SHIFT, walls

MOST_AN_HOUR: Final = 4
KEPT_MISSED: Final = timedelta(days=31)
"""How far back missed instants are put on record one by one."""
_FIELD: Final = re.compile(r"[0-9A-Za-z*/,#-]+")
_BY_CHANCE: Final = re.compile(r"(?<![A-Z])[RH](?![A-Z])")


def problem_of(cron: str) -> str | None:
    """What is wrong with an expression, in a sentence; None: it can be used."""
    fields = cron.split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        return "give five fields: minute, hour, day of month, month, day of week, such as 0 7 1 * *"
    if _BY_CHANCE.search(cron.upper()) or not croniter.is_valid(cron):
        return f"{cron!r} is not a cron expression; give one such as 0 7 1 * *"
    minutes = croniter.expand(cron)[0][0]
    if minutes == ["*"] or len(minutes) > MOST_AN_HOUR:
        return f"a report is delivered at most {MOST_AN_HOUR} times an hour; name the minutes"
    try:
        next(walls(cron, datetime(2026, 1, 1)))  # noqa: DTZ001  a wall clock has no zone
    except CroniterError:
        return f"{cron!r} names a date that never comes"
    return None


def due_until(cron: str, timezone: str, first: datetime, now: datetime) -> list[datetime]:
    """`first`, which is due, and all instants after it up to `now`; of the last `KEPT_MISSED` only."""
    zone = ZoneInfo(timezone)
    earliest = max(first, now - KEPT_MISSED)
    last = now.astimezone(zone).replace(tzinfo=None) + SHIFT
    due = {first}
    # One pass: 2,977 instants of a month of quarters took 2 s with a search of its own for each.
    for wall in walls(cron, earliest.astimezone(zone).replace(tzinfo=None) - SHIFT):
        if wall > last:
            break
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if earliest < instant <= now:
            due.add(instant)
    return sorted(due)
