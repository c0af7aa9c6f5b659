"""A schedule and its parts as people see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import Conflict, NotFound
from service.mill.answers.plans import LATEST, MadePlan, find_made_plan, pounds_text
from service.mill.queries.schedules import (
    select_latest_schedule,
    select_machines,
    select_published_schedule,
    select_unscheduled,
)
from service.mill.rules.parameters import Parameters
from service.mill.rules.scheduling.blocks import Block
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.loads import level_of
from service.mill.rules.weeks import iso_week

PUBLISHED: Final = "published"


@dataclass(frozen=True, slots=True)
class MadeSchedule:
    """A plan that has a schedule; `published`: it is the mill's."""

    made: MadePlan
    published: bool

    @property
    def number(self) -> int:
        """Of the run."""
        return self.made.number

    @property
    def stats(self) -> Mapping[str, Any]:
        """The figures of the schedule as a whole."""
        found: Mapping[str, Any] = self.made.row.stats["schedule"]
        return found

    @property
    def clock(self) -> Clock:
        """From when it plans, and where."""
        return Clock(datetime.fromisoformat(self.stats["from"]), self.stats["zone"])

    @property
    def parameters(self) -> Parameters:
        """What it was made with."""
        return Parameters.from_values(self.made.row.params["parameters"])


async def find_schedule(conn: ReadConnection, asked: str | None) -> MadeSchedule:
    """The schedule that somebody asks for: by number, `published`, `latest`; None: the first there is.

    Raises `NotFound`, `Conflict` for a plan that has none.
    """
    published = await select_published_schedule(conn)
    number = published if asked in (None, PUBLISHED) else None
    if number is None and asked in (None, LATEST):
        number = await select_latest_schedule(conn)
    if number is None and asked in (None, LATEST, PUBLISHED):
        raise NotFound("there is no such schedule yet: make one", code="schedule_not_found")
    made = await find_made_plan(conn, str(number or asked))
    if "schedule" not in made.row.stats:
        raise Conflict(f"plan {made.number} says nothing of machines", code="no_schedule")
    return MadeSchedule(made, made.number == published)


async def schedule_shown(
    conn: ReadConnection, found: MadeSchedule, rows: list[dict[str, Any]], total: int
) -> dict[str, Any]:
    """A schedule as the wire has it, with these of its operations."""
    parameters = found.parameters
    refused = await select_unscheduled(conn, found.number, parameters.kit_tolerance_lb)
    return {
        **told_of(found),
        "rule": parameters.schedule_rule,
        "from": found.clock.epoch,
        "operations": rows,
        "operations_total": total,
        "unscheduled": unscheduled_shown(refused, found),
        "metrics": metrics_shown(found),
        "machines": [machine_shown(row) for row in await select_machines(conn, found.number)],
    }


def told_of(found: MadeSchedule) -> dict[str, Any]:
    """What every answer out of a schedule says of it."""
    return {
        "run_id": found.number,
        "published": found.published,
        "zone": found.stats["zone"],
        "data": found.made.data,
    }


def unscheduled_shown(rows: Any, found: MadeSchedule) -> list[dict[str, Any]]:
    """Orders without a place, and those on hold, which stand in no other part of a plan."""
    refused = [
        {
            "order": row.order_no,
            "style": row.style_code,
            "reason": row.schedule_reason,
            "detail": row.reason,
            "yarns": [{"yarn": yarn, "missing_lb": missing} for yarn, missing in row.yarns],
        }
        for row in rows
    ]
    held = found.stats["on_hold"]
    return [
        *refused,
        *({"order": one, "style": None, "reason": "ON_HOLD", "detail": None, "yarns": []} for one in held),
    ]


def operation_shown(row: Row[Any]) -> dict[str, Any]:
    """A stretch of a machine."""
    waited = {name: float(hours) for name, hours in row.why.get("waited_hours", {}).items()}
    return {
        "order": row.order_no,
        "part": row.seq,
        "style": row.style_code,
        "machine": row.machine_code,
        "work_center": row.work_center,
        "setup_start": row.setup_start,
        "run_start": row.run_start,
        "run_end": row.run_end,
        "quantity_lb": pounds_text(row.quantity),
        "due_date": row.due_date,
        "priority": row.priority,
        "late_hours": hours_number(row.late_hours),
        "frozen": row.frozen,
        "why": {**row.why, "waited_hours": waited},
    }


def metrics_shown(found: MadeSchedule) -> dict[str, Any]:
    """The figures of the whole."""
    stats = found.stats
    counts = ("orders", "with_due", "on_time", "unscheduled", "estimated_rates")
    hours = ("total_late", "max_late", "makespan", "setup")
    return {
        **{name: stats[name] for name in counts},
        "on_time_pct": hours_number(stats["on_time_pct"]),
        **{f"{name}_h": hours_number(stats[f"{name}_hours"]) for name in hours},
    }


def machine_shown(row: Row[Any]) -> dict[str, Any]:
    """How busy a machine is."""
    return {
        "machine": row.machine_code,
        "work_center": row.work_center,
        "status": row.status,
        "busy_h": hours_number(row.busy_hours),
        "window_h": hours_number(row.window_hours),
        "utilisation_pct": percent(row.busy_hours, row.window_hours),
    }


def load_shown(row: Row[Any], parameters: Parameters) -> dict[str, Any]:
    """A week of a work centre."""
    return {
        "work_center": row.work_center,
        "bucket": row.bucket,
        "week_start": row.week_start,
        "iso_week": iso_week(row.week_start),
        "machines": row.machines,
        "capacity_h": hours_number(row.capacity_hours),
        "load_h": hours_number(row.planned_hours),
        "load_pct": percent(row.planned_hours, row.capacity_hours),
        "required_h": hours_number(row.required_hours),
        "required_pct": percent(row.required_hours, row.capacity_hours),
        "level": level_of(
            float(max(row.planned_hours, row.required_hours)), float(row.capacity_hours),
            float(parameters.utilisation_warning), float(parameters.utilisation_critical),
        ),
    }  # fmt: skip


def block_of(row: Row[Any]) -> Block:
    """An operation as a picture draws it."""
    return Block(
        order=row.order_no, part=row.seq, style=row.style_code, machine=row.machine_code,
        center=row.work_center, pounds=row.quantity, setup_start=row.setup_start, run_start=row.run_start,
        end=row.run_end, late_hours=row.late_hours, frozen=row.frozen, why=row.why,
    )  # fmt: skip


def hours_number(value: Decimal | str | None) -> float | None:
    """Hours as a number of JSON; None is not known."""
    return None if value is None else float(value)


def percent(part: Decimal, whole: Decimal) -> float | None:
    """With two decimals; None of nothing."""
    return round(float(part / whole) * 100, 2) if whole else None
