"""Runs of days of one kind: episodes of absence (spec A.13, F.2 episode_bridging)."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.columns import NONE, Bools, Ints


@dataclass(frozen=True)
class Episodes:
    """Runs of person-days, in the order of person and first day; all columns are equally long.

    `of_row` says of every row given which episode it belongs to, `NONE` where to none.
    """

    person: Ints
    kind: Ints
    first: Ints
    last: Ints
    bridged: Ints
    of_row: Ints


def episodes(person: Ints, day: Ints, kind: Ints, off: Bools, *, bridging: bool) -> Episodes:
    """Consecutive days of the same kind (`NONE`: no part of any), rows sorted by person and day.

    With `bridging`, days `off` between two days of a kind neither end the run nor count in it; without, only
    days that follow each other in the calendar make a run. A day without a row ends every run.
    """
    new_day = _changes(person) | _changes(day)
    at = np.cumsum(new_day) - 1
    starts = np.flatnonzero(new_day)
    who, when = person[starts], day[starts]
    best = np.maximum.reduceat(kind, starts) if len(kind) else kind
    free = np.logical_and.reduceat(off, starts) & (best == NONE) if len(kind) else off
    # Days of one stretch follow each other in the calendar.
    stretch = np.cumsum(_changes(who) | (np.diff(when, prepend=when[:1] - 1) != 1))
    kept = np.flatnonzero(~free) if bridging else np.arange(len(who))
    begins = _changes(stretch[kept]) | _changes(best[kept])
    number = np.full(len(who), NONE, dtype=np.int64)
    inside = best[kept] != NONE
    number[kept[inside]] = np.cumsum(begins & inside)[inside] - 1
    return _gathered(who, when, best, number, at, kind)


def _gathered(who: Ints, when: Ints, best: Ints, number: Ints, at: Ints, kind: Ints) -> Episodes:
    days = np.flatnonzero(number != NONE)
    first = days[_changes(number[days])]
    last = days[_changes(number[days][::-1])[::-1]]
    counted = np.bincount(number[days], minlength=len(first))
    return Episodes(
        person=who[first],
        kind=best[first],
        first=when[first],
        last=when[last],
        bridged=when[last] - when[first] + 1 - counted,
        of_row=np.where(kind == NONE, NONE, number[at] if len(at) else kind),
    )


def _changes(values: Ints) -> Bools:
    """True where a value differs from the one before it, and at the first."""
    changed = np.ones(len(values), dtype=np.bool_)
    changed[1:] = values[1:] != values[:-1]
    return changed
