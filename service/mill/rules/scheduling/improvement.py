"""Improving the sequence of each machine (spec E.7, step 5): swaps and insertions, the same every time.

The neighbourhood is searched in a fixed order, and its effort is bounded by a number of trials and not by a
clock: equal input gives the equal plan, on a slow machine too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from service.mill.rules.scheduling.sequences import Timing, by_machine, merged
from service.mill.rules.scheduling.shop import Machine, Operation, Plan

TRIALS: Final = 20_000
"""Operations that may be timed anew in all: about 0.1 s."""
REACH: Final = 3
"""By how many places an operation is moved at most: 1 is a swap of neighbours."""
_LEAST_GAIN: Final = 1e-6
Cost: TypeAlias = tuple[float, float]
"""Weighted hours of lateness, set-up hours: compared in this order."""


def weight(priority: int) -> int:
    """An hour late of a critical order (1) counts four times one of a low order (4)."""
    return 5 - priority


def improve(plan: Plan, machines: Sequence[Machine], timing: Timing, trials: int = TRIALS) -> Plan:
    """A plan whose (weighted lateness, set-up hours) is never higher; machines by code, moves from the front.

    Frozen operations stay, and so does the machine of each operation. Every machine has its share of the
    trials, whatever the others need.
    """
    known = {machine.code: machine for machine in machines}
    sequences = by_machine(plan.operations)
    changed = {}
    lates = _lateness_of_parts(plan.operations)
    for code, operations in sequences.items():
        if code in known:
            effort = trials // len(sequences)
            changed[code] = _improved(known[code], operations, timing, lates, effort)
            for one in changed[code]:
                lates[one.order][one.part] = one.late or 0.0
    return merged(plan, changed)


def cost_of(operations: Sequence[Operation], elsewhere: Mapping[str, Mapping[int, float]]) -> Cost:
    """What a machine's operations cost; a part is late only by what its order's other parts are not."""
    late = 0.0
    for one in operations:
        others = (hours for part, hours in elsewhere[one.order].items() if part != one.part)
        late += weight(one.priority) * max(one.late or 0.0, *others, 0.0)
    return late, sum(one.setup for one in operations)


def _improved(
    machine: Machine,
    operations: Sequence[Operation],
    timing: Timing,
    elsewhere: Mapping[str, Mapping[int, float]],
    effort: int,
) -> Sequence[Operation]:
    """Take the first move that gains, then search from the front again, until none gains."""
    kept = [one for one in operations if one.frozen]
    best = [one for one in operations if not one.frozen]
    before = kept[-1] if kept else None
    cost = cost_of(best, elsewhere)
    found = True
    while found:
        found = False
        for tried in _neighbours(best):
            effort -= len(best)
            if effort < 0:
                return [*kept, *best]
            timed = list(timing.forward(machine, before, tried))
            reached = cost_of(timed, elsewhere)
            if len(timed) == len(best) and _lower(reached, cost):
                best, cost, found = timed, reached, True
                break
    return [*kept, *best]


def _neighbours(sequence: Sequence[Operation]) -> Iterator[list[Operation]]:
    """The sequence with one operation some places sooner or later; one place is a swap of neighbours."""
    for distance in range(1, REACH + 1):
        for at in range(len(sequence) - distance):
            yield _shifted(sequence, at + distance, at)
            if distance > 1:
                yield _shifted(sequence, at, at + distance)


def _shifted(sequence: Sequence[Operation], source: int, target: int) -> list[Operation]:
    tried = list(sequence)
    tried.insert(target, tried.pop(source))
    return tried


def _lower(one: Cost, other: Cost) -> bool:
    if abs(one[0] - other[0]) > _LEAST_GAIN:
        return one[0] < other[0]
    return one[1] < other[1] - _LEAST_GAIN


def _lateness_of_parts(operations: Sequence[Operation]) -> defaultdict[str, dict[int, float]]:
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for one in operations:
        found[one.order][one.part] = one.late or 0.0
    return found
