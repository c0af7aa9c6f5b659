"""Balances week by week (R9): what comes and goes in each ISO week, and from when on a yarn runs short.

One rule in two forms: a record of one yarn in `Decimal` pounds, a matrix of all yarns in int64 units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from service.mill.rules.quantities import ZERO

PAST_DUE: Final = -1
"""Bucket of what should have come before this ISO week."""

Units = NDArray[np.int64]


def day_in(zone: str, now: datetime) -> date:
    """The day at a mill in that zone: what it counts as today."""
    return now.astimezone(ZoneInfo(zone)).date()


def monday_of(day: date) -> date:
    """First day of the ISO week."""
    return day - timedelta(days=day.weekday())


def bucket_of(day: date, as_of: date, dated_weeks: int = 8) -> int:
    """-1 past due, 0 this ISO week, 1 to `dated_weeks`, then one for all that is later (F-43)."""
    weeks = (day.toordinal() - as_of.toordinal() + as_of.weekday()) // 7
    return PAST_DUE if weeks < 0 else min(weeks, dated_weeks + 1)


def week_start(as_of: date, bucket: int) -> date:
    """Monday of a bucket."""
    return monday_of(as_of) + timedelta(weeks=bucket)


def iso_week(day: date) -> str:
    """The ISO week as it is written, `2026-W01` for 29 December 2025 (E.1)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def past_due_week(policy: str) -> int | None:
    """The week past-due receipts count in: None (exclude), 0 (now), k (offset:k). Raises ValueError."""
    if policy == "exclude":
        return None
    kind, _, week = policy.partition(":")
    if (kind, week) == ("now", ""):
        return 0
    if kind == "offset" and week.isdecimal():
        return int(week)
    raise ValueError(f"Past-due receipts have no policy {policy!r}: exclude, now, offset:<week>.")


def is_overdue(kind: str, due: date | None, as_of: date) -> bool:
    """Whether a receipt is past due: its file says so, or its day lies before this ISO week (F-43, R9)."""
    return kind == "past_due" or (due is not None and due < monday_of(as_of))


def arrival(kind: str, due: date | None, as_of: date, policy: str) -> date | None:
    """The day from which a receipt can be counted on, never before the as-of day (R9).

    What is past due comes when the policy says. None: it is excluded, or some time later on no known day.
    """
    if is_overdue(kind, due, as_of):
        week = past_due_week(policy)
        return None if week is None else max(week_start(as_of, week), as_of)
    return None if due is None else max(due, as_of)


def arrival_week(kind: str, due: date | None, as_of: date, policy: str, weeks: int) -> int | None:
    """The week in which it counts; `weeks` stands for all that is later. None: past due and excluded."""
    day = arrival(kind, due, as_of, policy)
    if day is None:
        return None if is_overdue(kind, due, as_of) else weeks
    return bucket_of(day, as_of, weeks - 1)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Quantities by week with what lies before, behind and without a date."""

    weeks: tuple[Decimal, ...]
    past_due: Decimal = ZERO
    later: Decimal = ZERO
    undated: Decimal = ZERO


def bucketed(quantities: Iterable[tuple[date | None, Decimal]], as_of: date, weeks: int) -> Buckets:
    """Dated quantities summed into so many ISO weeks from the as-of date's own on."""
    sums = dict.fromkeys(range(PAST_DUE, weeks + 1), ZERO)
    undated = ZERO
    for day, quantity in quantities:
        if day is None:
            undated += quantity
        else:
            sums[bucket_of(day, as_of, weeks - 1)] += quantity
    return Buckets(tuple(sums[week] for week in range(weeks)), sums[PAST_DUE], sums[weeks], undated)


def receipts_bucketed(
    receipts: Iterable[tuple[str, date | None, Decimal]], as_of: date, weeks: int
) -> Buckets:
    """Receipts (kind, day, pounds) by ISO week; what is past due, and what comes later, by word or by day."""
    of_kind: dict[str, list[tuple[date | None, Decimal]]] = {"past_due": [], "dated": [], "later": []}
    for kind, due, pounds in receipts:
        of_kind[kind].append((due, pounds))
    found = bucketed(of_kind["dated"], as_of, weeks)
    overdue, later = (sum((lb for _, lb in of_kind[kind]), ZERO) for kind in ("past_due", "later"))
    return replace(found, past_due=found.past_due + overdue, later=found.later + later)


