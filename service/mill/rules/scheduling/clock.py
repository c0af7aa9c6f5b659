"""Hours of the engine and datetimes of the mill, each as the other (R14, spec E.7 step 3)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from service.mill.rules.weeks import iso_week, monday_of

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


class Week(NamedTuple):
    """An ISO week of the mill's zone (`2025-W36`, from its Monday) and its bounds in hours."""

    name: str
    monday: date
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clock:
    """Time zero of a plan and the mill's time zone. Hours are elapsed time, whatever wall clocks do."""

    epoch: datetime
    """An aware instant: usually the plan's now."""
    zone: str

    def hours(self, at: datetime) -> float:
        """Hours from time zero to an aware instant."""
        # Instants in one zone would be subtracted by their wall clocks: an hour off where those change.
        return (at.astimezone(UTC) - self.epoch.astimezone(UTC)) / _HOUR

    def instant(self, hours: float) -> datetime:
        """The instant (UTC) that lies so many hours after time zero."""
        return self.epoch.astimezone(UTC) + timedelta(hours=hours)

    def begin_of(self, day: date) -> float:
        """Midnight with which a local day begins: from when material of that day is there."""
        return self.hours(datetime.combine(day, time(), ZoneInfo(self.zone)))

    def end_of(self, day: date) -> float:
        """24:00 of a local day: when an order of that due date becomes late."""
        return self.begin_of(day + _DAY)

    @property
    def today(self) -> date:
        """The local date of time zero."""
        return self.epoch.astimezone(ZoneInfo(self.zone)).date()

    def weeks(self, count: int) -> list[Week]:
        """So many whole ISO weeks from that of time zero on; 167 or 169 h where clocks change."""
        monday = monday_of(self.today)
        return [self._week(monday + _WEEK * at) for at in range(count)]

    def _week(self, monday: date) -> Week:
        return Week(iso_week(monday), monday, self.begin_of(monday), self.begin_of(monday + _WEEK))


def days_until_due(due: date, now: datetime, zone: str) -> int:
    """Whole days by the calendar (R14, F-66): due today is 0 at any hour, below 0 is overdue."""
    return (due - now.astimezone(ZoneInfo(zone)).date()).days
