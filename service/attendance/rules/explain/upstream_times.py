"""What the upstream's job makes of a row's punches, one row at a time (spec D.4, D.5)."""

from typing import Final

from service.attendance.rules.codes import (
    PersonStatus,
    ScheduleSource,
)
from service.attendance.rules.explain import formulas, shared
from service.attendance.rules.explain.rulebook import RuleBook, Values

TIMES: Final = RuleBook()
_rule = TIMES.rule

shared.count_rules(TIMES)


@_rule("known", "flag", "F.2", "window_end now watermark")
def known(v: Values) -> bool:
    """The window has closed, and check-ins are complete through its end."""
    return v.window_end < v.now and v.watermark is not None and v.window_end < v.watermark


@_rule("passed", "flag", "D.5 step 1", "scheduled window_end", "auto last_sync")
def passed(v: Values) -> bool:
    """The upstream processes the shift, and its last sync came after the end of the window."""
    return bool(v.scheduled and v.auto and v.window_end < v.last_sync)


@_rule("asked", "flag", "D.5", "scheduled day", "auto process_after")
def asked(v: Values) -> bool:
    """The upstream processes the shift, and did so on this date already."""
    return bool(v.scheduled and v.auto and v.day >= v.process_after)


@_rule("taken", "flag", "D.5 step 6", "full_leave request manual")
def taken(v: Values) -> bool:
    """Attendance exists before any punch is read: leave, a request, or an entry by hand."""
    return bool(v.full_leave or v.request is not None or v.manual is not None)


@_rule(
    "made",
    "flag",
    "D.5 steps 1-6",
    "punch_count passed known taken before_hire person_status shift_day_off overlaps_earlier",
    "mark_on_holidays",
)
def made(v: Values) -> bool:
    """Attendance is made from punches where none exists yet: no day off, joined, not inactive, no overlap."""
    refused = v.taken or v.before_hire or v.person_status == PersonStatus.INACTIVE or v.overlaps_earlier
    day_off = v.shift_day_off and not v.mark_on_holidays
    return bool(v.punch_count and v.passed and v.known and not day_off and not refused)


@_rule("due", "flag", "D.5 step 7", "asked known day last_absence_day")
def due(v: Values) -> bool:
    """The upstream takes missing attendance of this date for an absence by now."""
    return bool(v.asked and v.known and v.day <= v.last_absence_day)


@_rule(
    "missed",
    "flag",
    "D.5 step 7",
    "due made taken shift_day_off overlaps_earlier hired_by after_leaving source person_status "
    "has_assignment",
)
def missed(v: Values) -> bool:
    """Absent for lack of punches: employed, a working day, and somebody whom the upstream's search finds."""
    if v.source == ScheduleSource.ASSIGNMENT:
        searched = v.person_status != PersonStatus.INACTIVE
    else:
        searched = v.person_status == PersonStatus.ACTIVE and not v.has_assignment
    blank = v.made or v.taken or v.shift_day_off or v.overlaps_earlier
    return bool(v.due and searched and not blank and v.hired_by and not v.after_leaving)


@_rule("entry", "punch", "D.4", "punch_types", "pairing")
def entry(v: Values) -> int | None:
    """Which of the counted punches is the entry."""
    return formulas.entry_position(v.punch_types, v.pairing)


@_rule("exit", "punch", "D.4", "punch_types", "pairing hours_mode")
def exit_(v: Values) -> int | None:
    """Which of the counted punches is the exit."""
    return formulas.exit_position(v.punch_types, v.pairing, v.hours_mode)


@_rule("hours", "hours", "D.4", "made punch_times punch_types", "pairing hours_mode")
def hours(v: Values) -> int:
    """Hours between entry and exit, or of all pairs, every interval rounded to two decimals."""
    if not v.made:
        return 0
    spans = formulas.worked_intervals(v.punch_times, v.punch_types, v.pairing, v.hours_mode)
    return sum(formulas.hundredths(end - begin) for begin, end in spans)


@_rule("worked_seconds", "seconds", "D.4", "made punch_times punch_types", "pairing hours_mode")
def worked_seconds(v: Values) -> int:
    """Time between entry and exit, or of all pairs, not rounded."""
    if not v.made:
        return 0
    spans = formulas.worked_intervals(v.punch_times, v.punch_types, v.pairing, v.hours_mode)
    return max(0, sum(end - begin for begin, end in spans))


@_rule("gross_seconds", "seconds", "D.4", "made entry exit punch_times")
def gross_seconds(v: Values) -> int:
    """Time from entry to exit."""
    if not v.made or v.entry is None or v.exit is None:
        return 0
    return max(0, int(v.punch_times[v.exit] - v.punch_times[v.entry]))


@_rule("break_seconds", "seconds", "D.4", "gross_seconds worked_seconds")
def break_seconds(v: Values) -> int:
    """Time between entry and exit outside pairs."""
    return max(0, int(v.gross_seconds - v.worked_seconds))


@_rule("late_seconds", "seconds", "D.5 step 4", "made entry punch_times start")
def late_seconds(v: Values) -> int:
    """Time from the start of the shift to the entry."""
    if not v.made or v.entry is None:
        return 0
    return max(0, int(v.punch_times[v.entry] - v.start))


@_rule("early_seconds", "seconds", "D.5 step 4", "made exit punch_times end")
def early_seconds(v: Values) -> int:
    """Time from the exit to the end of the shift."""
    if not v.made or v.exit is None:
        return 0
    return max(0, int(v.end - v.punch_times[v.exit]))


shared.minute_rules(TIMES)


@_rule("late", "flag", "D.5 step 4", "late_seconds", "late_marking late_grace_min")
def late(v: Values) -> bool:
    """Strictly later than the grace period, where the shift marks lateness."""
    return v.late_marking and formulas.more_than(v.late_seconds, v.late_grace_min, "seconds")


@_rule("early", "flag", "D.5 step 4", "early_seconds", "early_marking early_grace_min")
def early(v: Values) -> bool:
    """Strictly earlier than the grace period, where the shift marks early exits."""
    return v.early_marking and formulas.more_than(v.early_seconds, v.early_grace_min, "seconds")


@_rule("late_forgiven", "flag", "D.11")
def late_forgiven(_: Values) -> bool:
    """The upstream forgives nothing."""
    return False


@_rule("late_counted", "flag", "D.5 step 4", "late")
def late_counted(v: Values) -> bool:
    """Every late entry counts."""
    return bool(v.late)
