"""Presence and time of a row, one row at a time, in the canonical order (F.3)."""

from typing import Final

from service.attendance.rules.codes import (
    DAY_OFF_WORKED,
    EXCUSING,
    HALF_ON_LEAVE,
    Half,
    HoursMode,
    LogType,
    Pairing,
)
from service.attendance.rules.explain import formulas, shared
from service.attendance.rules.explain.rulebook import RuleBook, Values

TIMES: Final = RuleBook()
_rule = TIMES.rule

shared.count_rules(TIMES)


@_rule("employed", "flag", "F.2", "before_hire after_leaving", "count_before_hire count_after_leaving")
def employed(v: Values) -> bool:
    """The day lies between joining and leaving."""
    return not ((v.before_hire and v.count_before_hire) or (v.after_leaving and v.count_after_leaving))


@_rule("decided", "flag", "F.2, F.3", "employed window_end now watermark", "undecided")
def decided(v: Values) -> bool:
    """The window has closed, and check-ins are complete through its end."""
    known = v.window_end < v.now and v.watermark is not None and v.window_end < v.watermark
    return bool(v.employed and (known or v.undecided == "absent"))


@_rule("working", "flag", "F.3", "scheduled day_off")
def working(v: Values) -> bool:
    """A shift on a day that is neither a holiday nor a weekly off."""
    return bool(v.scheduled and not v.day_off)


@_rule("excused", "flag", "A.10, F.3", "working full_leave request request_half", "leave")
def excused(v: Values) -> bool:
    """A full day of work elsewhere, or of leave where leave excuses."""
    on_leave = v.full_leave and v.leave == "excuses"
    return bool(v.working and (on_leave or (v.request is not None and not v.request_half)))


@_rule("judged", "flag", "F.3", "decided working excused")
def judged(v: Values) -> bool:
    """Punches are held against the shift."""
    return bool(v.decided and v.working and not v.excused)


@_rule(
    "half_off",
    "half",
    "F.2",
    "judged half_leave half_holiday request_half half start end punch_times",
    "half_day_leave_moves_shift",
)
def half_off(v: Values) -> str:
    """Which half of the shift is off; where unknown, the one without punches, with punches in both either."""
    if not (v.judged and v.half_day_leave_moves_shift and (v.half_leave or v.half_holiday or v.request_half)):
        return "none"
    half = v.half if v.half_leave else Half.UNKNOWN
    if half != Half.UNKNOWN:
        return "first" if half == Half.FIRST else "second"
    if not v.punch_times:
        return "none"
    middle = v.start + (v.end - v.start) // 2
    if v.punch_times[0] >= middle:
        return "first"
    return "either" if v.punch_times[-1] > middle else "second"


@_rule("entry_due", "time", "F.2", "scheduled half_off start end")
def entry_due(v: Values) -> int | None:
    """Start of the shift; its midpoint if the first half is off."""
    middle = v.start + (v.end - v.start) // 2 if v.scheduled else None
    return middle if v.half_off in {"first", "either"} else v.start


@_rule("exit_due", "time", "F.2", "scheduled half_off start end")
def exit_due(v: Values) -> int | None:
    """End of the shift; its midpoint if the second half is off."""
    middle = v.start + (v.end - v.start) // 2 if v.scheduled else None
    return middle if v.half_off in {"second", "either"} else v.end


@_rule(
    "one_sided",
    "side",
    "F.2, G-O-53",
    "judged working overnight punch_times punch_types entry_due exit_due start end",
    "pairing_rule lone_exit",
)
def one_sided(v: Values) -> str:
    """A single punch is what its type says, else what it is nearer to; several after the end have no entry,
    several before the start no exit. Where only overnight shifts have lone exits, others have entries."""
    if not v.punch_times or v.pairing_rule != "first_last":
        return "no"
    if v.lone_exit == "overnight" and not v.overnight:
        return "no"
    if len(v.punch_times) == 1:
        kind = v.punch_types[0]
        if kind == LogType.UNKNOWN and v.working:
            nearer_exit = v.punch_times[0] > v.entry_due + (v.exit_due - v.entry_due) // 2
            return "exit" if nearer_exit else "entry"
        return "exit" if kind == LogType.OUT else "entry"
    if v.judged and v.punch_times[0] >= v.end:
        return "exit"
    return "entry" if v.judged and v.punch_times[-1] <= v.start else "no"


@_rule("entry", "punch", "D.4, F.2", "one_sided punch_types pairing_rule", "pairing")
def entry(v: Values) -> int | None:
    """Which of the counted punches is the entry."""
    if v.one_sided == "exit":
        return None
    return formulas.entry_position(v.punch_types, _pairing(v))


@_rule("exit", "punch", "D.4, F.2", "one_sided punch_types pairing_rule", "pairing hours_mode")
def exit_(v: Values) -> int | None:
    """Which of the counted punches is the exit."""
    if v.one_sided == "exit":
        return len(v.punch_types) - 1
    if v.one_sided == "entry":
        return None
    return formulas.exit_position(v.punch_types, _pairing(v), _hours_mode(v))


