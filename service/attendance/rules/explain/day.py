"""The trace of one row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from service.attendance.rules.codes import (
    COUNTED,
    LogType,
    PendingReason,
    PunchReason,
    ScheduleSource,
)
from service.attendance.rules.columns import NONE
from service.attendance.rules.evaluate import Evaluation, evaluation
from service.attendance.rules.explain.figures import BOOKS
from service.attendance.rules.explain.row_values import id_at, row_values
from service.attendance.rules.explain.trace import Candidate, DayTrace, PunchTrace, Recorded
from service.attendance.rules.explain.words import Wording
from service.attendance.rules.facts import counted_leaves
from service.attendance.rules.inputs import Inputs
from service.attendance.rules.rows import Attached
from service.attendance.rules.ruleset import RuleSet


def explain_day(
    inputs: Inputs,
    rule_set: RuleSet,
    person: int,
    day: date,
    *,
    zone: str,
    now: np.datetime64,
    watermark: np.datetime64 | None,
    shift_seq: int = 0,
) -> DayTrace:
    """Why one person's day came out as it did; the arguments are those of `evaluate`.

    Raises:
        LookupError: the person is not among the inputs, or the day has no such shift.
    """
    alone = _of_person(inputs, person)
    done = evaluation(alone, rule_set, day, day, zone=zone, now=now, watermark=watermark)
    found = np.flatnonzero(done.rows.sequence == shift_seq)
    if not len(found):
        raise LookupError(f"no row for person {person} on {day}, shift {shift_seq}")
    return explain_row(done, int(found[0]))


def explain_row(done: Evaluation, row: int) -> DayTrace:
    """The trace of one row of an evaluation."""
    facts, rule_set = done.facts, done.rule_set
    punches = done.attached.where(np.flatnonzero(done.attached.row == row))
    wording = Wording(done.zone, elapsed=rule_set.clock == "elapsed")
    steps = BOOKS[rule_set.order].apply(row_values(done, row, punches), rule_set.key, wording)
    values = {step.figure: step.value for step in steps}
    return DayTrace(
        person=int(done.grid.people.id[facts.person[row]]),
        work_date=_date(facts.day[row]),
        shift_seq=int(done.rows.sequence[row]),
        order=rule_set.order,
        rule_version=rule_set.key,
        zone=done.zone.name,
        schedule=_schedule(done, row),
        recorded=_recorded(done, row),
        candidates=_candidates(done, row),
        punches=_punches(punches),
        steps=steps,
        gaps=_gaps(PendingReason[values["pending_reason"].upper()], values["incidents"]),
    )


def _of_person(inputs: Inputs, person: int) -> Inputs:
    """The same inputs with this person's rows only; shared tables stay."""
    if not (inputs.people.id == person).any():
        raise LookupError(f"no person {person}")
    own = ("punches", "assignments", "weekly_schedules", "leaves", "requests", "manual_days", "overrides")
    tables = {name: getattr(inputs, name) for name in own}
    alone = {name: table.take(table.person == person) for name, table in tables.items()}
    return replace(inputs, people=inputs.people.take(inputs.people.id == person), **alone)


def _schedule(done: Evaluation, row: int) -> str:
    facts = done.facts
    day, at = _date(facts.day[row]), int(facts.shift[row])
    if at == NONE:
        return f"no shift on {day}: neither assigned, nor by weekly schedule or default shift"
    name = done.shifts.name[at] or f"shift type {done.shifts.id[at]}"
    if facts.source[row] == ScheduleSource.ASSIGNMENT:
        return f"{name}: assigned on {day}"
    if facts.source[row] == ScheduleSource.WEEKLY:
        return f"{name}: by the weekly schedule that holds on {day}"
    if done.instances.shadowed[done.rows.instance[row]]:
        return f"{name}: the default shift, for punches no assignment of {day} covers"
    return f"{name}: the default shift, as nothing is assigned on {day}"


def _recorded(done: Evaluation, row: int) -> Recorded:
    facts, inputs = done.facts, done.inputs
    # Read for this row's cell alone, so that its own day off may stand for every cell's.
    leave, cell = counted_leaves(inputs, done.grid, np.full(done.grid.size, facts.day_off[row]))
    leaves = inputs.leaves.id[leave[cell == done.rows.cell[row]]]
    # Only the upstream's own order reads the holidays of a shift (spec D.5 step 3).
    holidays = {int(facts.holiday[row])} | ({int(facts.shift_holiday[row])} if done.processing else set())
    return Recorded(
        leaves=tuple(sorted(leaves.tolist())),
        request=id_at(inputs.requests.id, facts.request[row]),
        override=id_at(inputs.overrides.id, facts.override[row]),
        holidays=tuple(sorted(holidays - {NONE})),
        day_off=bool(facts.day_off[row]),
    )


