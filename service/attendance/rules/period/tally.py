"""What every day of a period counts for (spec A.7, A.13, F.4).

Days are counted in parts, `DAY_PARTS` to a day, so that shifts that share one sum to it exactly.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Final, Literal

import numpy as np

from service.attendance.rules.codes import CODE, CODES, DAY_OFF_WORKED, Incident, Status
from service.attendance.rules.columns import LEFT_OUT, NONE, Bools, Dates, Ints, Table
from service.attendance.rules.period.episodes import Episodes, episodes
from service.attendance.rules.shares import BESIDE_LEAVE, SHARES

DAY_PARTS: Final = 5040
"""Divisible by every number up to 10: so many shifts may share a day, or half of one."""
_WORKING: Final = np.array([CODE[code] for code in SHARES])
_HUNDREDTHS: Final = np.array(
    [[beside.get(code, SHARES.get(code, (0, 0, 0))) for code in CODES] for beside in ({}, BESIDE_LEAVE)]
)
"""`SHARES` without and with leave, by the number of the code."""
EXCUSED: Final = np.array([Status.WFH, Status.ON_DUTY])

CarryOver = Literal["report", "month", "half_month"]


@dataclass(frozen=True)
class PeriodDays(Table):
    """Results, one row for each person, date and shift, sorted so; seconds unless named otherwise.

    `person` is a position, `leave` the leave's share in hundredths of a day.
    """

    person: Ints
    date: Dates
    status: Ints
    code: Ints
    leave_type: Annotated[Ints, NONE] = LEFT_OUT
    leave: Annotated[Ints, 0] = LEFT_OUT
    worked: Annotated[Ints, 0] = LEFT_OUT
    expected: Annotated[Ints, 0] = LEFT_OUT
    deducted: Annotated[Ints, 0] = LEFT_OUT
    breaks: Annotated[Ints, 0] = LEFT_OUT
    overtime: Annotated[Ints, 0] = LEFT_OUT
    late_counted: Annotated[Bools, False] = LEFT_OUT
    late_minutes: Annotated[Ints, 0] = LEFT_OUT
    early: Annotated[Bools, False] = LEFT_OUT
    incidents: Annotated[Ints, 0] = LEFT_OUT


@dataclass(frozen=True, kw_only=True)
class Counting:
    """How a rule set counts over a period (spec F.2).

    Rows before `start` only carry lates over. `carry_over` says where the count of lates begins anew: with
    the report, with every month, or with every half-month.
    """

    start: date
    lates_per_absence: int | None = 3
    carry_over: CarryOver = "month"
    bridging: bool = True

    @property
    def count_from(self) -> date:
        """The first day whose lates can matter."""
        if self.carry_over == "report":
            return self.start
        half = self.carry_over == "half_month" and self.start.day > 15
        return self.start.replace(day=16 if half else 1)


@dataclass(frozen=True)
class Tally:
    """The days of a period with what each of them counts for."""

    days: PeriodDays
    counting: Counting
    people: int

    @cached_property
    def inside(self) -> Bools:
        """Rows of the period itself."""
        return np.asarray(self.days.date >= np.datetime64(self.counting.start, "D"), dtype=np.bool_)

    @cached_property
    def day(self) -> Ints:
        """Days since 1970-01-01."""
        return self.days.date.astype("datetime64[D]").astype(np.int64)

    @cached_property
    def share(self) -> Ints:
        """Parts of its day that each row stands for; 0 outside the period."""
        key = self.days.person * 10**6 + self.day
        _, place, count = np.unique(key, return_inverse=True, return_counts=True)
        return np.where(self.inside, DAY_PARTS // count[place], 0)

    @cached_property
    def working(self) -> Bools:
        """A shift was to be worked, and how it went is known."""
        return np.isin(self.days.code, _WORKING) & ~np.isin(self.days.status, DAY_OFF_WORKED)

    @cached_property
    def present(self) -> Ints:
        """Parts of scheduled days that were attended."""
        return np.where(self.working, self._divided(0), 0)

    @cached_property
    def on_leave(self) -> Ints:
        """Parts of scheduled days on leave."""
        return self._divided(2)

    def _divided(self, place: int) -> Ints:
        """Parts of days by one of the three of `SHARES`."""
        hundredths = _HUNDREDTHS[(self.days.leave > 0).astype(np.int64), self.days.code, place]
        return np.asarray(self.share * hundredths // 100, dtype=np.int64)

    @cached_property
    def absent(self) -> Ints:
        """Parts of scheduled days that nothing explains: what is neither attended nor on leave."""
        return np.where(self.working, self.share - self.present - self.on_leave, 0)

    @cached_property
    def justified(self) -> Ints:
        """Parts of days away on leave: of a day worked on leave none."""
        came = (self.days.code == CODE["L"]) & (self.days.incidents & Incident.WORKED_ON_LEAVE > 0)
        return np.where(came, 0, self.on_leave)

    @cached_property
    def late(self) -> Bools:
        """Rows with a late that counts, before the period too; so late that it is an absence is none."""
        absence = (self.days.status == Status.SEVERE_LATE) & (self.days.code == CODE["A"])
        return np.asarray(self.days.late_counted & ~absence, dtype=np.bool_)

    @cached_property
    def zero_hours(self) -> Ints:
        """Parts of days the statistics fix calls absent: scheduled, no leave, nothing worked (spec A.15)."""
        excused = np.isin(self.days.status, EXCUSED) | (self.days.leave > 0) | (self.days.code == CODE["L"])
        return np.where(self.working & ~excused & (self.days.worked == 0), self.share, 0)

    @cached_property
    def off(self) -> Bools:
        """Days that were not to be worked and were not."""
        return np.isin(self.days.status, [Status.REST, Status.HOLIDAY])

    @cached_property
    def late_number(self) -> Ints:
        """Which late it is of its person since the count last began; 0 where there is none (spec A.7)."""
        numbers = np.zeros(len(self.days), dtype=np.int64)
        rows = np.flatnonzero(self.late)
        if len(rows):
            group = self.days.person[rows] * 10**6 + self._unit[rows]
            first = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
            numbers[rows] = np.arange(len(rows)) - np.repeat(first, np.diff(first, append=len(rows))) + 1
        return numbers

    @cached_property
    def _unit(self) -> Ints:
        months = self.days.date.astype("datetime64[M]")
        second_half = (self.days.date - months.astype("datetime64[D]")).astype(np.int64) >= 15
        number = months.astype(np.int64) * 2
        match self.counting.carry_over:
            case "report":
                return np.zeros(len(self.days), dtype=np.int64)
            case "month":
                return np.asarray(number, dtype=np.int64)
            case "half_month":
                return np.asarray(number + second_half, dtype=np.int64)

    @cached_property
    def deducting(self) -> Bools:
        """Every third late (or so) of a person, within the period."""
        every = self.counting.lates_per_absence
        if not every:
            return np.zeros(len(self.days), dtype=np.bool_)
        marked = self.inside & (self.late_number > 0) & (self.late_number % every == 0)
        return np.asarray(marked, dtype=np.bool_)

    def runs(self, parts: Ints, *, kind: Ints | None = None, bridging: bool | None = None) -> Episodes:
        """Episodes of the days that have any of these parts, as the rule set bridges days off."""
        kinds = np.where(parts > 0, 0 if kind is None else kind, NONE)
        chosen = self.counting.bridging if bridging is None else bridging
        return episodes(self.days.person, self.day, kinds, self.off, bridging=chosen)
