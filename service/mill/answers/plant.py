"""Machines and work centres as people see them: what they are, what they can do, what could come next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.plans import pounds_text
from service.mill.answers.schedules import percent
from service.mill.queries.machines import select_begun, select_waiting
from service.mill.queries.parameters import select_parameters
from service.mill.queries.plan_runs import select_latest
from service.mill.queries.plant import select_plant
from service.mill.queries.schedules import select_operations, select_published_schedule
from service.mill.rules.ground import OrderGround
from service.mill.rules.orders import Kit
from service.mill.rules.parameters import Parameters
from service.mill.rules.plant import IDLE, Plant
from service.mill.rules.quantities import ZERO
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.loads import level_of, required_hours, work_hours
from service.mill.rules.scheduling.rates import Rates
from service.mill.rules.scheduling.shop import Job, Machine, Shop
from service.mill.rules.scheduling.suggestions import Suggestion, suggestions
from service.mill.rules.shop_floor import jobs_of, shop_of
from service.mill.rules.weeks import day_in
from service.schemas.mill.plant import MillCapacityAsk
from service.schemas.mill.schedules import MillOperationsFilter

NEEDS: Final = ("machines", "knit_orders")
"""Kinds of files that these answers stand on."""
RATINGS: Final = ((2000, "EXCELLENT"), (1000, "GOOD"), (500, "AVERAGE"), (100, "BELOW_AVERAGE"))
"""Pounds a day from which a machine is called so (A.11); below all of them POOR."""

_NO_RECIPE: Final = {"none": "NO_BOM", "rejected": "BOM_REJECTED"}
"""Why no plan will ever tell how far the yarn is there, by the status of the recipe."""


@dataclass(frozen=True, slots=True)
class _Style:
    work_center: str | None
    rate_lb_per_day: Decimal | None


@dataclass(frozen=True, slots=True)
class Floor:
    """The plant with the orders that wait for it, in hours from a start."""

    clock: Clock
    parameters: Parameters
    plant: Plant
    shop: Shop
    rows: Mapping[str, Row[Any]]
    jobs: Sequence[Job]


async def read_floor(conn: ReadConnection, zone: str, start: datetime) -> Floor:
    """The floor from an instant on: a fixed number of statements."""
    parameters = (await select_parameters(conn)).values
    rows = await select_waiting(conn, await select_latest(conn))
    styles = {row.style_code: _Style(row.work_center, row.rate_lb_per_day) for row in rows}
    as_of = day_in(zone, start)
    plant = await select_plant(conn, zone, start, as_of, sorted(styles))
    clock = Clock(start, zone)
    orders = [_order(row) for row in rows]
    jobs = jobs_of(orders, {row.order_no: _kit(row) for row in rows}, styles, plant, clock, parameters)
    shop = shop_of(plant, styles, orders, clock, parameters)
    return Floor(clock, parameters, plant, shop, {row.order_no: row for row in rows}, jobs)


def midnight(now: datetime, zone: str) -> datetime:
    """The begin of the day at the mill: what capacity is told from, so that it holds for the day."""
    local = day_in(zone, now)
    return datetime.combine(local, time(), ZoneInfo(zone)).astimezone(UTC)


def machine_shown(row: Row[Any]) -> dict[str, Any]:
    """A machine."""
    whose = None if row.calendar is None else "work_center" if row.own_calendar is None else "machine"
    return {
        "machine": row.machine_code,
        "work_center": row.center,
        "status": row.status,
        "usable": row.active and row.status not in IDLE,
        "efficiency": f"{row.efficiency:.4f}",
        "style": row.style_code,
        "available_from": row.available_from,
        "calendar": row.calendar,
        "calendar_of": whose,
        "feeders": row.feeders,
        **{name: _text(getattr(row, name)) for name in ("rpm", "stitch_mm", "hourly_rate")},
        "row_version": row.row_version,
    }


async def suggestions_shown(
    conn: ReadConnection, floor: Floor, machine: Row[Any], limit: int
) -> dict[str, Any]:
    """What a machine could knit next."""
    begun = await select_begun(conn, machine.machine_code, floor.clock.epoch)
    free = 0.0 if begun is None else floor.clock.hours(begun.free_from)
    if machine.available_from is not None:
        free = max(free, floor.clock.hours(machine.available_from))
    style = machine.style_code if begun is None else begun.style_code
    under_way = {number for number, row in floor.rows.items() if row.status == "in_progress"}
    jobs = [job for job in floor.jobs if job.order not in under_way]
    found = suggestions(jobs, machine.machine_code, floor.shop, floor.parameters.schedule_rule, free, style)
    return {
        "machine": machine.machine_code,
        "from": floor.clock.instant(free),
        "items": [_suggestion(one, rank, floor) for rank, one in enumerate(found[:limit], 1)],
        "total": len(found),
    }


def center_capacities(floor: Floor, asked: MillCapacityAsk) -> list[dict[str, Any]]:
    """Every work centre over some weeks; those too that orders ask for and that have no machine."""
    weeks = floor.clock.weeks(asked.weeks)
    wanted = required_hours(floor.jobs, floor.shop, weeks)
    by_center: dict[str, list[Machine]] = {}
    for machine in floor.shop.machines:
        by_center.setdefault(machine.center, []).append(machine)
    for job in floor.jobs:
        if job.center is not None:
            by_center.setdefault(job.center, [])
    loads: dict[str, float] = {}
    for (center, _), hours in wanted.items():
        loads[center] = loads.get(center, 0.0) + hours
    end = weeks[-1].end
    return [
        _center(floor, center, machines, loads.get(center, 0.0), end)
        for center, machines in sorted(by_center.items())
        if asked.work_center in (None, center)
    ]


async def machine_capacities(
    conn: ReadConnection, floor: Floor, asked: MillCapacityAsk
) -> list[dict[str, Any]]:
    """Every machine over some weeks, with what the published schedule has it do."""
    end = floor.clock.weeks(asked.weeks)[-1].end
    busy = await _busy(conn, floor, end)
    statuses = {one.code: one.status for one in floor.plant.machines}
    found = []
    for machine in sorted(floor.shop.machines, key=lambda one: one.code):
        if asked.work_center not in (None, machine.center):
            continue
        rated, estimated = _rated(floor, machine)
        hours = work_hours(machine, machine.free_from, end) / machine.efficiency if machine.usable else 0.0
        done = None if busy is None else busy.get(machine.code, 0.0)
        found.append(
            {
                "machine": machine.code,
                "work_center": machine.center,
                "status": statuses[machine.code],
                "rated_lb_per_day": None if rated is None else f"{rated:.4f}",
                "rate_estimated": estimated,
                "rating": None if rated is None else rating(rated),
                "window_h": round(hours, 4),
                "busy_h": None if done is None else round(done, 4),
                "utilisation_pct": None if done is None or not hours else round(done / hours * 100, 2),
            }
        )
    return found


def rating(per_day: float) -> str:
    """What a machine of so many pounds a day is called (A.11)."""
    return next((name for least, name in RATINGS if per_day >= least), "POOR")


async def _busy(conn: ReadConnection, floor: Floor, end: float) -> dict[str, float] | None:
    """Hours by machine that the published schedule fills from the start on; None: there is none."""
    run = await select_published_schedule(conn)
    if run is None:
        return None
    everything = MillOperationsFilter(machine=None, work_center=None, order=None, late=None)
    known = {machine.code: machine for machine in floor.shop.machines}
    found: dict[str, float] = {}
    for row in await select_operations(conn, run, everything):
        machine = known.get(row.machine_code)
        start, until = floor.clock.hours(row.setup_start), min(floor.clock.hours(row.run_end), end)
        if machine is not None and until > max(start, 0.0):
            hours = work_hours(machine, max(start, 0.0), until) / machine.efficiency
            found[machine.code] = found.get(machine.code, 0.0) + hours
    return found


def _center(
    floor: Floor, center: str, machines: Sequence[Machine], load: float, end: float
) -> dict[str, Any]:
    usable = [one for one in machines if one.usable]
    rates = [_rated(floor, one) for one in usable]
    known = [rate for rate, _ in rates if rate is not None]
    capacity = sum(work_hours(one, one.free_from, end) for one in usable)
    queued = [job for job in floor.jobs if job.center == center]
    limits = (float(floor.parameters.utilisation_warning), float(floor.parameters.utilisation_critical))
    return {
        "work_center": center,
        "machines": len(machines),
        "usable": len(usable),
        "rated_lb_per_day": f"{sum(known):.4f}" if known else None,
        "rate_estimated": any(estimated for _, estimated in rates),
        "capacity_h": round(capacity, 4),
        "load_h": round(load, 4),
        "free_h": round(max(0.0, capacity - load), 4),
        "utilisation_pct": percent(Decimal(load), Decimal(capacity)),
        "level": level_of(load, capacity, *limits),
        "orders": len(queued),
        "queued_lb": pounds_text(sum((job.pounds for job in queued), ZERO)),
    }


def _rated(floor: Floor, machine: Machine) -> tuple[float | None, bool]:
    """Pounds a day round the clock, by the middle rate of its centre's styles; whether nobody states one."""
    rates: Rates = floor.shop.rates
    rate = rates.of(machine.code, machine.center, "")
    if rate is None or not machine.usable:
        return None, False
    default = machine.center not in rates.center_median_per_day
    return rate.pounds_per_hour * machine.efficiency * float(rates.day_hours), default


