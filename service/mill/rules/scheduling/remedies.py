"""What would make a late order punctual: its yarn sooner, its turn sooner, no pauses, several machines.

Each remedy is tried by itself with everything else as the plan has it; to serve an order first means before
all that is not frozen. What ends in time then is a remedy, what does not tells by how much it helps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from service.mill.rules.scheduling.eligibility import Eligibility, Pace
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.sequences import by_machine
from service.mill.rules.scheduling.shop import Job, Machine, Operation, Shop
from service.mill.rules.scheduling.splitting import MOST_PARTS, parts_of
from service.mill.rules.scheduling.windows import round_the_clock

Kind: TypeAlias = Literal["YARN_AT_ONCE", "SERVED_FIRST", "FIRST_WITH_YARN", "DIVIDED", "WITHOUT_PAUSES"]
EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Remedy:
    """When the order would end, in hours, and where; `punctual`: in time then."""

    kind: Kind
    end: float
    machines: tuple[str, ...]
    punctual: bool


def remedies(
    operations: Sequence[Operation], jobs: Mapping[str, Job], shop: Shop, options: Options
) -> dict[str, list[Remedy]]:
    """Of every late order that is not frozen what would help, in a fixed order."""
    known = Eligibility(shop)
    trial = _Trial(known, shop, options, by_machine(operations))
    late: dict[str, Operation] = {}
    for one in operations:
        if one.late and not one.frozen and (one.order not in late or one.end > late[one.order].end):
            late[one.order] = one
    return {order: list(trial.of(jobs[order], late[order])) for order in sorted(late)}


@dataclass(frozen=True, slots=True)
class _Trial:
    known: Eligibility
    shop: Shop
    options: Options
    sequences: Mapping[str, Sequence[Operation]]

    def of(self, job: Job, placed: Operation) -> Iterator[Remedy]:
        """Every remedy that would let the order end sooner than it does."""
        paces, _ = self.known.paces_of(job)
        now = self.options.now
        ready = max(now, job.ready or now)
        if ready > now:
            yield from self._told("YARN_AT_ONCE", placed, self._at_its_turn(job, placed, paces))
        yield from self._told("SERVED_FIRST", placed, self._first(job, ready, paces))
        if ready > now:
            yield from self._told("FIRST_WITH_YARN", placed, self._first(job, now, paces))
        yield from self._told("DIVIDED", placed, self._divided(job, ready, paces))
        if any(self.known.machines[pace.machine].windows is not None for pace in paces):
            yield from self._told("WITHOUT_PAUSES", placed, self._first(job, ready, paces, pauses=False))

    def _told(self, kind: Kind, placed: Operation, found: Sequence[tuple[float, str]]) -> Iterator[Remedy]:
        if found:
            end = max(end for end, _ in found)
            if end < placed.end - EPSILON:
                in_time = placed.due is None or end <= placed.due + EPSILON
                yield Remedy(kind, end, tuple(code for _, code in found), in_time)

    def _at_its_turn(self, job: Job, placed: Operation, paces: Sequence[Pace]) -> list[tuple[float, str]]:
        """On its machine, right after what stands before it there, as if its yarn were there."""
        at = self.known.number_of(placed.machine)
        pace = next((one for one in paces if one.machine == at), None)
        if pace is None:
            return []
        before = [one for one in self.sequences[placed.machine] if one.end <= placed.setup_start]
        return self._placed(job, placed.pounds, self.options.now, pace, before)

    def _first(
        self, job: Job, ready: float, paces: Sequence[Pace], *, pauses: bool = True
    ) -> list[tuple[float, str]]:
        """On the machine that ends it first, before everything that is not frozen."""
        ends = sorted(self._each(job, job.pounds, ready, paces, pauses=pauses))
        return ends[:1]

    def _divided(self, job: Job, ready: float, paces: Sequence[Pace]) -> list[tuple[float, str]]:
        """The same over as many machines as end it first, two to four."""
        best: list[tuple[float, str]] = []
        for count in range(2, min(MOST_PARTS, len(paces)) + 1):
            shares = parts_of(job.pounds, count, self.options.min_batch)
            found = sorted(self._each(job, shares[0], ready, paces))[:count] if shares else []
            if len(found) == count and (not best or found[-1][0] < best[-1][0] - EPSILON):
                best = found
        return best

    def _each(
        self, job: Job, pounds: Decimal, ready: float, paces: Sequence[Pace], *, pauses: bool = True
    ) -> Iterator[tuple[float, str]]:
        for pace in paces:
            code = self.known.machines[pace.machine].code
            frozen = [one for one in self.sequences.get(code, ()) if one.frozen]
            yield from self._placed(job, pounds, ready, pace, frozen, pauses=pauses)

    def _placed(
        self, job: Job, pounds: Decimal, ready: float, pace: Pace, before: Sequence[Operation], *,
        pauses: bool = True,
    ) -> list[tuple[float, str]]:  # fmt: skip
        machine: Machine = self.known.machines[pace.machine]
        last = before[-1] if before else None
        style = machine.style if last is None else last.style
        free = max(machine.free_from, self.options.now, 0.0 if last is None else last.end)
        setup = self.shop.setups.hours(style, job.style)
        earliest, run = max(free, ready), float(pounds) / pace.pounds_per_hour
        if pauses:
            found = machine.place(earliest, setup, run, split_setup=self.options.split_setup)
        else:
            found = round_the_clock(earliest, setup, run)
        return [] if found is None else [(found.end, machine.code)]
