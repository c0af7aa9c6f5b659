"""Which machines may knit an order, and how fast (spec E.7, step 2)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.mill.rules.scheduling.rates import RateSource
from service.mill.rules.scheduling.shop import Job, Shop


class Pace(NamedTuple):
    """A machine (its number in the order of codes) and the pounds an hour it knits of a style."""

    machine: int
    pounds_per_hour: float
    source: RateSource


class Eligibility:
    """The machines of a shop, by code; what was found once is kept."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.machines = sorted(shop.machines, key=lambda machine: machine.code)
        self._number = {machine.code: at for at, machine in enumerate(self.machines)}
        self._centers: defaultdict[str, list[int]] = defaultdict(list)
        for at, machine in enumerate(self.machines):
            if machine.usable:
                self._centers[machine.center].append(at)
        self._paces: dict[tuple[str, str | None, str | None], tuple[list[Pace], bool]] = {}

    def number_of(self, code: str) -> int | None:
        """The number of a machine; None: there is none of this code."""
        return self._number.get(code)

    def paces_of(self, job: Job) -> tuple[list[Pace], bool]:
        """The machines that may knit a job with their pace, and whether any may at all."""
        key = (job.style, job.center, job.machine)
        known = self._paces.get(key)
        if known is None:
            eligible = self._eligible(job)
            known = self._paces[key] = list(self._paced(eligible, job.style)), bool(eligible)
        return known

    def _eligible(self, job: Job) -> list[int]:
        """The one machine where it is fixed; else those of the work centre and of the alternates."""
        if job.machine is not None:
            return self._named(job.machine)
        found = set(() if job.center is None else self._centers.get(job.center, ()))
        for other in self._shop.alternates.get(job.style, ()):
            found.update(self._centers.get(other, ()) or self._named(other))
        return sorted(found)

    def _named(self, code: str) -> list[int]:
        at = self._number.get(code)
        return [at] if at is not None and self.machines[at].usable else []

    def _paced(self, eligible: Iterable[int], style: str) -> Iterator[Pace]:
        for at in eligible:
            machine = self.machines[at]
            rate = self._shop.rates.of(machine.code, machine.center, style)
            if rate is not None:
                yield Pace(at, rate.pounds_per_hour * machine.efficiency, rate.source)