def demand_by_week(demand: Buckets) -> tuple[Decimal, ...]:
    """Demand that should have been served before is wanted now: it counts in this week."""
    first, *others = demand.weeks
    return (first + demand.past_due, *others)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a yarn in pounds; `new_shortage` is what this week adds to the one before."""

    bucket: int
    receipts: Decimal
    demand: Decimal
    balance: Decimal
    shortage: Decimal
    new_shortage: Decimal


@dataclass(frozen=True, slots=True)
class WeeklyRecord:
    """A yarn's weeks from its theoretical balance on, with what they leave out."""

    opening: Decimal
    weeks: tuple[Week, ...]
    past_due: Decimal
    past_due_counted: bool
    later_receipts: Decimal
    later_demand: Decimal

    @property
    def first_shortage(self) -> Week | None:
        """The first week that is short."""
        return next((week for week in self.weeks if week.shortage > 0), None)

    @property
    def recovery(self) -> Week | None:
        """The first week after the first short one that is not; a balance of 0 has recovered (C.1.12)."""
        first = self.first_shortage
        behind = self.weeks[first.bucket :] if first else ()
        return next((week for week in behind if week.shortage == 0), None)

    @property
    def to_buy(self) -> Decimal:
        """Pounds that would cover every week: the deepest shortage, never the sum of them (F-41)."""
        return max((week.shortage for week in self.weeks), default=ZERO)

    @property
    def total_demand(self) -> Decimal:
        """Demand of all weeks and later ones (I6)."""
        return sum((week.demand for week in self.weeks), self.later_demand)

    @property
    def total_receipts(self) -> Decimal:
        """Past due, dated and later receipts (I6)."""
        dated = sum((week.receipts for week in self.weeks), self.later_receipts)
        return dated if self.past_due_counted else dated + self.past_due

    @property
    def closing(self) -> Decimal:
        """The balance when all has come and gone: the planning balance if `allocated` is all demand (I9)."""
        return self.opening - self.total_demand + self.total_receipts


def time_phase(
    opening: Decimal,
    demand: Sequence[Decimal],
    receipts: Sequence[Decimal],
    *,
    past_due: Decimal = ZERO,
    policy: str = "exclude",
    level: Decimal = ZERO,
    later_receipts: Decimal = ZERO,
    later_demand: Decimal = ZERO,
) -> WeeklyRecord:
    """Weekly balances of one yarn (R9, F-40 to F-42, F-49); `level` is where a week begins to be short.

    `opening` is the theoretical balance, negative as it may be. Past-due receipts that the policy puts behind
    the last week stay out of it. Raises ValueError for rows of unequal length or an unknown policy.
    """
    at = past_due_week(policy)
    weeks: list[Week] = []
    balance, before = opening, max(ZERO, level - opening)
    for bucket, (wanted, dated) in enumerate(zip(demand, receipts, strict=True)):
        coming = dated + past_due if bucket == at else dated
        balance += coming - wanted
        short = max(ZERO, level - balance)
        weeks.append(Week(bucket, coming, wanted, balance, short, max(ZERO, short - before)))
        before = short
    counted = at is not None and at < len(weeks)
    return WeeklyRecord(opening, tuple(weeks), past_due, counted, later_receipts, later_demand)


@dataclass(frozen=True, slots=True)
class WeeklyMatrix:
    """The same of many yarns: (yarns × weeks) int64 units of 0.0001 lb."""

    receipts: Units
    demand: Units
    balance: Units
    shortage: Units
    new_shortage: Units

    @property
    def first_shortage(self) -> Units:
        """First short week of each yarn, -1 where none is."""
        short = self.shortage > 0
        return np.where(short.any(axis=1), short.argmax(axis=1), -1)

    @property
    def to_buy(self) -> Units:
        """The deepest shortage of each yarn."""
        deepest: Units = self.shortage.max(axis=1, initial=0)
        return deepest


def time_phase_units(
    opening: Units,
    demand: Units,
    receipts: Units,
    *,
    past_due: Units | None = None,
    policy: str = "exclude",
    level: Units | int = 0,
) -> WeeklyMatrix:
    """`time_phase` of all yarns at once: opening, past due and level by yarn, the others (yarns × weeks)."""
    at = past_due_week(policy)
    coming = receipts
    if at is not None and past_due is not None and at < receipts.shape[1]:
        coming = receipts.copy()
        coming[:, at] += past_due
    balance = _running(opening, coming - demand)
    least = np.broadcast_to(np.asarray(level, dtype=np.int64), opening.shape)[:, None]
    shortage = least - balance
    np.maximum(shortage, 0, out=shortage)
    new = shortage.copy()
    new[:, 1:] -= shortage[:, :-1]
    new[:, :1] -= np.maximum(0, least - opening[:, None])[:, : new.shape[1]]
    np.maximum(new, 0, out=new)
    return WeeklyMatrix(coming, demand, balance, shortage, new)


def _running(opening: Units, moves: Units) -> Units:
    """Balances out of what the weeks bring and take, in place: weeks are few, so one after the other.

    `cumsum` goes along each yarn by itself: twice the time of all the rest for 1,200 yarns and 13 weeks.
    """
    before = opening
    for week in moves.T:
        np.add(week, before, out=week)
        before = week
    return moves


def week_matrix(rows: Units, buckets: Units, units: Units, shape: tuple[int, int]) -> Units:
    """Sums of quantities by (row, bucket); buckets outside the weeks are left out. Exact in int64."""
    inside = (buckets >= 0) & (buckets < shape[1])
    sums = np.zeros(shape, dtype=np.int64)
    np.add.at(sums, (rows[inside], buckets[inside]), units[inside])
    return sums


def buckets_of(days: NDArray[np.datetime64], as_of: date, dated_weeks: int = 8) -> Units:
    """`bucket_of` for an array of days (`datetime64[D]`)."""
    since = (days - np.datetime64(monday_of(as_of), "D")).astype(np.int64)
    return np.clip(since // 7, PAST_DUE, dated_weeks + 1)
