"""Which machine knits what and when: the orders of a plan on the plant (spec E.7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.mill.planning.demand import Demanded
from service.mill.planning.kept import Kept
from service.mill.planning.kits import Kits
from service.mill.rules.ground import Ground, OrderGround
from service.mill.rules.parameters import Parameters
from service.mill.rules.plant import MachineGround, Plant
from service.mill.rules.scheduling.blocks import Block, blocks, hours_shown
from service.mill.rules.scheduling.calendars import windows
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.loads import Load, loads, planned_hours, required_hours
from service.mill.rules.scheduling.metrics import Metrics, metrics
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.rates import Knitting, Rates, center_medians
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Operation, Shop, Unscheduled


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
    metrics: Metrics
    planned: Sequence[Load]
    required: Sequence[Load]

    @property
    def reasons(self) -> Mapping[str, str]:
        """By number of order."""
        return {one.order: one.reason for one in self.unscheduled}

    @property
    def blocks(self) -> Iterator[Block]:
        """The operations in the mill's time."""
        return blocks(self.operations, self.clock)

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
    shop = shop_of(ground, plant, clock, [*served, *waiting])
    jobs = [job_of(one, ground, clock, kits) for one in [*served, *waiting]]
    running = [one.number for one in served if one.status == "in_progress"]
    kept = Kept({job.order: job for job in jobs}, running, shop, clock)
    frozen = kept.operations(plant.published, parameters.freeze_days)
    plan = finite_plan(jobs, shop, options_of(parameters), frozen)
    weeks = clock.weeks(parameters.weeks_horizon)
    limits = (float(parameters.utilisation_warning), float(parameters.utilisation_critical))
    done = planned_hours(plan.operations, shop.machines, weeks, 0.0)
    asked = required_hours(jobs, shop, weeks)
    return Scheduled(
        clock=clock,
        shop=shop,
        operations=plan.operations,
        unscheduled=plan.unscheduled,
        metrics=metrics(plan, shop.machines),
        planned=loads(done, shop.machines, weeks, 0.0, *limits),
        required=loads(asked, shop.machines, weeks, 0.0, *limits),
    )


def schedule_start(as_of: date, zone: str, asked_at: datetime) -> datetime:
    """From when machines are planned: the begin of the plan's day, or of the hour that is passing of it."""
    begin = datetime.combine(as_of, time(), ZoneInfo(zone)).astimezone(UTC)
    local = asked_at.astimezone(ZoneInfo(zone))
    if local.date() != as_of:
        return begin
    return asked_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def options_of(parameters: Parameters) -> Options:
    """How a set of parameters has machines planned."""
    return Options(
        rule=parameters.schedule_rule,
        direction=parameters.schedule_direction,
        split=parameters.schedule_split,
        min_batch=parameters.min_batch_lb,
        split_setup=parameters.schedule_split_setup,
        trials=parameters.schedule_trials,
    )


def job_of(order: OrderGround, ground: Ground, clock: Clock, kits: Kits) -> Job:
    """An order for the machines: due at 24:00 of its day, ready when the last of its yarn is there."""
    style = ground.styles.get(order.style)
    return Job(
        order=order.number,
        style=order.style,
        center=None if style is None else style.work_center,
        pounds=order.pounds,
        priority=order.priority,
        due=None if order.due is None else clock.end_of(order.due),
        ready=_ready(order, ground.parameters, clock, kits),
        machine=order.machine,
        on_hold=order.status == "on_hold",
    )


def shop_of(ground: Ground, plant: Plant, clock: Clock, orders: Iterable[OrderGround]) -> Shop:
    """The plant in hours from its start."""
    made = {number: windows(found, clock.epoch) for number, found in plant.calendars.items()}
    return Shop(
        machines=[
            Machine(
                code=one.code,
                center=one.center,
                efficiency=float(one.efficiency),
                style=one.style,
                free_from=0.0 if one.available_from is None else max(0.0, clock.hours(one.available_from)),
                windows=None if one.calendar is None else made[one.calendar],
                usable=one.usable,
            )
            for one in plant.machines
        ],
        rates=rates_of(ground, plant, orders),
        setups=_setups(ground),
        alternates=plant.alternates,
    )


def rates_of(ground: Ground, plant: Plant, orders: Iterable[OrderGround]) -> Rates:
    """What is known of how fast these orders are knitted."""
    parameters = ground.parameters
    stated = {one.code: one.rate_lb_per_day for one in ground.styles.values() if one.rate_lb_per_day}
    day_rates = ((center, rate) for center, found in plant.styles_per_day.items() for rate in found)
    return Rates(
        machine_style=plant.machine_rates,
        center_style=plant.center_rates,
        style_per_day=stated,
        knitting=dict(_knitting(ground, plant, {one.style for one in orders} - stated.keys())),
        center_median_per_day=center_medians(day_rates),
        plant_per_day=parameters.default_rate_lb_day,
        day_hours=parameters.rate_day_hours,
    )


def _ready(order: OrderGround, parameters: Parameters, clock: Clock, kits: Kits) -> float | None:
    if parameters.schedule_material == "ignore":
        return 0.0
    found = kits.get(order.number)
    if found is None or found.ready_on is None:
        return None
    return 0.0 if found.status == "READY" else max(0.0, clock.begin_of(found.ready_on))


def _setups(ground: Ground) -> Setups:
    parameters = ground.parameters
    same = parameters.setup_hours_same_construction
    made = {
        one.code: one.work_center.partition(".")[0]
        for one in ground.styles.values()
        if one.work_center is not None
    }
    return Setups(
        default=float(parameters.setup_hours),
        same_construction=None if same is None else float(same),
        construction=made,
        same_style=float(parameters.setup_hours_same_style),
    )


def _knitting(
    ground: Ground, plant: Plant, styles: Iterable[str]
) -> Iterator[tuple[tuple[str, str], Knitting]]:
    """What machines of a style's centres would knit of it by their own data, where no rate is stated."""
    by_center: dict[str, list[MachineGround]] = {}
    for machine in plant.machines:
        by_center.setdefault(machine.center, []).append(machine)
    for code in sorted(styles):
        style, tex = ground.styles.get(code), plant.tex.get(code)
        if style is None or tex is None:
            continue
        centers = {style.work_center, *plant.alternates.get(code, ())} - {None}
        for machine in (one for center in sorted(filter(None, centers)) for one in by_center.get(center, ())):
            if machine.feeders and machine.rpm and machine.stitch_mm and machine.diameter and machine.cut:
                yield (machine.code, code), _knitted(machine, tex)


def _knitted(machine: MachineGround, tex: Decimal) -> Knitting:
    # The machine's efficiency is applied to every rate later on.
    return Knitting(
        diameter=float(machine.diameter or 0), cut=float(machine.cut or 0),
        feeders=float(machine.feeders or 0), rpm=float(machine.rpm or 0),
        stitch_mm=float(machine.stitch_mm or 0), tex=float(tex),
    )  # fmt: skip
