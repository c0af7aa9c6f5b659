"""Time by brute force: every minute of a week is looked up in `zoneinfo` and counted one by one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Minutes:
    """All minutes around a date in a zone, each with what the wall clock showed then."""

    def __init__(self, zone: str, around: date) -> None:
        begin = datetime(around.year, around.month, around.day, tzinfo=UTC) - timedelta(days=4)
        info = ZoneInfo(zone)
        self.walls = [(begin + MINUTE * at).astimezone(info).replace(tzinfo=None) for at in range(9 * 1440)]
        self.shown: dict[datetime, list[int]] = {}
        for at, wall in enumerate(self.walls):
            self.shown.setdefault(wall, []).append(at)

    def minute_of(self, wall: datetime) -> int:
        """The first minute that showed this time; a skipped time is counted on from before the gap."""
        back = 0
        while wall - MINUTE * back not in self.shown:
            back += 1
        last_before = self.shown[wall - MINUTE * back]
        return last_before[0] + back

    def times_shown(self, wall: datetime) -> int:
        return len(self.shown.get(wall, []))

    def between(self, begin: datetime, end: datetime) -> int:
        """Seconds from one wall-clock time to a later one: the minutes that passed, counted; else 0."""
        first, last = self.minute_of(begin), self.minute_of(end)
        return 60 * sum(1 for minute in range(len(self.walls)) if first <= minute < last)
