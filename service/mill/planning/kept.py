"""What a new schedule may not move: orders that are being knitted, and what the published one begins soon."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.mill.rules.plant import PublishedOp
from service.mill.rules.quantities import ZERO
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.freezing import frozen
from service.mill.rules.scheduling.rates import Rate
from service.mill.rules.scheduling.shop import Choice, Job, Machine, Operation, Shop

HOURS_OF_DAY = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """How operations are kept: `running` are the orders in progress, in the order of service."""

    jobs: Mapping[str, Job]
    running: Sequence[str]
    shop: Shop
    clock: Clock

    def operations(self, published: Iterable[PublishedOp], freeze_days: int) -> list[Operation]:
        """Those of the published schedule that are under way or begin soon, and every order in progress.

        Where two claim the same time of a machine, what is being knitted stays, then what begins first; the
        others are planned anew.
        """
        known = {machine.code: machine for machine in self.shop.machines if machine.usable}
        soon = frozen(self._published(published, known), 0.0, freeze_days * HOURS_OF_DAY)
        on_their_machine = {(one.order, one.machine) for one in soon}
        taken: dict[str, list[Operation]] = defaultdict(list)
        for number in self.running:
            job = self.jobs[number]
            if job.machine in known and (number, job.machine) not in on_their_machine:
                self._begun(job, known[job.machine], soon, taken)
        for one in sorted(soon, key=lambda one: (one.setup_start, one.order, one.part)):
            before = taken[one.machine]
            if not before or before[-1].end <= one.setup_start:
                before.append(one)
        return [one for code in sorted(taken) for one in taken[code]]

    def _published(
        self, operations: Iterable[PublishedOp], known: Mapping[str, Machine]
    ) -> Iterator[Operation]:
        """Operations of orders that are still open, on machines that still work, or again when they begin.

        What is left of an order goes to the first of its parts: all of them together knit no more than that.
        """
        left = {order: job.pounds for order, job in self.jobs.items()}
        for one in sorted(operations, key=lambda one: (one.setup_start, one.order, one.part)):
            job, machine = self.jobs.get(one.order), known.get(one.machine)
            if job is None or job.on_hold or machine is None or self.clock.hours(one.end) <= 0:
                continue
            begun = self.clock.hours(one.setup_start)
            if machine.free_from > max(begun, 0.0):
                continue
            pounds = min(one.pounds, left[one.order])
            if pounds > 0 and (begun <= 0 or job.machine in (None, one.machine)):
                left[one.order] -= pounds
                yield Operation(
                    order=one.order, part=one.part, machine=one.machine, center=machine.center,
                    style=one.style, pounds=pounds, priority=job.priority, due=job.due,
                    earliest=begun, setup_start=begun, run_start=self.clock.hours(one.run_start),
                    end=self.clock.hours(one.end), run_hours=0.0, frozen=True,
                )  # fmt: skip

    def _begun(
        self, job: Job, machine: Machine, soon: Sequence[Operation], taken: dict[str, list[Operation]]
    ) -> None:
        """An order in progress goes on at once, after what else is in progress on its machine."""
        rate = self.shop.rates.of(machine.code, machine.center, job.style)
        parts = [one for one in soon if one.order == job.order]
        pounds = job.pounds - sum((one.pounds for one in parts), ZERO)
        if rate is None or pounds <= 0:
            return
        before = taken[machine.code]
        earliest = max(machine.free_from, before[-1].end if before else 0.0)
        setup = self.shop.setups.hours(before[-1].style, job.style) if before else 0.0
        made = _placed(replace(job, pounds=pounds), machine, rate, earliest, setup)
        if made is not None:
            before.append(replace(made, part=1 + max((one.part for one in parts), default=0)))


def _placed(job: Job, machine: Machine, rate: Rate, earliest: float, setup: float) -> Operation | None:
    run = float(job.pounds) / (rate.pounds_per_hour * machine.efficiency)
    placed = machine.place(earliest, setup, run)
    if placed is None:
        return None
    return Operation(
        order=job.order, part=1, machine=machine.code, center=machine.center, style=job.style,
        pounds=job.pounds, priority=job.priority, due=job.due, earliest=earliest,
        setup_start=placed.setup_start, run_start=placed.run_start, end=placed.end, run_hours=run,
        frozen=True, rate_source=rate.source, choice=Choice(waits={"machine": earliest}, alternatives=1),
    )  # fmt: skip
