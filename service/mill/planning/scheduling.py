"""Which machine knits what and when: the orders of a plan on the plant (spec E.7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from service.mill.planning.demand import Demanded
from service.mill.planning.gates import Gate
from service.mill.planning.kept import Kept
from service.mill.planning.kits import Kits
from service.mill.rules.ground import Ground
from service.mill.rules.plant import Plant
from service.mill.rules.quantities import ZERO
from service.mill.rules.scheduling.blocks import Block, blocks, hours_shown
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.loads import Load, loads, planned_hours, required_hours
from service.mill.rules.scheduling.metrics import Metrics, metrics
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.remedies import Remedy, remedies
from service.mill.rules.scheduling.shop import Operation, Shop, Unscheduled
from service.mill.rules.shop_floor import jobs_of, options_of, shop_of


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A schedule with what it stands on. `reasons`: why an order has no place, or none for all of it.

    `planned` and `required` are the loads of work centres by week: what the schedule puts there, and what due
    dates ask for, whatever there is room for.
    """

    clock: Clock
    shop: Shop
    operations: Sequence[Operation]
    unscheduled: Sequence[Unscheduled]
    remedies: Mapping[str, Sequence[Remedy]]
    """What would help each late order, by its number."""
    metrics: Metrics
    planned: Sequence[Load]
    required: Sequence[Load]

    @property
    def reasons(self) -> Mapping[str, str]:
        """By number of order."""
        return {one.order: one.reason for one in self.unscheduled}

    @property
    def blocks(self) -> Iterator[Block]:
        """The operations in the mill's time; the last of a late order says what would help."""
        last = {one.order: (one.end, one.part) for one in sorted(self.operations, key=_by_end)}
        for operation, one in zip(self.operations, blocks(self.operations, self.clock), strict=True):
            is_last = last[one.order] == (operation.end, operation.part)
            helping = self.remedies.get(one.order, ()) if is_last else ()
            told = [
                {
                    "kind": remedy.kind,
                    "end": self.clock.instant(remedy.end).isoformat(),
                    "machines": list(remedy.machines),
                    "punctual": remedy.punctual,
                }
                for remedy in helping
            ]
            yield replace(one, why={**one.why, "remedies": told}) if told else one

    def stats(self) -> dict[str, Any]:
        """The figures of the schedule as a whole; `on_hold` orders stand in no other part of a plan."""
        found, percent = self.metrics, self.metrics.on_time_percent
        return {
            "from": self.clock.epoch.isoformat(),
            "zone": self.clock.zone,
            "operations": len(self.operations),
            "orders": found.orders,
            "with_due": found.with_due,
            "on_time": found.on_time,
            "on_time_pct": None if percent is None else str(hours_shown(percent)),
            "unscheduled": found.unscheduled,
            "total_late_hours": str(hours_shown(found.total_late)),
            "max_late_hours": str(hours_shown(found.max_late)),
            "makespan_hours": str(hours_shown(found.makespan)),
            "setup_hours": str(hours_shown(found.setup_hours)),
            "estimated_rates": found.estimated_rates,
            "on_hold": [one.order for one in self.unscheduled if one.reason == "ON_HOLD"],
        }


def scheduled(ground: Ground, plant: Plant, orders: Sequence[Demanded], kits: Kits) -> Scheduled:
    """The orders on the machines, from the plant's start on; the same ground gives the same schedule."""
    parameters, clock = ground.parameters, Clock(plant.start, plant.zone)
    waiting = [one for one in ground.orders if one.status == "on_hold" and one.pounds > 0]
    served = [one.order for one in orders]
    asked = [*served, *waiting]
    shop = shop_of(plant, ground.styles, asked, clock, parameters)
    jobs = jobs_of(asked, kits, ground.styles, plant, clock, parameters)
    running = [one.number for one in served if one.status == "in_progress"]
    kept = Kept({job.order: job for job in jobs}, running, shop, clock)
    frozen = kept.operations(plant.published, parameters.freeze_days)
    options = options_of(parameters)
    plan = finite_plan(jobs, shop, options, frozen)
    weeks = clock.weeks(parameters.weeks_horizon)
    limits = (float(parameters.utilisation_warning), float(parameters.utilisation_critical))
    done = planned_hours(plan.operations, shop.machines, weeks, 0.0)
    wanted = required_hours(jobs, shop, weeks)
    return Scheduled(
        clock=clock,
        shop=shop,
        operations=plan.operations,
        unscheduled=plan.unscheduled,
        remedies=remedies(plan.operations, {job.order: job for job in jobs}, shop, options),
        metrics=metrics(plan, shop.machines),
        planned=loads(done, shop.machines, weeks, 0.0, *limits),
        required=loads(wanted, shop.machines, weeks, 0.0, *limits),
    )


def _by_end(one: Operation) -> tuple[float, int]:
    return one.end, one.part


def schedule_gates(schedule: Scheduled | None) -> Iterator[Gate]:
    """What is doubtful about a schedule."""
    if schedule is None:
        return
    told = "nobody states how fast they are knitted: their times are estimates"
    pounds: dict[str, Decimal] = {}
    for one in schedule.operations:
        if one.estimated:
            pounds[one.order] = pounds.get(one.order, ZERO) + one.pounds
    if pounds:
        yield Gate("RATE_ESTIMATED", "warning", told, sum(pounds.values(), ZERO), tuple(sorted(pounds)))
