"""A mill's plant and orders as the scheduler takes them: in hours from a start (spec E.7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from service.mill.rules.ground import OrderGround
from service.mill.rules.orders import Kit
from service.mill.rules.parameters import Parameters
from service.mill.rules.plant import MachineGround, Plant
from service.mill.rules.scheduling.calendars import windows
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.rates import Knitting, Rates, center_medians
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Shop

Places = Mapping[str, Sequence[str]]
"""By style further work centres or machines that can knit it."""


class KnitStyle(Protocol):
    """What the machines have to know of a style."""

    @property
    def work_center(self) -> str | None:
        """Where it is knitted."""

    @property
    def rate_lb_per_day(self) -> Decimal | None:
        """As its file states it."""


Styles = Mapping[str, KnitStyle]
"""By code."""


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


def jobs_of(
    orders: Iterable[OrderGround],
    kits: Mapping[str, Kit | None],
    styles: Styles,
    plant: Plant,
    clock: Clock,
    parameters: Parameters,
) -> list[Job]:
    """Orders for the machines: in the work centre of the machine where one is fixed, else of the style."""
    centers = {one.code: one.center for one in plant.machines}
    found = []
    for order in orders:
        style = styles.get(order.style)
        usual = None if style is None else style.work_center
        center = usual if order.machine is None else centers.get(order.machine, usual)
        found.append(_job(order, center, kits.get(order.number), clock, parameters))
    return found


def _job(
    order: OrderGround, center: str | None, kit: Kit | None, clock: Clock, parameters: Parameters
) -> Job:
    """Due at 24:00 of its day, ready when the last of its yarn is there."""
    return Job(
        order=order.number,
        style=order.style,
        center=center,
        pounds=order.pounds,
        priority=order.priority,
        due=None if order.due is None else clock.end_of(order.due),
        ready=_ready(kit, clock, parameters),
        machine=order.machine,
        on_hold=order.status == "on_hold",
    )


def shop_of(
    plant: Plant, styles: Styles, orders: Sequence[OrderGround], clock: Clock, parameters: Parameters
) -> Shop:
    """The plant in hours from its start, for the orders that have to be knitted."""
    alternates = {**plant.alternates, **_inherited(plant, styles, orders)}
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
        rates=_rates(plant, styles, {one.style for one in orders}, alternates, parameters),
        setups=_setups(styles, parameters),
        alternates=alternates,
    )


def _inherited(plant: Plant, styles: Styles, orders: Iterable[OrderGround]) -> Places:
    """Of a style whose work centre nobody states, or has no machine, those its orders are fixed to (A.11)."""
    centers = {machine.center for machine in plant.machines}
    found: dict[str, set[str]] = {}
    for order in orders:
        style = styles.get(order.style)
        if order.machine is not None and (style is None or style.work_center not in centers):
            found.setdefault(order.style, set(plant.alternates.get(order.style, ()))).add(order.machine)
    return {style: sorted(places) for style, places in found.items()}


def _rates(
    plant: Plant, styles: Styles, wanted: Iterable[str], alternates: Places, parameters: Parameters
) -> Rates:
    """What is known of how fast these styles are knitted."""
    stated = {code: one.rate_lb_per_day for code, one in styles.items() if one.rate_lb_per_day}
    known = Rates(
        machine_style=plant.machine_rates,
        center_style=plant.center_rates,
        style_per_day=stated,
        plant_per_day=None,
        day_hours=parameters.rate_day_hours,
    )
    if not parameters.schedule_estimates:
        return known
    day_rates = ((center, rate) for center, found in plant.styles_per_day.items() for rate in found)
    return replace(
        known,
        knitting=dict(_knitting(plant, styles, set(wanted) - stated.keys(), alternates)),
        center_median_per_day=center_medians(day_rates),
        plant_per_day=parameters.default_rate_lb_day,
    )


def _ready(kit: Kit | None, clock: Clock, parameters: Parameters) -> float | None:
    if parameters.schedule_material == "ignore":
        return 0.0
    if kit is None or kit.ready_on is None:
        return None
    return 0.0 if kit.status == "READY" else max(0.0, clock.begin_of(kit.ready_on))


def _setups(styles: Styles, parameters: Parameters) -> Setups:
    same = parameters.setup_hours_same_construction
    made = {
        code: one.work_center.partition(".")[0] for code, one in styles.items() if one.work_center is not None
    }
    return Setups(
        default=float(parameters.setup_hours),
        same_construction=None if same is None else float(same),
        construction=made,
        same_style=float(parameters.setup_hours_same_style),
    )


def _knitting(
    plant: Plant, styles: Styles, wanted: Iterable[str], alternates: Places
) -> Iterator[tuple[tuple[str, str], Knitting]]:
    """What the machines of a style would knit of it by their own data, where no rate is stated."""
    at: dict[str, list[MachineGround]] = {}
    for machine in plant.machines:
        at.setdefault(machine.center, []).append(machine)
        at.setdefault(machine.code, []).append(machine)
    for code in sorted(wanted):
        style, tex = styles.get(code), plant.tex.get(code)
        if style is None or tex is None:
            continue
        places = {style.work_center, *alternates.get(code, ())} - {None}
        for machine in (one for place in sorted(filter(None, places)) for one in at.get(place, ())):
            if machine.feeders and machine.rpm and machine.stitch_mm and machine.diameter and machine.cut:
                yield (machine.code, code), _knitted(machine, tex)


def _knitted(machine: MachineGround, tex: Decimal) -> Knitting:
    # The machine's efficiency is applied to every rate later on.
    return Knitting(
        diameter=float(machine.diameter or 0), cut=float(machine.cut or 0),
        feeders=float(machine.feeders or 0), rpm=float(machine.rpm or 0),
        stitch_mm=float(machine.stitch_mm or 0), tex=float(tex),
    )  # fmt: skip
