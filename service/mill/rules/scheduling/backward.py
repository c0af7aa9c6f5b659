"""Backward plans (spec E.7, step 4): no operation sooner than its due date asks for.

The forward plan says which machine knits what, and after what; then each machine's operations move, the last
one first, as late as their due dates and the operation behind them allow. Sequences stay, so set-ups stay;
what is late already and what has no due date keeps its forward place. Where dates matter more than
priorities, make the forward plan with EDD.
"""

from collections.abc import Iterator, Sequence
from math import inf

from service.mill.rules.scheduling.sequences import Timing, by_machine, merged, moved
from service.mill.rules.scheduling.shop import Machine, Operation, Plan
from service.mill.rules.scheduling.windows import EPSILON


def as_late_as_due(plan: Plan, machines: Sequence[Machine], timing: Timing) -> Plan:
    """A forward plan with its operations moved towards their due dates; frozen ones stay."""
    known = {machine.code: machine for machine in machines}
    return merged(
        plan,
        {
            code: [*_later(known[code], operations, timing)][::-1]
            for code, operations in by_machine(plan.operations).items()
            if code in known
        },
    )


def _later(machine: Machine, operations: Sequence[Operation], timing: Timing) -> Iterator[Operation]:
    """From the last to the first."""
    behind = inf
    for one in reversed(operations):
        latest = min(behind, max(one.end, one.end if one.due is None else one.due))
        placed = None if one.frozen or latest <= one.end else timing.place_late(machine, one, latest)
        later = one
        if placed is not None and placed.setup_start > one.setup_start + EPSILON:
            waited = {} if one.choice is None else one.choice.waits
            shift = placed.setup_start - one.setup_start
            later = moved(one, placed, {**waited, "due_date": shift})
        yield later
        behind = later.setup_start
