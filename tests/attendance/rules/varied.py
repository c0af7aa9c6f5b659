"""Rule sets for hypothesis: the built-in ones, and variations of `recommended`."""

from dataclasses import replace

from hypothesis import strategies as st

from service.attendance.rules.ruleset import FRAPPE_HR, ORIGINAL, RECOMMENDED, RuleSet


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """The built-in ones, and variations of `recommended`."""
    base = draw(st.sampled_from([RECOMMENDED, FRAPPE_HR, ORIGINAL, None]))
    if base is not None:
        return base
    return replace(
        RECOMMENDED,
        name="varied",
        clock=draw(st.sampled_from(["elapsed", "wall"])),
        windows=replace(
            RECOMMENDED.windows,
            kind=draw(st.sampled_from(["shift", "calendar"])),
            default_shift=draw(st.sampled_from(["uncovered_time", "unassigned_date"])),
            overnight_from_noon=draw(st.booleans()),
        ),
        punching=replace(
            RECOMMENDED.punching,
            dedupe_seconds=draw(st.sampled_from([0, 60, 300])),
            honour_skip=draw(st.booleans()),
            pairing=draw(st.sampled_from(["first_last", "shift"])),
            single_punch=draw(st.sampled_from(["by_hours", "incident", "absent"])),
            lone_exit=draw(st.sampled_from(["nearer", "overnight"])),
            break_policy=draw(
                st.sampled_from(["none", "informational", "subtract_detected", "subtract_fixed"])
            ),
        ),
        punctuality=replace(
            RECOMMENDED.punctuality,
            grace=draw(st.sampled_from(["shift", "rule_set"])),
            resolution=draw(st.sampled_from(["floor", "seconds"])),
            severe_late_min=draw(st.sampled_from([None, 60])),
            severe_is_absence=draw(st.booleans()),
            forgive_late_if_hours_met=draw(st.booleans()),
            forgive_severe=draw(st.booleans()),
            forgive_needs_expected=draw(st.booleans()),
            overtime_from_min=draw(st.sampled_from([0, 30])),
        ),
        absence=replace(
            RECOMMENDED.absence,
            thresholds=draw(st.sampled_from(["shift", "rule_set"])),
            absent_below_hours=draw(st.sampled_from([0.0, 1.5])),
            half_day_below_hours=draw(st.sampled_from([0.0, 4.0])),
            leave=draw(st.sampled_from(["excuses", "justifies"])),
            leave_expected=draw(st.sampled_from(["by_type", "zero", "keep"])),
            half_day_leave_moves_shift=draw(st.booleans()),
            halves_make_a_day=draw(st.booleans()),
            before_hire=draw(st.booleans()),
            after_leaving=draw(st.booleans()),
            undecided=draw(st.sampled_from(["pending", "absent"])),
        ),
    )