def _suggestion(one: Suggestion, rank: int, floor: Floor) -> dict[str, Any]:
    row = floor.rows[one.job.order]
    return {
        "rank": rank,
        "order": one.job.order,
        "style": one.job.style,
        "quantity_lb": pounds_text(one.job.pounds),
        "priority": one.job.priority,
        "due_date": row.due_date,
        "ready_on": row.ready_on,
        "yarn": _yarn(row),
        "setup_h": round(one.setup, 4),
        "run_h": round(one.run, 4),
        "end": floor.clock.instant(one.end),
        "late_h": None if one.late is None else round(one.late, 4),
        "rate_source": one.source.value,
        "rate_estimated": one.source.estimated,
        "scheduled_on": row.planned_on,
        "why": list(one.why),
    }


def _yarn(row: Row[Any]) -> str:
    known = row.kit_status or row.reason
    if known is not None:
        return str(known)
    return _NO_RECIPE.get(row.bom_status, "NO_PLAN")


def _kit(row: Row[Any]) -> Kit | None:
    if row.kit_status is None:
        return None
    return Kit(row.kit_status, ZERO, ZERO, row.ready_on, ())


def _order(row: Row[Any]) -> OrderGround:
    return OrderGround(
        id=None, number=row.order_no, style=row.style_code, pounds=row.balance, priority=row.priority,
        status=row.status, due=row.due_date, machine=row.machine_code,
    )  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"
