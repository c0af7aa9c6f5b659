"""When a machine may work, in hours from time zero: placing work forward and backward in such windows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

EPSILON: Final = 1e-9
"""Hours (4 µs): what float arithmetic may be off by at the edge of a window."""
HORIZON_HOURS: Final = 87_600.0
"""Ten years: what does not end before has no place, in calendars and round the clock."""
FIRST_RUN_HOUR: Final = 1.0
"""A set-up is followed at once by this much of the run (spec E.7, step 2)."""
_LOOK_AHEAD: Final = 64
"""Windows that are tried before a set-up is split after all: no window may be long enough for it."""


class Window(NamedTuple):
    """From an hour to an hour; `efficiency` hours of work are done in an hour of it."""

    start: float
    end: float
    efficiency: float = 1.0


class Placement(NamedTuple):
    """When set-up and run begin and when the run ends, in hours."""

    setup_start: float
    run_start: float
    end: float


def round_the_clock(earliest: float, setup: float, run: float) -> Placement | None:
    """Work of a machine that never stops; None where it would end behind the horizon."""
    end = earliest + setup + run
    return Placement(earliest, earliest + setup, end) if end <= HORIZON_HOURS else None


def daily(*shifts: tuple[float, float]) -> Iterator[Window]:
    """The same hours of every day of 24 hours, for ever."""
    return (Window(day * 24 + start, day * 24 + end) for day in count() for start, end in shifts)


class Windows:
    """Windows in order, read from their source as far as somebody asks.

    Where two overlap the later one begins when the earlier ends. Sources may be endless; what lies behind the
    end of one that is not cannot be placed.
    """

    def __init__(self, source: Iterable[Window]) -> None:
        self._source = iter(source)
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._efficiency: list[float] = []
        self._work: list[float] = [0.0]
        """Hours of work up to the beginning of each window, and to the end of the last."""
        self._open_hours: list[float] = [0.0]
        """Hours by the clock up to the beginning of each window, and to the end of the last."""

    def place(
        self, earliest: float, setup: float, run: float, *, split_setup: bool = False
    ) -> Placement | None:
        """The first time for a set-up and a run, pausing outside of windows; None where windows end before.

        Unless `split_setup`, set-up and first run hour share one stretch without a pause.
        """
        start = self._opening(earliest)
        if start is None:
            return None
        if setup and not split_setup:
            whole = self._unbroken(start, setup, run)
            start = start if whole is None else whole
        set_up = start if not setup else self._after(self._open_hours, start, setup)
        run_start = None if set_up is None else self._opening(set_up)
        end = None if run_start is None else self._after(self._work, run_start, run)
        return None if run_start is None or end is None else Placement(start, run_start, end)

    def place_late(
        self, earliest: float, latest_end: float, setup: float, run: float, *, split_setup: bool = False
    ) -> Placement | None:
        """The last time that ends by `latest_end` and begins at `earliest` or later; else the first time."""
        for start in self._starts_backward(latest_end, setup, run):
            if start < earliest:
                break
            placed = self.place(start, setup, run, split_setup=split_setup)
            if placed is not None and placed.end <= latest_end + EPSILON:
                return placed
        return self.place(earliest, setup, run, split_setup=split_setup)

    def open_between(self, start: float, end: float) -> float:
        """Hours by the clock inside windows."""
        return self._done(self._open_hours, end) - self._done(self._open_hours, start)

    def work_between(self, start: float, end: float) -> float:
        """Hours of work that can be done, by the windows' efficiency."""
        return self._done(self._work, end) - self._done(self._work, start)

    def inside(self, start: float, end: float) -> Sequence[tuple[float, float]]:
        """The parts of a stretch of time that lie in windows."""
        self._read_to(end)
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return [(max(self._starts[at], start), min(self._ends[at], end)) for at in range(first, last)]

    def _starts_backward(self, latest_end: float, setup: float, run: float) -> Iterator[float]:
        """Starts worth trying, latest first: just in time, then as late as an earlier window allows."""
        run_start = self._before(self._work, latest_end, run)
        just_in_time = self._before(self._open_hours, run_start, setup)
        yield just_in_time
        for at in range(bisect_right(self._starts, just_in_time) - 1, -1, -1):
            start = self._ends[at] - setup - self._first_hour(at, run)
            if self._starts[at] - EPSILON <= start < just_in_time:
                yield start

    def _opening(self, at: float) -> float | None:
        """The first instant at or after this one at which a window is open."""
        window = self._window_at(at)
        return None if window is None else max(at, self._starts[window])

    def _window_at(self, at: float) -> int | None:
        """The number of the first window that ends after an instant."""
        self._read_to(at)
        found = bisect_right(self._ends, at + EPSILON)
        while found == len(self._ends):
            if not self._read():
                return None
        return found

    def _unbroken(self, start: float, setup: float, run: float) -> float | None:
        """The first start after which set-up and first run hour fit without a pause."""
        window = self._window_at(start)
        for _ in range(_LOOK_AHEAD):
            if window is None:
                return None
            begin = max(start, self._starts[window])
            if (
                self._stretch_end(window, begin + setup) - begin
                >= setup + self._first_hour(window, run) - EPSILON
            ):
                return begin
            window = self._next(window)
        return None

    def _next(self, window: int) -> int | None:
        return window + 1 if window + 1 < len(self._ends) or self._read() else None

    def _first_hour(self, window: int, run: float) -> float:
        return min(FIRST_RUN_HOUR, run / self._efficiency[window])

    def _stretch_end(self, window: int, need: float) -> float:
        """The end of the stretch without a pause that a window belongs to, as far as is needed."""
        while self._ends[window] < need + FIRST_RUN_HOUR:
            after = self._next(window)
            if after is None or self._starts[after] > self._ends[window] + EPSILON:
                break
            window = after
        return self._ends[window]

    def _done(self, totals: list[float], at: float) -> float:
        """What was done of a running total up to an instant."""
        self._read_to(at)
        window = bisect_right(self._starts, at) - 1
        if window < 0:
            return 0.0
        hours = min(at, self._ends[window]) - self._starts[window]
        return totals[window] + hours * self._speed(totals, window)

    def _after(self, totals: list[float], start: float, amount: float) -> float | None:
        """When so much more of a running total is done; None where windows end before."""
        goal = self._done(totals, start) + amount
        while totals[-1] < goal - EPSILON:
            if not self._read():
                return None
        window = max(bisect_left(totals, goal - EPSILON) - 1, 0)
        into = (goal - totals[window]) / self._speed(totals, window)
        return min(self._starts[window] + into, self._ends[window])

    def _before(self, totals: list[float], end: float, amount: float) -> float:
        """When so much less of a running total was done; before all windows where there is too little."""
        goal = self._done(totals, end) - amount
        if goal < 0:
            return float("-inf")
        window = min(max(bisect_right(totals, goal + EPSILON) - 1, 0), len(self._starts) - 1)
        return self._starts[window] + max(goal - totals[window], 0.0) / self._speed(totals, window)

    def _speed(self, totals: list[float], window: int) -> float:
        """By how much a running total grows in an hour of a window."""
        return 1.0 if totals is self._open_hours else self._efficiency[window]

    def _read_to(self, at: float) -> None:
        while (not self._ends or self._ends[-1] <= at + EPSILON) and self._read():
            pass

    def _read(self) -> bool:
        """Take one more window; False where there is none."""
        for start, end, efficiency in self._source:
            begin = max(start, self._ends[-1]) if self._ends else start
            if begin < end and efficiency > 0:
                self._starts.append(begin)
                self._ends.append(end)
                self._efficiency.append(efficiency)
                self._work.append(self._work[-1] + (end - begin) * efficiency)
                self._open_hours.append(self._open_hours[-1] + end - begin)
                return True
        return False
