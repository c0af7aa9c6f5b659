"""Which local days to ask for, and in which order (spec D.4): a function of what was seen; no clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from service.crew.rules.slots import midnight

Mode = Literal["update", "startup", "comprehensive", "manual"]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Freshness:
    """For how long a look at a day is fresh; `final`: after its end a day is asked for once more.

    `slack`: who comes by at a beat takes what would go stale just after it, or every second beat would be
    for nothing.
    """

    today: timedelta = timedelta(minutes=5)
    tomorrow: timedelta = timedelta(minutes=60)
    later: timedelta = timedelta(hours=24)
    final: timedelta = timedelta(minutes=30)
    slack: timedelta = timedelta(0)

    def of(self, day: date, today: date) -> timedelta:
        """For how long a look at a day is fresh that has not ended."""
        ahead = (day - today).days
        return self.today if ahead <= 0 else self.tomorrow if ahead == 1 else self.later


@dataclass(frozen=True, slots=True)
class Seen:
    """When days were looked at: `in_force` by what is in force, `last` by any look, also a rejected one."""

    in_force: Mapping[date, datetime] = field(default_factory=dict)
    last: Mapping[date, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is for: `dates`, or the week of today and `days` from today; `force`: whatever is fresh."""

    mode: Mode
    days: int
    dates: Sequence[date] | None = None
    force: bool = False


def local_date(now: datetime, zone: str) -> date:
    """Today at a station."""
    return now.astimezone(ZoneInfo(zone)).date()


def span(today: date, days: int) -> list[date]:
    """Monday of this week up to its Sunday, or to the last of so many days from today where that is later."""
    first = today - timedelta(days=today.weekday())
    last = max(first + WEEK - timedelta(days=1), today + timedelta(days=days - 1))
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def plan(wanted: Wanted, seen: Seen, now: datetime, zone: str, fresh: Freshness) -> list[date]:
    """The days to ask for, the most urgent first: today, tomorrow, what is past and not final, the rest."""
    today = local_date(now, zone)
    dates = _dates(wanted, seen, today) if wanted.dates is None else sorted(set(wanted.dates))
    due = dates if wanted.force else list(_due(wanted, dates, seen, now, zone, fresh))
    return sorted(due, key=lambda day: (_rank(day, today), day))


def _dates(wanted: Wanted, seen: Seen, today: date) -> list[date]:
    """The span, and the days of a week before it that were seen: Sunday is final only on Monday."""
    dates = span(today, wanted.days)
    before = (day for day in seen.in_force if dates[0] - WEEK <= day < dates[0])
    return [*sorted(before), *dates] if wanted.mode != "manual" else dates


def _due(
    wanted: Wanted, dates: Iterable[date], seen: Seen, now: datetime, zone: str, fresh: Freshness
) -> Iterator[date]:
    today = local_date(now, zone)
    for day in dates:
        ahead = day > today
        if (ahead and wanted.mode == "comprehensive") or not is_fresh(day, seen, now, zone, fresh):
            yield day


def is_fresh(day: date, seen: Seen, now: datetime, zone: str, fresh: Freshness) -> bool:
    """Whether a day need not be asked for (spec D.4, table)."""
    today = local_date(now, zone)
    if day < today:
        return _is_final(day, seen, now, zone, fresh)
    at = seen.in_force.get(day)
    return at is not None and now - at < fresh.of(day, today) - fresh.slack


def _is_final(day: date, seen: Seen, now: datetime, zone: str, fresh: Freshness) -> bool:
    """A past day: seen after it ended, or looked at too lately to bring anything else by now.

    Within the grace a look cannot be the last one, so it keeps to the beat of today; a day that is refused
    after it is asked for once in the time of tomorrow's, not with every run.
    """
    final = midnight(day + timedelta(days=1), zone) + fresh.final
    at, tried = seen.in_force.get(day), seen.last.get(day)
    if at is not None and at >= final:
        return True
    if now < final:
        return at is not None and now - at < fresh.today - fresh.slack
    return tried is not None and tried >= final and now - tried < fresh.tomorrow


def _rank(day: date, today: date) -> int:
    if day < today:
        return 2
    ahead = (day - today).days
    return ahead if ahead <= 1 else 3
