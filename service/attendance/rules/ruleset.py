"""Rule sets: the rules' parameters as versioned data (spec F.2)."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal, Self, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class Windows:
    """Which punches can belong to a shift.

    Attributes:
        kind: `shift`: the shift type's own margins (spec D.3); `calendar`: a day shift has its whole calendar
            day as far as no other shift claims it, an overnight shift the margins below (F.2).
        overnight_early_min: an overnight shift opens at most this long before its start, and never earlier
            than half the gap to the previous shift's end.
        overnight_from_noon: an overnight shift opens at noon of its date instead.
        overnight_exit_min: an exit after an overnight shift counts up to this many whole minutes (59 is
            "before the 60th minute is full").
        default_shift: `uncovered_time`: the default shift takes every punch no assignment covers (spec D.3);
            `unassigned_date`: it holds on dates without an assignment.
    """

    kind: Literal["shift", "calendar"] = "calendar"
    overnight_early_min: int = 360
    overnight_from_noon: bool = False
    overnight_exit_min: int = 59
    default_shift: Literal["uncovered_time", "unassigned_date"] = "unassigned_date"


@dataclass(frozen=True)
class Punching:
    """How punches become entries, exits and breaks.

    Attributes:
        dedupe_seconds: punches that follow each other this closely are one; 0: only equal rows.
        honour_skip: leave out punches marked to be skipped (F.4 step 1).
        pairing: `shift`: the shift type's own mode (spec D.4); `first_last`: the first is the entry, the last
            the exit.
        single_punch: `by_hours`: 0 h; `incident`: missing entry or exit; `absent`: an absence as well.
        lone_exit: which punches without an entry are exits: `nearer`: those nearer to the end of the shift;
            `overnight`: the same, of overnight shifts only, elsewhere the first punch is the entry (A.6).
        break_policy: what detected breaks do to worked time.
        break_min_punches, break_longer_than_s: when a gap between punches is a break.
        break_fixed_min, break_fixed_above_hours: for `subtract_fixed`.
    """

    dedupe_seconds: int = 60
    honour_skip: bool = True
    pairing: Literal["shift", "first_last"] = "first_last"
    single_punch: Literal["by_hours", "incident", "absent"] = "incident"
    lone_exit: Literal["nearer", "overnight"] = "nearer"
    break_policy: Literal["none", "informational", "subtract_detected", "subtract_fixed"] = "informational"
    break_min_punches: int = 4
    break_longer_than_s: int = 300
    break_fixed_min: int = 60
    break_fixed_above_hours: float = 6.0


@dataclass(frozen=True)
class Punctuality:
    """When somebody is late or leaves early.

    Attributes:
        grace: `shift`: the shift type's markings and grace periods, by the second and strictly (spec D.5);
            `rule_set`: the minutes below.
        resolution: `floor`: whole minutes, both compared and shown; `seconds`: compared by the second.
        severe_late_min: later than this is `SEVERE_LATE`; none: never.
        severe_is_absence: it is an absence on the sheet, and no lateness that counts (A.6).
        forgive_late_if_hours_met: late, but the expected hours were worked: forgiven.
        forgive_needs_expected: only where hours were expected at all.
        forgive_severe: the same for severe lateness.
        overtime_from_min: less than this beyond the plan is no overtime, this or more all of it; on days off
            all work is (F.2).
        lates_per_absence, lates_carry_over: read by the period reports.
    """

    grace: Literal["shift", "rule_set"] = "rule_set"
    resolution: Literal["floor", "seconds"] = "floor"
    late_grace_min: int = 15
    early_grace_min: int = 15
    severe_late_min: int | None = 60
    severe_is_absence: bool = False
    forgive_late_if_hours_met: bool = True
    forgive_needs_expected: bool = True
    forgive_severe: bool = False
    overtime_from_min: int = 0
    lates_per_absence: int | None = 3
    lates_carry_over: Literal["report", "month", "pay_period"] = "month"


@dataclass(frozen=True)
class Absence:
    """Leave, days off, thresholds, employment limits and undecided days.

    Attributes:
        thresholds: `shift`: the shift type's hours (spec D.5 step 5); `rule_set`: the two below, 0 is off.
        leave: `excuses`: a full day of leave is leave whatever punches say; `justifies`: punches are judged
            and leave justifies what would be an absence (A.10).
        leave_expected: what leave does to expected hours where its type does not say: `by_type`: unpaid leave
            keeps them, any other takes its share away; `zero`: any takes it; `keep`: none does.
        half_day_leave_moves_shift: first half on leave → entry at the midpoint, second half → exit there.
        halves_make_a_day: two half-day leaves on one date are a full day of leave.
        worked_day_off: `overtime`: worked rest days and holidays are their own status, all time overtime;
            `if_marked`: punches there count only where the shift type says so (spec D.5 step 3).
        before_hire, after_leaving: whether days outside employment are `NOT_EMPLOYED`.
        undecided: `pending`: nothing is stated before the window closed and check-ins are complete.
        episode_bridging, half_month_of: read by the period reports and by weekly schedules.
    """

    thresholds: Literal["shift", "rule_set"] = "rule_set"
    absent_below_hours: float = 0.0
    half_day_below_hours: float = 0.0
    leave: Literal["excuses", "justifies"] = "excuses"
    leave_expected: Literal["by_type", "zero", "keep"] = "by_type"
    half_day_leave_moves_shift: bool = True
    halves_make_a_day: bool = True
    worked_day_off: Literal["overtime", "if_marked"] = "overtime"
    before_hire: bool = True
    after_leaving: bool = True
    undecided: Literal["pending", "absent"] = "pending"
    episode_bridging: bool = True
    half_month_of: Literal["shift_start"] = "shift_start"


@dataclass(frozen=True)
class RuleSet:
    """One version of a named set of rules.

    Attributes:
        order: which rule decides first: `canonical` (F.3) or `upstream` (spec D.5 and D.10: what exists as
            attendance upstream stands before what punches say, holidays show where nothing stands).
        clock: `elapsed`: time between instants, exact when clocks change; `wall`: differences of wall-clock
            times, as the upstream computes them.
    """

    name: str
    version: int = 1
    order: Literal["canonical", "upstream"] = "canonical"
    clock: Literal["elapsed", "wall"] = "elapsed"
    windows: Windows = field(default_factory=Windows)
    punching: Punching = field(default_factory=Punching)
    punctuality: Punctuality = field(default_factory=Punctuality)
    absence: Absence = field(default_factory=Absence)

    def to_json(self) -> dict[str, Any]:
        """The parameters as plain JSON values; `from_json` gives the same rule set back."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """A rule set from stored or posted parameters; what is left out takes its default.

        Raises:
            ValueError: an unknown parameter, or a value outside its list or type; the message names it.
        """
        parts = {"windows": Windows, "punching": Punching, "punctuality": Punctuality, "absence": Absence}
        read = dict(given)
        for key, part in parts.items():
            if key in read:
                read[key] = part(**_checked(part, read[key], f"{key}."))
        return cls(**_checked(cls, read, ""))

    @property
    def key(self) -> str:
        """`name/version`: how results and explanations cite it."""
        return f"{self.name}/{self.version}"

    @property
    def digest(self) -> int:
        """64 bits that change with every parameter and the version."""
        text = json.dumps(self.to_json(), sort_keys=True).encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def contradiction_of(rules: RuleSet) -> str | None:
    """Why these parameters cannot hold together, each being possible by itself; None where they can (A.3)."""
    bounds = rules.punctuality
    if bounds.grace != "rule_set" or bounds.severe_late_min is None:
        return None
    if bounds.severe_late_min >= bounds.late_grace_min:
        return None
    return (
        f"punctuality.severe_late_min: {bounds.severe_late_min} is less than late_grace_min "
        f"({bounds.late_grace_min}): nobody is severely late before being late"
    )


def _checked(kind: type[Any], given: Any, prefix: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"{prefix.rstrip('.') or 'rule set'}: expected an object")
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"{prefix}{key}: no such parameter; known are {', '.join(known)}")
        if not _fits(hints[key], value):
            raise ValueError(f"{prefix}{key}: {value!r} is not {_wording(hints[key])}")
    return given


LARGEST: Final = 100_000
"""No minutes, hours or counts of a rule are above it: 69 days of minutes."""


def _fits(hint: Any, value: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if args := get_args(hint):
        return any(_fits(one, value) for one in args)
    if hint is float:
        return type(value) in (int, float) and 0 <= value <= LARGEST
    if hint is int:
        return type(value) is int and 0 <= value <= LARGEST
    return type(value) is hint


def _wording(hint: Any) -> str:
    options = get_args(hint)
    if get_origin(hint) is Literal:
        return " or ".join(repr(option) for option in options)
    if options:
        return " or ".join(_wording(option) for option in options)
    return {
        int: f"a whole number from 0 to {LARGEST}",
        float: f"a number from 0 to {LARGEST}",
        bool: "true or false",
        str: "a text",
    }.get(hint, "none" if hint is type(None) else hint.__name__)


RECOMMENDED: Final = RuleSet(name="recommended")
"""The right column of F.2."""

FRAPPE_HR: Final = RuleSet(
    name="frappe_hr",
    order="upstream",
    clock="wall",
    windows=Windows(kind="shift", default_shift="uncovered_time"),
    punching=Punching(dedupe_seconds=0, pairing="shift", single_punch="by_hours", break_policy="none"),
    punctuality=Punctuality(
        grace="shift",
        resolution="seconds",
        severe_late_min=None,
        forgive_late_if_hours_met=False,
        lates_per_absence=None,
    ),
    absence=Absence(
        thresholds="shift",
        half_day_leave_moves_shift=False,
        halves_make_a_day=False,
        worked_day_off="if_marked",
        episode_bridging=False,
    ),
)
"""Frappe HR's own rules to the letter (spec D.3-D.9, D.12): the middle column of F.2."""

ORIGINAL: Final = RuleSet(
    name="original",
    windows=Windows(overnight_from_noon=True),
    punching=Punching(dedupe_seconds=0, single_punch="by_hours", lone_exit="overnight"),
    punctuality=Punctuality(
        resolution="seconds",
        severe_is_absence=True,
        forgive_needs_expected=False,
        lates_carry_over="report",
    ),
    absence=Absence(
        leave="justifies",
        half_day_leave_moves_shift=False,
        episode_bridging=False,
    ),
)
"""The earlier system's rules (A.3-A.11) without what the spec calls its bugs (C): the left column of F.2."""

BUILT_IN: Final = {rule_set.name: rule_set for rule_set in (RECOMMENDED, FRAPPE_HR, ORIGINAL)}
