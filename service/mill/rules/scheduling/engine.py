"""The list scheduler (spec E.7): orders by a dispatch rule, each to the machine that ends it first.

Deterministic, in O(orders × machines of a work centre); nothing is read but its arguments.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from service.mill.rules.parameter_parts import DispatchRule
from service.mill.rules.scheduling.dispatch import NEEDS_HOURS, sort_key
from service.mill.rules.scheduling.eligibility import Eligibility, Pace
from service.mill.rules.scheduling.shop import (
    Choice,
    Job,
    Operation,
    Plan,
    Reason,
    Shop,
    Unscheduled,
    waits,
)
from service.mill.rules.scheduling.splitting import MIN_BATCH, parts_of
from service.mill.rules.scheduling.windows import Placement

MOST_OTHERS: Final = 4
"""Machines that were not taken of which a plan keeps when the order would have ended there."""
_DIGITS: Final = 6
"""Ends that differ by less than a millionth of an hour are the same: set-up and start decide then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to schedule; every field is an assumption to be told with the plan.

    `split`: over how many machines an order may be divided (spec: at most 4), never below `min_batch` pounds
    each; `split_setup`: whether a pause may come between set-up and first run hour; `trials`: the effort of
    improving it, 0 for none; `now` in hours.
    """

    rule: DispatchRule = "PRIORITY_EDD"
    direction: Literal["forward", "backward"] = "forward"
    split: int = 1
    min_batch: Decimal = MIN_BATCH
    split_setup: bool = False
    trials: int = 0
    now: float = 0.0


class _Candidate(NamedTuple):
    """A place on a machine; the smallest is chosen (spec E.7, step 2)."""

    end: float
    setup: float
    start: float
    machine: int
    placed: Placement
    pace: Pace


def schedule(
    jobs: Iterable[Job], shop: Shop, options: Options | None = None, frozen: Sequence[Operation] = ()
) -> Plan:
    """Place all jobs; frozen operations stay where they are, new ones come after the last of their machine.

    The order of `jobs`, of machines and of frozen operations does not matter.

    Raises:
        ValueError: frozen operations overlap, or two jobs have the same order number.
    """
    return _Floor(shop, options or Options(), frozen).plan(list(jobs))


class _Floor:
    """The machines while they are being filled."""

    def __init__(self, shop: Shop, options: Options, frozen: Sequence[Operation]) -> None:
        self._shop, self._options = shop, options
        self._eligibility = Eligibility(shop)
        self._machines = self._eligibility.machines
        self._free = [max(machine.free_from, options.now) for machine in self._machines]
        self._style = [machine.style for machine in self._machines]
        self._operations: list[Operation] = []
        self._frozen_pounds: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._frozen_parts: defaultdict[str, int] = defaultdict(int)
        self._keep(frozen)

    def plan(self, jobs: Sequence[Job]) -> Plan:
        """All jobs, in the order of the dispatch rule."""
        _refuse_twins(jobs)
        rule, now = self._options.rule, self._options.now
        hours = self._shortest if rule in NEEDS_HOURS else _no_hours
        ordered = sorted(jobs, key=lambda job: sort_key(rule, job, hours(job), now))
        unscheduled = []
        for job in ordered:
            reason = self._place(job)
            if reason is not None:
                unscheduled.append(Unscheduled(job.order, reason))
        return Plan(self._operations, unscheduled)

    def _keep(self, frozen: Sequence[Operation]) -> None:
        """What is frozen occupies its machine up to its end."""
        for one in sorted(frozen, key=lambda one: (one.machine, one.setup_start, one.order)):
            at = self._eligibility.number_of(one.machine)
            if at is not None:
                before = self._operations[-1] if self._operations else None
                if before is not None and before.machine == one.machine and one.setup_start < before.end:
                    raise ValueError(
                        f"frozen operations of {before.order} and {one.order} overlap on {one.machine}"
                    )
                self._free[at] = max(self._free[at], one.end)
                self._style[at] = one.style
            self._operations.append(one)
            self._frozen_pounds[one.order] += one.pounds
            self._frozen_parts[one.order] = max(self._frozen_parts[one.order], one.part)

    def _place(self, job: Job) -> Reason | None:
        """Occupy machines for a job, or say why not."""
        pounds = self._left(job)
        if pounds <= 0:
            return None if job.order in self._frozen_pounds else "NO_QUANTITY"
        if job.on_hold:
            return "ON_HOLD"
        paces, eligible = self._eligibility.paces_of(job)
        if not paces:
            return "NO_RATE" if eligible else "NO_ELIGIBLE_MACHINE"
        if job.ready is None:
            return "NO_MATERIAL"
        ready = max(job.ready, self._options.now)
        chosen, others = self._choose(job, ready, pounds, paces)
        if not chosen:
            return "NO_WORKING_TIME"
        left = tuple((self._machines[one.machine].code, one.end) for one in others)
        for part, (candidate, share) in enumerate(chosen, self._frozen_parts.get(job.order, 0) + 1):
            self._occupy(job, part, share, ready, candidate, len(paces), left)
        return None

    def _choose(
        self, job: Job, ready: float, pounds: Decimal, paces: Sequence[Pace]
    ) -> tuple[Sequence[tuple[_Candidate, Decimal]], Sequence[_Candidate]]:
        """The places of a job with the pounds of each, and the best that were not taken."""
        best: Sequence[tuple[_Candidate, Decimal]] = ()
        others: Sequence[_Candidate] = ()
        for count in range(1, min(self._options.split, len(paces)) + 1):
            shares = parts_of(pounds, count, self._options.min_batch)
            if not shares:
                break
            found = sorted(self._candidates(job, ready, float(shares[0]), paces))
            if len(found) >= count and (not best or found[count - 1].end < best[-1][0].end):
                best = list(zip(found, shares, strict=False))
                # The first part has what did not divide: the others end a little sooner.
                best = [best[0], *(self._resized(job, ready, one, share) for one, share in best[1:])]
                others = found[count : count + MOST_OTHERS]
        return best, others

    def _resized(
        self, job: Job, ready: float, candidate: _Candidate, pounds: Decimal
    ) -> tuple[_Candidate, Decimal]:
        """The same place for other pounds, no more than before."""
        return next(self._candidates(job, ready, float(pounds), [candidate.pace])), pounds

    def _candidates(
        self, job: Job, ready: float, pounds: float, paces: Sequence[Pace]
    ) -> Iterator[_Candidate]:
        """The first place on each machine."""
        free, styles, setups, split = self._free, self._style, self._shop.setups, self._options.split_setup
        for pace in paces:
            at = pace.machine
            earliest = max(free[at], ready)
            setup = setups.hours(styles[at], job.style)
            run = pounds / pace.pounds_per_hour
            placed = self._machines[at].place(earliest, setup, run, split_setup=split)
            if placed is None:
                continue
            yield _Candidate(round(placed.end, _DIGITS), setup, placed.setup_start, at, placed, pace)

    def _occupy(
        self, job: Job, part: int, pounds: Decimal, ready: float, chosen: _Candidate, alternatives: int,
        others: tuple[tuple[str, float], ...],
    ) -> None:  # fmt: skip
        machine, placed, free = self._machines[chosen.machine], chosen.placed, self._free[chosen.machine]
        choice = Choice(
            waits=waits(self._options.now, ready, free, placed.setup_start),
            alternatives=alternatives,
            others=others,
        )
        self._operations.append(
            Operation(
                order=job.order, part=part, machine=machine.code, center=machine.center, style=job.style,
                pounds=pounds, priority=job.priority, due=job.due, earliest=ready,
                setup_start=placed.setup_start, run_start=placed.run_start, end=placed.end,
                run_hours=float(pounds) / chosen.pace.pounds_per_hour, rate_source=chosen.pace.source,
                choice=choice,
            )
        )  # fmt: skip
        self._free[chosen.machine] = placed.end
        self._style[chosen.machine] = job.style

    def _shortest(self, job: Job) -> float:
        """Run hours of what is left on the fastest machine; 0 where there is none."""
        paces, _ = self._eligibility.paces_of(job)
        fastest = max((pace.pounds_per_hour for pace in paces), default=0.0)
        return float(self._left(job)) / fastest if fastest else 0.0

    def _left(self, job: Job) -> Decimal:
        """Pounds of a job that are not frozen."""
        return job.pounds - self._frozen_pounds.get(job.order, Decimal(0))


def _no_hours(_job: Job) -> float:
    return 0.0


def _refuse_twins(jobs: Sequence[Job]) -> None:
    seen: set[str] = set()
    for job in jobs:
        if job.order in seen:
            raise ValueError(f"two jobs of order {job.order}")
        seen.add(job.order)
