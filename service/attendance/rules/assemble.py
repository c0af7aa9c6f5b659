"""The judged rows as `Days`: ids, incidents, punches and fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from service.attendance.rules.codes import Incident, PunchReason, Status
from service.attendance.rules.columns import NONE, Bools, Ints, clock_times, pick
from service.attendance.rules.hashing import Hashes, fold, fold_groups
from service.attendance.rules.results import Days
from service.attendance.rules.rows import Attached

if TYPE_CHECKING:
    from service.attendance.rules.evaluate import Evaluation


def assemble(done: Evaluation) -> Days:
    """The columns that are stored and reported."""
    facts, judged, grid = done.facts, done.judged, done.grid
    stored = _stored_order(done.attached)
    count = np.bincount(stored.row, minlength=len(facts))
    net = judged.expected - judged.deducted
    return Days(
        person=grid.people.id[facts.person],
        work_date=facts.day.astype("datetime64[D]"),
        shift_seq=done.rows.sequence,
        shift_type=pick(done.shifts.id, facts.shift, NONE),
        schedule_source=facts.source,
        shift_start=clock_times(facts.start),
        shift_end=clock_times(facts.end),
        window_start=clock_times(facts.window_start),
        window_end=clock_times(facts.window_end),
        status=judged.status,
        base_status=judged.base_status,
        code=judged.code,
        other_half=judged.other_half,
        pending_reason=judged.pending,
        leave=pick(done.inputs.leaves.id, judged.leave, NONE),
        leave_type=judged.leave_type,
        leave_fraction=judged.leave_fraction,
        request=pick(done.inputs.requests.id, facts.request, NONE),
        holiday=facts.holiday,
        first_in=clock_times(judged.first_in),
        last_out=clock_times(judged.last_out),
        gross_seconds=judged.gross,
        break_seconds=judged.breaks,
        worked_seconds=judged.worked,
        expected_seconds=judged.expected,
        deducted_seconds=judged.deducted,
        expected_net_seconds=net,
        difference_seconds=judged.worked - net,
        overtime_seconds=judged.overtime,
        hours=judged.hours,
        late=judged.late,
        late_seconds=judged.late_s,
        late_minutes=judged.late_s // 60,
        late_counted=judged.late_counted,
        late_forgiven=judged.late_forgiven,
        early=judged.early,
        early_seconds=judged.early_s,
        early_minutes=judged.early_s // 60,
        incidents=_incidents(done, stored),
        punch_start=np.cumsum(count) - count,
        punch_count=judged.count,
        punch_total=count,
        input_hash=_hashes(done, stored),
        punch_index=stored.punches.punch,
        punch_reason=stored.punches.reason,
        punch_duplicate_of=stored.punches.duplicate_of,
    )


def _stored_order(attached: Attached) -> Attached:
    """By row; in a row first the punches that count, each part in time order."""
    inside = attached.where(np.flatnonzero(attached.row != NONE))
    aside = ~inside.punches.counted
    if not aside.any():
        return inside
    return inside.where(np.argsort(inside.row * 2 + aside, kind="stable"))


def _incidents(done: Evaluation, stored: Attached) -> Ints:
    facts, judged, reason = done.facts, done.judged, stored.punches.reason
    counted, wall = stored.punches.counted, stored.punches.wall

    def any_punch(where: Bools) -> Bools:
        return np.bincount(stored.row[where], minlength=len(facts)) > 0

    punched = any_punch(np.ones(len(stored.row), dtype=np.bool_))
    duplicate = (reason == PunchReason.DUPLICATE_ROW) | (reason == PunchReason.DUPLICATE_BURST)
    free = np.isin(judged.status, [Status.REST_WORKED, Status.HOLIDAY_WORKED])
    flags = {
        Incident.MISSING_IN: judged.missing_in,
        Incident.MISSING_OUT: judged.missing_out,
        Incident.OFF_SHIFT: any_punch(reason == PunchReason.OFF_SHIFT),
        Incident.DUPLICATE: any_punch(duplicate),
        Incident.WORKED_ON_LEAVE: (judged.status == Status.ON_LEAVE)
        & any_punch(counted | (reason == PunchReason.CONFLICT)),
        Incident.AMBIGUOUS_TIME: any_punch(counted & done.zone.is_ambiguous(wall)),
        Incident.NONEXISTENT_TIME: any_punch(counted & done.zone.is_nonexistent(wall)),
        Incident.FUTURE: any_punch(wall > done.horizon.now),
        Incident.SKIPPED: any_punch(reason == PunchReason.SKIPPED),
        Incident.OUTSIDE_EMPLOYMENT: (facts.before_hire | facts.after_leaving) & punched,
        Incident.WORKED_ON_DAY_OFF: free | any_punch(reason == PunchReason.DAY_OFF),
        Incident.CONFLICT: any_punch(reason == PunchReason.CONFLICT),
    }
    result = np.zeros(len(facts), dtype=np.int64)
    for incident, flag in flags.items():
        result |= np.where(flag, int(incident), 0)
    return result


def _hashes(done: Evaluation, stored: Attached) -> Hashes:
    """Of the schedule, the shift's parameters, the facts of the day, its punches and what is known by now.

    Shift types enter by value, other records by what they came to on this day, so that an edit that changes
    nothing here leaves the fingerprint as it was.
    """
    facts, shifts = done.facts, done.shifts
    per_shift = fold(0, len(shifts), [getattr(shifts, name) for name in _SHIFT_COLUMNS])
    columns = [getattr(facts, name) for name in vars(facts) if name not in _BY_POSITION]
    ids = [
        done.grid.people.id[facts.person],
        pick(done.shifts.id, facts.shift, NONE),
        pick(per_shift, facts.shift, 0),
        pick(done.inputs.leaves.id, facts.leave, NONE),
        pick(done.inputs.requests.id, facts.request, NONE),
        pick(done.inputs.manual_days.id, facts.manual, NONE),
        pick(done.inputs.overrides.id, facts.override, NONE),
        pick(done.inputs.holidays.holiday_list, facts.holiday, NONE),
        done.judged.status,
        done.judged.pending,
    ]
    punches = stored.punches
    future = punches.wall > done.horizon.now
    details = [punches.punch, punches.wall, punches.utc, punches.log_type, punches.reason, future]
    members = fold(0, len(stored.row), details)
    by_row = fold_groups(stored.row, len(facts), members)
    return fold(done.rule_set.digest, len(facts), [*ids, *columns, by_row])


_SHIFT_COLUMNS = (
    "start_s",
    "end_s",
    "before_min",
    "after_min",
    "late_marking",
    "late_grace_min",
    "early_marking",
    "early_grace_min",
    "half_day_hours",
    "absent_hours",
    "pairing",
    "hours_mode",
    "mark_on_holidays",
    "auto",
)
"""What of a shift type its days depend on; its watermarks enter by what they decided."""

_BY_POSITION = {"person", "shift", "leave", "request", "manual", "override", "holiday", "shift_holiday"}
"""Positions change with other rows; their ids and meanings are hashed instead."""
