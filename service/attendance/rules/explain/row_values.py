"""Facts and thresholds of one row by the names the rule books use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from service.attendance.rules.columns import NO_TIME, NONE
from service.attendance.rules.rows import Attached
from service.attendance.rules.windows import last_absence_day

if TYPE_CHECKING:
    from service.attendance.rules.evaluate import Evaluation


def row_values(done: Evaluation, row: int, punches: Attached) -> dict[str, Any]:
    """Everything the steps of a row may read; `punches` are all those kept with it."""
    return (
        _day(done, row)
        | _leave(done, row)
        | _punches(done, punches)
        | _parameters(done, row)
        | (_processing(done, row) if done.processing is not None else {})
    )


def _day(done: Evaluation, row: int) -> dict[str, Any]:
    facts, horizon = done.facts, done.horizon
    names = "day scheduled before_hire after_leaving day_off weekly_off shift_day_off half_holiday source"
    values = {name: getattr(facts, name)[row].item() for name in [*names.split(), "window_end"]}
    return values | {
        "start": _or_none(facts.clock_start[row], NO_TIME),
        "end": _or_none(facts.clock_end[row], NO_TIME),
        "midnight": values["day"] * 86_400,
        "overnight": bool(values["scheduled"] and facts.end[row] // 86_400 > values["day"]),
        "now": horizon.now,
        "watermark": _or_none(horizon.watermark, NO_TIME),
        "outside_employment": values["before_hire"] or values["after_leaving"],
        "person_status": int(facts.person_status[row]),
    }


def _leave(done: Evaluation, row: int) -> dict[str, Any]:
    facts, inputs = done.facts, done.inputs
    names = "full_leave half_leave half keeps_expected day_off_leave request_half"
    values = {name: getattr(facts, name)[row].item() for name in names.split()}
    absent = {
        "request_reason": facts.request,
        "manual_status": facts.manual,
        "override_status": facts.override,
    }
    return values | {
        **{
            name: None if of[row] == NONE else getattr(facts, name)[row].item() for name, of in absent.items()
        },
        "leave_id": id_at(inputs.leaves.id, facts.leave[row]),
        "request": id_at(inputs.requests.id, facts.request[row]),
        "manual": id_at(inputs.manual_days.id, facts.manual[row]),
        "override_id": id_at(inputs.overrides.id, facts.override[row]),
        "leave_share": round(float(facts.leave_fraction[row]) * 100),
    }


def _punches(done: Evaluation, punches: Attached) -> dict[str, Any]:
    kept, every = punches.counted().punches, punches.punches
    return {
        "punch_times": kept.clock.tolist(),
        "punch_walls": kept.wall.tolist(),
        "punch_types": kept.log_type.tolist(),
        "punch_reasons": every.reason.tolist(),
        "ambiguous": bool(done.zone.is_ambiguous(kept.wall).any()),
        "nonexistent": bool(done.zone.is_nonexistent(kept.wall).any()),
        "in_future": bool((every.wall > done.horizon.now).any()),
    }


def _parameters(done: Evaluation, row: int) -> dict[str, Any]:
    rule_set = done.rule_set
    parts = (rule_set.windows, rule_set.punching, rule_set.punctuality, rule_set.absence)
    values = {name: value for part in parts for name, value in vars(part).items()}
    values |= {
        "pairing_rule": rule_set.punching.pairing,
        "count_before_hire": rule_set.absence.before_hire,
        "count_after_leaving": rule_set.absence.after_leaving,
        "late_marking": True,
        "early_marking": True,
    }
    shift = _shift(done, row)
    by_shift = ["pairing", "hours_mode", "auto", "process_after", "last_sync", "mark_on_holidays"]
    if rule_set.punctuality.grace == "shift":
        by_shift += ["late_marking", "late_grace_min", "early_marking", "early_grace_min"]
    if rule_set.absence.thresholds == "shift":
        by_shift += ["absent_below_hours", "half_day_below_hours"]
    del values["before_hire"], values["after_leaving"]
    return values | {name: shift[name] for name in by_shift}


def _shift(done: Evaluation, row: int) -> dict[str, Any]:
    """Parameters of the row's shift type; harmless ones where it has none."""
    at, shifts = int(done.facts.shift[row]), done.shifts
    names = "pairing hours_mode late_marking late_grace_min early_marking early_grace_min mark_on_holidays"
    if at == NONE:
        zeros: dict[str, Any] = dict.fromkeys(names.split(), 0)
        return (
            zeros
            | {
                "auto": False,
                "process_after": None,
                "last_sync": None,
                "absent_below_hours": 0.0,
                "half_day_below_hours": 0.0,
            }
            | {"late_marking": False, "early_marking": False, "mark_on_holidays": False}
        )
    both_set = not (np.isnat(shifts.process_after[at]) or np.isnat(shifts.last_sync[at]))
    return {name: getattr(shifts, name)[at].item() for name in names.split()} | {
        "auto": bool(shifts.auto[at]) and both_set,
        "process_after": _number(shifts.process_after[at]),
        "last_sync": _number(shifts.last_sync[at]),
        "absent_below_hours": float(shifts.absent_hours[at]),
        "half_day_below_hours": float(shifts.half_day_hours[at]),
    }


def _processing(done: Evaluation, row: int) -> dict[str, Any]:
    """What only the upstream's order reads (spec D.5)."""
    facts, processing = done.facts, done.processing
    if processing is None:
        return {}
    at = int(facts.shift[row])
    last = last_absence_day(done.shifts, done.shifts.last_sync.astype(np.int64))
    return {
        "overlaps_earlier": bool(processing.overlaps[row]),
        "hired_by": bool(processing.hired[row]),
        "has_assignment": bool(processing.has_assignment[row]),
        "last_absence_day": None if at == NONE or np.isnat(done.shifts.last_sync[at]) else int(last[at]),
    }


def id_at(ids: Any, position: Any) -> int | None:
    """The id in a row of a table; `NONE`: no row."""
    return None if position == NONE else int(ids[position])


def _number(moment: np.datetime64) -> int | None:
    return None if np.isnat(moment) else int(moment.astype(np.int64))


def _or_none(value: Any, absent: int) -> int | None:
    return None if value == absent else int(value)
