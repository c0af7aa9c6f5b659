"""Load of each work centre and ISO week against what its machines can do (spec E.7, step 6)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from service.mill.rules.scheduling.clock import Week
from service.mill.rules.scheduling.metrics import open_hours
from service.mill.rules.scheduling.shop import Job, Machine, Operation, Shop

WARNING_ABOVE: Final = 0.85
CRITICAL_ABOVE: Final = 0.95
"""Parameters `utilisation_warning`, `utilisation_critical` (spec E.3)."""
_ROUNDING: Final = 1e-9
"""What is filled exactly up to a limit is not above it: 142.8 of 168 hours are 85 %, whatever floats say."""
LoadLevel: TypeAlias = Literal["OK", "WARNING", "CRITICAL", "OVERLOAD"]
Cells: TypeAlias = Mapping[tuple[str, str], float]
"""Hours by work centre and name of the week."""


@dataclass(frozen=True, slots=True)
class Load:
    """Hours of work at efficiency 1, asked of a work centre in a week and there to be had."""

    center: str
    week: Week
    machines: int
    load_hours: float
    capacity_hours: float
    warning: float = WARNING_ABOVE
    critical: float = CRITICAL_ABOVE

    @property
    def share(self) -> float | None:
        """1 is as much as the machines can do; None where they cannot work at all."""
        return self.load_hours / self.capacity_hours if self.capacity_hours > 0 else None

    @property
    def level(self) -> LoadLevel:
        """Above 1 OVERLOAD; the limits themselves are not above."""
        return level_of(self.load_hours, self.capacity_hours, self.warning, self.critical)


def level_of(
    load_hours: float, capacity_hours: float, warning: float = WARNING_ABOVE, critical: float = CRITICAL_ABOVE
) -> LoadLevel:
    """How much of what machines can do is asked of them; hours where they cannot work are too many."""
    if capacity_hours <= 0:
        return "OVERLOAD" if load_hours > 0 else "OK"
    share = load_hours / capacity_hours
    if share > 1 + _ROUNDING:
        return "OVERLOAD"
    if share > critical + _ROUNDING:
        return "CRITICAL"
    return "WARNING" if share > warning + _ROUNDING else "OK"


def loads(
    hours: Cells, machines: Iterable[Machine], weeks: Sequence[Week], now: float,
    warning: float = WARNING_ABOVE, critical: float = CRITICAL_ABOVE,
) -> list[Load]:  # fmt: skip
    """Every work centre and week, by code and date; of the week of now what is left of it."""
    by_center: defaultdict[str, list[Machine]] = defaultdict(list)
    for machine in sorted(machines, key=lambda machine: machine.code):
        if machine.usable:
            by_center[machine.center].append(machine)
    for center, _ in hours:
        by_center[center]  # a work centre without machines is loaded all the same
    return [
        Load(
            center, week, len(found), hours.get((center, week.name), 0.0),
            sum(work_hours(one, max(week.start, now, one.free_from), week.end) for one in found),
            warning, critical,
        )
        for center, found in sorted(by_center.items())
        for week in weeks
    ]  # fmt: skip


def planned_hours(
    operations: Iterable[Operation], machines: Iterable[Machine], weeks: Sequence[Week], now: float
) -> Cells:
    """What a plan puts into each week, set-ups included: never more than a work centre can do."""
    known = {machine.code: machine for machine in machines}
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for one in operations:
        machine = known.get(one.machine)
        if machine is None:
            continue
        for week in _touched(one, weeks):
            start, end = max(one.setup_start, week.start, now), min(one.end, week.end)
            found[machine.center, week.name] += work_hours(machine, start, end)
    return found


def required_hours(jobs: Iterable[Job], shop: Shop, weeks: Sequence[Week]) -> Cells:
    """What orders ask of their work centre by the week of their due date, whatever it can do.

    Past due falls into the first week, no due date into the last; what is due behind the last week and what
    has no rate is left out. Set-ups are not in it: they depend on the sequence.
    """
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    code = {}
    for machine in sorted(shop.machines, key=lambda machine: machine.code, reverse=True):
        code[machine.center] = machine.code
    for job in jobs:
        week = _due_week(job, weeks)
        if job.center is None or week is None or job.on_hold:
            continue
        rate = shop.rates.of(job.machine or code.get(job.center, ""), job.center, job.style)
        if rate is not None:
            found[job.center, week.name] += float(job.pounds) / rate.pounds_per_hour
    return found


def work_hours(machine: Machine, start: float, end: float) -> float:
    """Hours of work at efficiency 1 that a machine does in a stretch of time, by its shifts' and its own."""
    if machine.windows is None:
        return open_hours(machine, start, end) * machine.efficiency
    return machine.windows.work_between(start, end) * machine.efficiency if start < end else 0.0


def _touched(one: Operation, weeks: Sequence[Week]) -> Iterator[Week]:
    return (week for week in weeks if week.start < one.end and one.setup_start < week.end)


def _due_week(job: Job, weeks: Sequence[Week]) -> Week | None:
    """The week in which a job is due: 24:00 of a Sunday belongs to the week that it ends."""
    if not weeks:
        return None
    if job.due is None:
        return weeks[-1]
    at = bisect_right([week.start for week in weeks], job.due - _ROUNDING) - 1
    if at < 0:
        return weeks[0]
    return weeks[at] if job.due <= weeks[at].end + _ROUNDING else None
