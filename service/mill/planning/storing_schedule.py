"""A schedule into its tables: operations, the machines as they were, loads of work centres."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import orjson

from service.mill.planning.plan import Plan
from service.mill.rules.scheduling.blocks import hours_shown
from service.mill.rules.weeks import monday_of

Rows = Iterable[Sequence[Any]]


def _operations(plan: Plan) -> Rows:
    schedule, plant = plan.schedule, plan.ground.plant
    if schedule is None or plant is None:
        return
    seqs = {one.order.number: one.seq for one in plan.orders}
    ids = {one.code: one.id for one in plant.machines}
    for one in schedule.blocks:
        yield (
            seqs[one.order], one.part, ids[one.machine], one.machine, one.center, one.setup_start,
            one.run_start, one.end, one.pounds, one.late_hours, one.frozen, orjson.dumps(one.why).decode(),
        )  # fmt: skip


def _machines(plan: Plan) -> Rows:
    schedule, plant = plan.schedule, plan.ground.plant
    if schedule is None or plant is None:
        return
    used = {one.machine: one for one in schedule.metrics.utilisation}
    for machine in plant.machines:
        one = used.get(machine.code)
        busy, free = (0.0, 0.0) if one is None else (one.busy_hours, one.window_hours)
        yield (
            machine.code, machine.center, machine.status, machine.efficiency, machine.style,
            hours_shown(busy), hours_shown(free),
        )  # fmt: skip


def _loads(plan: Plan) -> Rows:
    if plan.schedule is None:
        return
    asked = {(one.center, one.week.name): one for one in plan.schedule.required}
    found = {(one.center, one.week.name): one for one in plan.schedule.planned}
    first = monday_of(plan.schedule.clock.today)
    for key in sorted(asked.keys() | found.keys()):
        one = found.get(key) or asked[key]
        planned, required = found.get(key), asked.get(key)
        yield (
            one.center, (one.week.monday - first).days // 7, one.week.monday, one.machines,
            hours_shown(0.0 if planned is None else planned.load_hours),
            hours_shown(0.0 if required is None else required.load_hours), hours_shown(one.capacity_hours),
        )  # fmt: skip


SCHEDULE_TABLES: Final[dict[str, tuple[tuple[str, ...], Callable[[Plan], Rows]]]] = {
    "schedule_ops": (
        ("order_seq", "seq", "machine_id", "machine_code", "work_center", "setup_start", "run_start",
         "run_end", "quantity", "late_hours", "frozen", "why"),
        _operations,
    ),
    "plan_machines": (
        ("machine_code", "work_center", "status", "efficiency", "style_code", "busy_hours", "window_hours"),
        _machines,
    ),
    "plan_loads": (
        ("work_center", "bucket", "week_start", "machines", "planned_hours", "required_hours",
         "capacity_hours"),
        _loads,
    ),
}  # fmt: skip
"""Each table of a schedule: its columns beside the run, and its rows."""
