"""What stands on one machine after another, timed anew: the ground of improvement and of backward plans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Machine, Operation, Plan, WaitedFor, waits
from service.mill.rules.scheduling.windows import Placement, round_the_clock


def by_machine(operations: Iterable[Operation]) -> dict[str, list[Operation]]:
    """The operations of each machine in the order of time; machines in the order of their codes."""
    ordered = sorted(operations, key=lambda one: (one.machine, one.setup_start, one.order, one.part))
    return {code: list(found) for code, found in groupby(ordered, key=lambda one: one.machine)}


def merged(plan: Plan, changed: Mapping[str, Sequence[Operation]]) -> Plan:
    """A plan with other operations on some machines, in the order of time, machine and order."""
    kept = (one for one in plan.operations if one.machine not in changed)
    everything = [*kept, *(one for operations in changed.values() for one in operations)]
    everything.sort(key=lambda one: (not one.frozen, one.setup_start, one.machine, one.order, one.part))
    return Plan(everything, plan.unscheduled)


@dataclass(frozen=True, slots=True)
class Timing:
    """How operations are timed anew: the options of the plan that matter for it."""

    setups: Setups
    now: float
    split_setup: bool = False

    def forward(
        self, machine: Machine, before: Operation | None, sequence: Sequence[Operation]
    ) -> Iterator[Operation]:
        """A sequence as early as its material and the machine allow, after `before`; ends where none fits."""
        style = machine.style if before is None else before.style
        free = max(self.now, machine.free_from, self.now if before is None else before.end)
        for one in sequence:
            placed = self.place(machine, max(free, one.earliest), self.setups.hours(style, one.style), one)
            if placed is None:
                return
            reasons = waits(self.now, one.earliest, free, placed.setup_start)
            yield moved(one, placed, reasons)
            free, style = placed.end, one.style

    def place(self, machine: Machine, earliest: float, setup: float, one: Operation) -> Placement | None:
        """The first place of an operation on a machine."""
        return machine.place(earliest, setup, one.run_hours, split_setup=self.split_setup)

    def place_late(self, machine: Machine, one: Operation, latest_end: float) -> Placement | None:
        """The last place that ends in time, never before the place that the operation has, which does."""
        found = self._latest(machine, one, latest_end)
        # Added up from its begin it may end a hair of float arithmetic later: into what follows it.
        return None if found is None else found._replace(end=min(found.end, latest_end))

    def _latest(self, machine: Machine, one: Operation, latest_end: float) -> Placement | None:
        if machine.windows is None:
            start = max(one.setup_start, latest_end - one.run_hours - one.setup)
            return round_the_clock(start, one.setup, one.run_hours)
        setup = machine.windows.open_between(one.setup_start, one.run_start)
        return machine.windows.place_late(
            one.setup_start, latest_end, setup, one.run_hours, split_setup=self.split_setup
        )


def moved(one: Operation, placed: Placement, reasons: Mapping[WaitedFor, float]) -> Operation:
    """An operation at another time, with what it waited for."""
    return replace(
        one,
        setup_start=placed.setup_start,
        run_start=placed.run_start,
        end=placed.end,
        choice=None if one.choice is None else replace(one.choice, waits=reasons),
    )