def _pairing(v: Values) -> int:
    return int(v.pairing) if v.pairing_rule == "shift" else Pairing.ALTERNATING


def _hours_mode(v: Values) -> int:
    return int(v.hours_mode) if v.pairing_rule == "shift" else HoursMode.FIRST_LAST


@_rule("first_in", "wall clock", "D.4", "entry punch_walls")
def first_in(v: Values) -> int | None:
    """Time of the entry."""
    return None if v.entry is None else int(v.punch_walls[v.entry])


@_rule("last_out", "wall clock", "D.4", "exit punch_walls")
def last_out(v: Values) -> int | None:
    """Time of the exit."""
    return None if v.exit is None else int(v.punch_walls[v.exit])


@_rule("missing_in", "flag", "F.3", "decided punch_count entry")
def missing_in(v: Values) -> bool:
    """There are punches, but no entry."""
    return bool(v.decided and v.punch_count and v.entry is None)


@_rule("missing_out", "flag", "F.3", "decided punch_count exit")
def missing_out(v: Values) -> bool:
    """There are punches, but no exit."""
    return bool(v.decided and v.punch_count and v.exit is None)


@_rule(
    "gross_seconds",
    "seconds",
    "D.4",
    "decided missing_in missing_out punch_times punch_types pairing_rule",
    "pairing hours_mode",
)
def gross_seconds(v: Values) -> int:
    """Time between entry and exit, or within pairs; none where either is missing."""
    if not v.decided or v.missing_in or v.missing_out:
        return 0
    spans = formulas.worked_intervals(v.punch_times, v.punch_types, _pairing(v), _hours_mode(v))
    return max(0, sum(end - begin for begin, end in spans))


@_rule(
    "break_seconds",
    "seconds",
    "A.9, F.2",
    "gross_seconds entry exit punch_times",
    "break_policy break_min_punches break_longer_than_s break_fixed_min break_fixed_above_hours",
)
def break_seconds(v: Values) -> int:
    """Gaps between punches two and three, four and five, …; or the fixed break of a long day.

    What is subtracted is less by the time between entry and exit that does not count anyway.
    """
    if v.gross_seconds == 0 or v.break_policy == "none":
        return 0
    found = formulas.breaks_between(v.punch_times, v.break_min_punches, v.break_longer_than_s)
    if not v.break_policy.startswith("subtract"):
        return found
    if v.break_policy == "subtract_fixed":
        found = v.break_fixed_min * 60 if v.gross_seconds > v.break_fixed_above_hours * 3600 else 0
    left_out = v.punch_times[v.exit] - v.punch_times[v.entry] - v.gross_seconds
    return int(min(max(0, found - left_out), v.gross_seconds))


@_rule("worked_seconds", "seconds", "F.2", "gross_seconds break_seconds", "break_policy")
def worked_seconds(v: Values) -> int:
    """Time at work, less breaks where the rule set subtracts them."""
    return int(v.gross_seconds - (v.break_seconds if v.break_policy.startswith("subtract") else 0))


@_rule("hours", "hours", "D.4", "worked_seconds")
def hours(v: Values) -> int:
    """Worked time in hours, to two decimals."""
    return formulas.hundredths(v.worked_seconds)


@_rule("expected_seconds", "seconds", "A.5, D.12, F.2", "working decided start end half_holiday")
def expected_seconds(v: Values) -> int:
    """Length of the shift where one is to be worked; half of it on half-day holidays."""
    if not (v.working and v.decided):
        return 0
    return int((v.end - v.start) // 2 if v.half_holiday else v.end - v.start)


@_rule(
    "deducted_seconds",
    "seconds",
    "A.10, F.2",
    "expected_seconds leave_id full_leave keeps_expected request request_half worked_seconds override_id "
    "override_status",
)
def deducted_seconds(v: Values) -> int:
    """Expected time that leave or work elsewhere takes away, or the status set by hand in their place.

    Unpaid leave takes none, nor does leave where the status is one of no leave.
    """
    taken = _taken_by_leave(v) + (_taken_by_request(v) if v.override_id is None else _taken_by_hand(v))
    return int(min(taken, v.expected_seconds))


def _taken_by_leave(v: Values) -> int:
    if v.leave_id is None or v.keeps_expected or not formulas.leave_used(v.override_status):
        return 0
    whole = v.full_leave and v.override_status not in HALF_ON_LEAVE
    return int(v.expected_seconds if whole else v.expected_seconds // 2)


def _taken_by_request(v: Values) -> int:
    if v.request is None:
        return 0
    return int(v.expected_seconds // 2 if v.request_half else max(0, v.expected_seconds - v.worked_seconds))


def _taken_by_hand(v: Values) -> int:
    if v.override_status in EXCUSING:
        return int(max(0, v.expected_seconds - v.worked_seconds))
    if v.override_status in DAY_OFF_WORKED:
        return int(v.expected_seconds)
    return int(v.expected_seconds // 2 if v.leave_id is None and v.override_status in HALF_ON_LEAVE else 0)


shared.balance_rules(TIMES)
