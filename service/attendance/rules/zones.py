"""Wall clock ↔ UTC, exact and for whole columns: a table of the zone's changes and two binary searches."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from service.attendance.rules.columns import NO_TIME, Bools, Ints

_STEP = 6 * 3600
"""No zone changes its offset twice within six hours."""


@dataclass(frozen=True)
class ZoneTable:
    """The UTC offsets of one zone over some years.

    Attributes:
        name: the IANA name.
        since: seconds (UTC) from which each offset holds; the first is before everything asked.
        offset: seconds east of UTC.
    """

    name: str
    since: Ints
    offset: Ints

    def to_utc(self, wall: Ints) -> Ints:
        """Instants of wall-clock seconds; a repeated time is its first occurrence (fold 0), a skipped one is
        read with the offset before the gap, as `zoneinfo` does. `NO_TIME` stays."""
        last, first = self._segments(wall)
        return np.where(wall == NO_TIME, NO_TIME, wall - self.offset[np.minimum(last, first)])

    def local(self, instant: int) -> datetime:
        """An instant (seconds, UTC) on the clock on the wall, with its offset."""
        at = max(int(np.searchsorted(self.since, instant, side="right")) - 1, 0)
        return datetime.fromtimestamp(instant, timezone(timedelta(seconds=int(self.offset[at]))))

    def is_ambiguous(self, wall: Ints) -> Bools:
        """Whether the clock showed this time twice."""
        last, first = self._segments(wall)
        result: Bools = (first < last) & (wall != NO_TIME)
        return result

    def is_nonexistent(self, wall: Ints) -> Bools:
        """Whether the clock jumped over this time."""
        last, first = self._segments(wall)
        result: Bools = (first > last) & (wall != NO_TIME)
        return result

    def _segments(self, wall: Ints) -> tuple[Ints, Ints]:
        """The last offset whose wall clock had begun and the first whose had not ended."""
        begun = self.since + self.offset
        ended = self.since[1:] + self.offset[:-1]
        last = np.searchsorted(begun, wall, side="right") - 1
        return np.maximum(last, 0), np.searchsorted(ended, wall, side="right")


def zone_table(zone: str, first_day: int, last_day: int) -> ZoneTable:
    """The offsets of an IANA zone for all days (since 1970-01-01) from one to another, both included.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    first, last = (
        int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
        for day in (first_day - 3, last_day + 3)
    )
    return _years(zone, first, last)


@lru_cache(maxsize=64)
def _years(zone: str, first: int, last: int) -> ZoneTable:
    info = ZoneInfo(zone)
    begin = int(datetime(first, 1, 1, tzinfo=UTC).timestamp()) - 86_400
    end = int(datetime(last + 1, 1, 1, tzinfo=UTC).timestamp()) + 86_400
    since, offsets = [begin], [_offset(info, begin)]
    for instant in range(begin + _STEP, end + _STEP, _STEP):
        if _offset(info, instant) != offsets[-1]:
            since.append(_change(info, instant - _STEP, instant))
            offsets.append(_offset(info, instant))
    return ZoneTable(zone, np.array(since, dtype=np.int64), np.array(offsets, dtype=np.int64))


def _offset(info: ZoneInfo, instant: int) -> int:
    shift = datetime.fromtimestamp(instant, info).utcoffset()
    return 0 if shift is None else int(shift.total_seconds())


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The first second with the offset of `after`."""
    old = _offset(info, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(info, middle) == old else (before, middle)
    return after


def site_instant(wall: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant (UTC) of a reading of the site's clock; of a repeated hour, the first occurrence."""
    return None if wall is None else wall.replace(tzinfo=zone).astimezone(UTC)


def site_clock(instant: datetime, zone: str) -> datetime:
    """What the clock on the site's wall shows at an instant, without zone.

    While it shows an hour for the first time that it will show again, this stands at that hour's beginning:
    what the clock shows from there on can still come (a window must not close an hour early).
    """
    info = ZoneInfo(zone)
    shown = instant.astimezone(info)
    later = shown.replace(fold=1)
    behind = (shown.utcoffset() or timedelta(0)) - (later.utcoffset() or timedelta(0))
    wall = shown.replace(tzinfo=None)
    if shown.fold or behind <= timedelta(0):
        return wall
    turn = _change(info, int(instant.timestamp()), int((instant + behind).timestamp()))
    return datetime.fromtimestamp(turn, info).replace(tzinfo=None)


def same_clock(one: str, other: str, now: datetime) -> bool:
    """Whether two zones show the same time, now and on every day of the past two years (aliases agree)."""
    first, second = ZoneInfo(one), ZoneInfo(other)
    days = (now.astimezone(UTC) - timedelta(days=back) for back in range(732))
    return all(day.astimezone(first).utcoffset() == day.astimezone(second).utcoffset() for day in days)