def _candidates(done: Evaluation, row: int) -> tuple[Candidate, ...]:
    """The person's shifts on the day before, the day and the day after."""
    instances, facts = done.instances, done.facts
    near = (instances.person == facts.person[row]) & (np.abs(instances.day - facts.day[row]) <= 1)
    order = np.flatnonzero(near)
    order = order[np.argsort(instances.start[order], kind="stable")]
    return tuple(_candidate(done, int(at), chosen=int(at) == int(done.rows.instance[row])) for at in order)


def _candidate(done: Evaluation, at: int, *, chosen: bool) -> Candidate:
    instances, shift = done.instances, int(done.instances.shift[at])
    opened = (_time(instances.open_start[at]), _time(instances.open_end[at]))
    used = (_time(instances.window_start[at]), _time(instances.window_end[at]))
    outcome = "whole window" if opened == used else "cut where it met a neighbouring shift's window"
    return Candidate(
        shift_type=int(done.shifts.id[shift]),
        name=str(done.shifts.name[shift]),
        work_date=_date(instances.day[at]),
        source=ScheduleSource(int(instances.source[at])).name.lower(),
        start=_time(instances.start[at]),
        end=_time(instances.end[at]),
        open_window=opened,
        window=used,
        chosen=chosen,
        outcome=outcome,
    )


def _punches(punches: Attached) -> tuple[PunchTrace, ...]:
    every = punches.punches
    return tuple(
        PunchTrace(
            id=int(every.punch[at]),
            time=_time(every.wall[at]),
            utc=f"{_time(every.utc[at])}Z",
            log_type=LogType(int(every.log_type[at])).name,
            counted=bool(every.reason[at] <= COUNTED),
            reason=PunchReason(int(every.reason[at])).name,
            outcome=_WHY[PunchReason(int(every.reason[at]))],
            duplicate_of=None if every.duplicate_of[at] == NONE else int(every.duplicate_of[at]),
        )
        for at in range(len(every))
    )


def _gaps(pending: PendingReason, incidents: list[str]) -> tuple[str, ...]:
    undecided = [f"pending: {_PENDING[pending]}"] if pending != PendingReason.NONE else []
    return (*undecided, *[name.lower() for name in incidents])


def _date(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


def _time(wall: int) -> str:
    return str(np.datetime64(int(wall), "s"))


_WHY = {
    PunchReason.WINDOW: "inside the shift's window",
    PunchReason.TRIMMED_WINDOW: "inside the shift's window, which a neighbouring shift cuts",
    PunchReason.SHARED_INSTANT: "exactly where two shifts meet: the earlier one's",
    PunchReason.CALENDAR_DAY: "on the shift's calendar day, on a part no other shift claims",
    PunchReason.REST_DAY: "on a day without a shift",
    PunchReason.OFF_SHIFT: "outside the windows of all shifts; kept with its calendar date",
    PunchReason.DUPLICATE_ROW: "same person, time and type as another check-in",
    PunchReason.DUPLICATE_BURST: "within seconds of another check-in that counts",
    PunchReason.SKIPPED: "marked to be skipped",
    PunchReason.CONFLICT: "the day has attendance already, or accepts none",
    PunchReason.DAY_OFF: "on a holiday or weekly off that is not processed",
    PunchReason.BEFORE_PROCESSING: "before the first date the shift is processed",
    PunchReason.OUTSIDE_PERIOD: "belongs to a day outside the period",
}

_PENDING = {
    PendingReason.NONE: "",
    PendingReason.FUTURE: "the day has not come",
    PendingReason.WINDOW_OPEN: "its window is still open",
    PendingReason.AWAITING_CHECKINS: "check-ins are not complete through its end",
    PendingReason.UPSTREAM_NOT_THERE_YET: "the upstream has not processed it yet",
    PendingReason.UPSTREAM_NOT_ASKED: "the upstream does not process this shift or date",
    PendingReason.UPSTREAM_LEAVES_BLANK: "the upstream leaves this person's day blank",
}
