"""What an explanation consists of."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Candidate:
    """A shift of the person on the day or beside it. Times are ISO wall-clock texts.

    Attributes:
        source: `assignment`, `default` or `weekly`.
        open_window: before neighbours cut it; window: as used. Both ends are included.
        chosen: this row is this shift's.
        outcome: why its window is what it is.
    """

    shift_type: int
    name: str
    work_date: str
    source: str
    start: str
    end: str
    open_window: tuple[str, str]
    window: tuple[str, str]
    chosen: bool
    outcome: str


@dataclass(frozen=True)
class PunchTrace:
    """A check-in that is kept with the row.

    Attributes:
        time: ISO wall-clock text; utc: ISO instant.
        counted: whether the figures use it; reason: a `PunchReason` by name; outcome: the same as a sentence.
        duplicate_of: the check-in that counts instead.
    """

    id: int
    time: str
    utc: str
    log_type: str
    counted: bool
    reason: str
    outcome: str
    duplicate_of: int | None


@dataclass(frozen=True)
class Recorded:
    """What is recorded about the day beside check-ins, and counts.

    Attributes:
        leaves, request, override: by id; a day can have two half-day leaves.
        holidays: rows of the inputs: of the person's list and, where the rules read it, of the shift's.
        day_off: the day is a whole holiday or weekly off of the person's list.
    """

    leaves: tuple[int, ...] = ()
    request: int | None = None
    override: int | None = None
    holidays: tuple[int, ...] = ()
    day_off: bool = False


@dataclass(frozen=True)
class Step:
    """One rule applied to one row.

    Attributes:
        figure: what it decides; a column of `Days`, or a value later steps use.
        rule: the rule in a sentence; source: where it is laid down.
        threshold: parameters of the rule set and of the shift type it used.
        inputs: facts and earlier figures it used, by name.
        value: the result; unit: what it is counted in; outcome: the result in words.

    Thresholds, inputs and value are as `words` writes them.
    """

    figure: str
    rule: str
    source: str
    rule_version: str
    threshold: dict[str, Any]
    inputs: dict[str, Any]
    value: Any
    unit: str
    outcome: str


@dataclass(frozen=True)
class DayTrace:
    """Everything one row came from, in the order it was decided.

    Attributes:
        order: which rule book the steps follow, `canonical` or `upstream`.
        schedule: which shift was chosen, and why, in a sentence.
        recorded: the leave, request, holiday and status by hand that count.
        gaps: what is missing for a decision, or should be looked at.
    """

    person: int
    work_date: str
    shift_seq: int
    order: str
    rule_version: str
    zone: str
    schedule: str
    recorded: Recorded
    candidates: tuple[Candidate, ...]
    punches: tuple[PunchTrace, ...]
    steps: tuple[Step, ...]
    gaps: tuple[str, ...]

    def step(self, figure: str) -> Step:
        """The step that decided a figure.

        Raises:
            LookupError: the figure has no step.
        """
        for step in self.steps:
            if step.figure == figure:
                return step
        raise LookupError(figure)
