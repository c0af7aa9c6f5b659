"""What a plan is worth (spec E.7, step 6): lateness, set-ups, and how busy its machines are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from service.mill.rules.scheduling.sequences import by_machine
from service.mill.rules.scheduling.shop import Machine, Operation, Plan

_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Hours of a machine from now to the end of the plan."""

    machine: str
    center: str
    busy_hours: float
    window_hours: float

    @property
    def share(self) -> float | None:
        """Busy / window hours: 1 is busy whenever it may work; None where it never may."""
        return self.busy_hours / self.window_hours if self.window_hours > 0 else None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures of a plan; orders without a due date and orders without a place are not in the percentage.

    `makespan` is the hours from now to the last end; hours late are those of an order's last part.
    """

    orders: int
    with_due: int
    on_time: int
    unscheduled: int
    total_late: float
    max_late: float
    makespan: float
    setup_hours: float
    estimated_rates: int
    utilisation: Sequence[Utilisation]

    @property
    def on_time_percent(self) -> float | None:
        """Of the orders that have a place and a due date; None where there is none."""
        return self.on_time / self.with_due * _PERCENT if self.with_due else None


def metrics(plan: Plan, machines: Iterable[Machine], now: float = 0.0) -> Metrics:
    """The figures of a plan; utilisation of every machine that could be used, by code."""
    lateness = lateness_of_orders(plan.operations)
    dated = [hours for hours in lateness.values() if hours is not None]
    end = max((one.end for one in plan.operations), default=now)
    return Metrics(
        orders=len(lateness),
        with_due=len(dated),
        on_time=sum(hours <= 0 for hours in dated),
        unscheduled=len(plan.unscheduled),
        total_late=sum(dated),
        max_late=max(dated, default=0.0),
        makespan=end - now,
        setup_hours=sum(_setup_hours(plan.operations, machines := list(machines))),
        estimated_rates=len({one.order for one in plan.operations if one.estimated}),
        utilisation=_utilisations(plan, machines, now, end),
    )


def lateness_of_orders(operations: Iterable[Operation]) -> dict[str, float | None]:
    """Hours late of each order, by its last part; None without a due date."""
    found: dict[str, float | None] = {}
    for one in operations:
        late = one.late
        found[one.order] = late if late is None else max(late, found.get(one.order) or 0.0)
    return found


def open_hours(machine: Machine, start: float, end: float) -> float:
    """Hours by the clock in which a machine may work."""
    if end <= start:
        return 0.0
    return end - start if machine.windows is None else machine.windows.open_between(start, end)


def _setup_hours(operations: Iterable[Operation], machines: Iterable[Machine]) -> Iterable[float]:
    known = {machine.code: machine for machine in machines}
    for one in operations:
        machine = known.get(one.machine)
        yield one.setup if machine is None else open_hours(machine, one.setup_start, one.run_start)


def _utilisations(plan: Plan, machines: Iterable[Machine], now: float, end: float) -> list[Utilisation]:
    placed = by_machine(plan.operations)
    return [
        Utilisation(
            machine.code,
            machine.center,
            sum(
                open_hours(machine, max(one.setup_start, now), one.end)
                for one in placed.get(machine.code, ())
            ),
            open_hours(machine, now, end),
        )
        for machine in sorted(machines, key=lambda machine: machine.code)
        if machine.usable
    ]
