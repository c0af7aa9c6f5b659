"""Days whose statuses are not those of the upstream's attendance (spec F.3, F.4)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from service.attendance.rules.codes import CODE, CODES, UPSTREAM_STATUS
from service.attendance.rules.columns import Dates, Ints
from service.attendance.rules.period.tally import Tally

STATUSES: Final = sorted({status for status in UPSTREAM_STATUS.values() if status})
"""The upstream's words; one it has beside them stands behind them all."""
_OURS: Final = np.array([STATUSES.index(word) if (word := UPSTREAM_STATUS[code]) else -1 for code in CODES])
_WIDTH: Final = len(STATUSES) + 1


@dataclass(frozen=True)
class Differing:
    """Such days by position of the person."""

    person: Ints
    date: Dates


def differing(tally: Tally, person: Ints, dates: Dates, status: Ints) -> Differing:
    """Days of the period on which both sides do not have the same statuses, each as often.

    Ours are the days of the tally, theirs the columns given; a day that only one side has differs.
    """
    days = tally.days
    # A day of leave is one attendance upstream, however many shifts the person has.
    again = np.zeros(len(days), dtype=np.bool_)
    leave = np.flatnonzero(days.code == CODE["L"])
    same = (np.diff(days.person[leave]) == 0) & (np.diff(tally.day[leave]) == 0)
    again[leave[1:][same]] = True
    said = _OURS[days.code]
    rows = tally.inside & (said >= 0) & ~again
    ours = _keys(days.person[rows], tally.day[rows], said[rows])
    theirs = _keys(person, dates.astype("datetime64[D]").astype(np.int64), status)
    keys, place = np.unique(np.concatenate([ours, theirs]), return_inverse=True)
    weight = np.concatenate([np.ones(len(ours)), -np.ones(len(theirs))])
    found = np.unique(keys[np.bincount(place, weight, len(keys)) != 0] // _WIDTH)
    return Differing(found // 10**6, (found % 10**6).astype("datetime64[D]"))


def _keys(person: Ints, day: Ints, status: Ints) -> Ints:
    return (person * 10**6 + day) * _WIDTH + np.where(status < 0, len(STATUSES), status)
