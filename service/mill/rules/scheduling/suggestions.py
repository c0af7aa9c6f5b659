"""What a machine could knit next: orders it may knit, the best first, each with why (spec E.4, A.11)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.mill.rules.parameter_parts import DispatchRule
from service.mill.rules.scheduling.dispatch import sort_key
from service.mill.rules.scheduling.eligibility import Eligibility
from service.mill.rules.scheduling.rates import RateSource
from service.mill.rules.scheduling.shop import Job, Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An order as it would run on the machine; hours from time zero. `why`: what ranks it, by code.

    A job whose `ready` is None is ranked behind the others: nobody knows when its yarn is there, and it is
    shown as if it were there.
    """

    job: Job
    setup: float
    run: float
    start: float
    end: float
    source: RateSource
    why: tuple[str, ...]

    @property
    def late(self) -> float | None:
        """Hours after its due time; None without one."""
        return None if self.job.due is None else max(0.0, self.end - self.job.due)


def suggestions(
    jobs: Iterable[Job], machine: str, shop: Shop, rule: DispatchRule, free_from: float, style: str | None
) -> list[Suggestion]:
    """Jobs that the machine may knit: whose yarn is there first, then by the dispatch rule, then set-ups.

    `style` is what the machine knits until `free_from`.
    """
    known = Eligibility(shop)
    number = known.number_of(machine)
    if number is None:
        return []
    found = []
    for job in jobs:
        paces, _ = known.paces_of(job)
        pace = next((one for one in paces if one.machine == number), None)
        if pace is None or job.on_hold:
            continue
        setup = shop.setups.hours(style, job.style)
        run = float(job.pounds) / pace.pounds_per_hour
        placed = known.machines[number].place(max(free_from, job.ready or free_from), setup, run)
        if placed is not None:
            why = tuple(_why(job, setup, free_from))
            found.append(
                Suggestion(
                    job=job, setup=setup, run=run, start=placed.setup_start, end=placed.end,
                    source=pace.source, why=why,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (_waits(one.job, free_from), *sort_key(rule, one.job, one.run, 0.0)))


def _waits(job: Job, free_from: float) -> int:
    """0 its yarn is there when the machine is free, 1 it comes later, 2 nobody knows."""
    return 2 if job.ready is None else int(job.ready > free_from)


def _why(job: Job, setup: float, free_from: float) -> Iterator[str]:
    yield ("YARN_THERE", "YARN_COMES", "YARN_NOT_KNOWN")[_waits(job, free_from)]
    if not setup:
        yield "SAME_STYLE"
    if job.due is not None and job.due <= 0:
        yield "PAST_DUE"
    if job.machine is not None:
        yield "MACHINE_FIXED"
    if job.priority == 1:
        yield "CRITICAL"
