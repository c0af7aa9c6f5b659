"""A plan and its parts as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import Conflict, NotFound
from service.mill.queries.plan_parts import select_order_numbers, select_sufferers
from service.mill.queries.plan_runs import select_latest, select_seen_plan
from service.mill.rules.weeks import iso_week

LATEST: Final = "latest"
_DOUBTS: Final = ("error", "warning")


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A plan that stands: its number, its row, and what every answer out of it says."""

    number: int
    row: Row[Any]

    @property
    def data(self) -> dict[str, Any]:
        """Its day, whether all was known, what was assumed."""
        return data_of_plan(self.row)


def number_of(asked: str) -> int | None:
    """The number that a path names, None for `latest`. Raises `NotFound`."""
    if asked == LATEST:
        return None
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 18:
        raise _no_plan(asked)
    return int(asked)


async def find_plan(conn: ReadConnection, asked: str) -> Row[Any]:
    """The plan that a path names, in whatever status. Raises `NotFound`."""
    number = number_of(asked)
    if number is None:
        number = await select_latest(conn)
    row = None if number is None else await select_seen_plan(conn, number)
    if row is None:
        raise _no_plan(asked)
    return row


async def find_made_plan(conn: ReadConnection, asked: str) -> MadePlan:
    """The plan that a path names, which has found something. Raises `NotFound`, `Conflict`."""
    row = await find_plan(conn, asked)
    if row.status != "done":
        raise Conflict(f"plan {row.id} is {row.status}: it found nothing yet", code="plan_not_done")
    return MadePlan(row.id, row)


def data_of_plan(row: Row[Any]) -> dict[str, Any]:
    """What a plan stands on: it is complete where no doubt is more than a remark."""
    reasons = [f"{gate['code']}: {gate['message']}" for gate in row.gates if gate["severity"] in _DOUBTS]
    made = row.status == "done"
    return {
        "plan": row.id,
        "kind": row.kind,
        "as_of": row.as_of,
        "complete": made and not reasons,
        "reasons": reasons if made else [f"the plan is {row.status}"],
        "assumptions": row.assumptions,
        "rules_version": row.data_versions.get("parameters"),
    }


def plan_shown(row: Row[Any]) -> dict[str, Any]:
    """A plan as the wire has it."""
    same = (
        "id", "kind", "status", "as_of", "published", "params", "assumptions", "gates", "stats", "input_hash",
        "data_versions", "error", "requested_by", "queued_at", "started_at", "finished_at",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in same}
    return {
        **values,
        "run_id": None if row.work_run_id is None else str(row.work_run_id),
        "link": f"/v1/mill/plan-runs/{row.id}",
        "progress": row.progress or {},
        "data": data_of_plan(row),
    }


def week_shown(row: Row[Any]) -> dict[str, Any]:
    """A week of a yarn."""
    figures = ("receipts", "demand", "balance", "shortage", "new_shortage", "planned", "available")
    return {
        "yarn": row.yarn_code,
        "bucket": row.bucket,
        "week_start": row.week_start,
        "iso_week": iso_week(row.week_start),
        **_pounds(row, figures),
    }


def action_shown(row: Row[Any]) -> dict[str, Any]:
    """An advice."""
    same = (
        "seq", "key", "action", "substitute", "from_date", "to_date", "release_date", "days_late", "trigger",
        "state", "assignee", "note", "decided_by", "decided_at", "row_version",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "item": row.yarn_code or row.trigger.get("item", ""),
        "yarn": row.yarn_code,
        "quantity_lb": pounds_text(row.quantity),
        "receipt_id": row.expected_receipt_id,
        "purchase_order": row.po_no,
    }


def requirement_shown(row: Row[Any]) -> dict[str, Any]:
    """What an order needs of a yarn over one path."""
    return {
        "yarn": row.yarn_code,
        "order": row.order_no,
        "path": row.path,
        "need_date": row.need_date,
        "bucket": row.bucket,
        "gross_lb": pounds_text(row.gross_lb),
    }


def peg_shown(row: Row[Any]) -> dict[str, Any]:
    """Which supply serves an order."""
    return {
        "seq": row.seq,
        "yarn": row.yarn_code,
        "supply": row.supply_kind,
        "receipt_id": row.supply_id if row.supply_kind == "receipt" else None,
        "purchase_order": row.po_no,
        "supply_date": row.supply_date,
        "order": row.order_no,
        "need_date": row.need_date,
        "quantity_lb": pounds_text(row.quantity),
        "days_late": _days_late(row.supply_kind, row.supply_date, row.need_date),
    }


def allocation_shown(row: Row[Any]) -> dict[str, Any]:
    """What is promised to an order."""
    same = ("part", "kind", "receipt_id", "available_on", "reason")
    return {
        "yarn": row.yarn_code,
        "order": row.order_no,
        **{name: getattr(row, name) for name in same},
        "required_lb": pounds_text(row.required_lb),
        "quantity_lb": pounds_text(row.quantity_lb),
    }


def order_shown(row: Row[Any]) -> dict[str, Any]:
    """An order as the plan saw it."""
    same = (
        "seq", "kind", "priority", "status", "start_date", "due_date", "need_date", "plannable", "reason",
        "bom_status", "kit_status", "ready_on", "serves",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "order": row.order_no,
        "style": row.style_code,
        "machine": row.machine_code,
        "quantity_lb": pounds_text(row.quantity),
        "coverage": None if row.coverage is None else f"{row.coverage:.6f}",
    }


async def yarns_shown(conn: ReadConnection, number: int, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Yarns as the plan saw them, with the orders that suffer."""
    suffering: dict[int, list[Row[Any]]] = {}
    for one in await select_sufferers(conn, number, [row.yarn_id for row in rows]):
        suffering.setdefault(one.yarn_id, []).append(one)
    seqs = {one["order_seq"] for row in rows for one in row.culprits}
    orders = await select_order_numbers(conn, number, sorted(seqs))
    return [yarn_shown(row, orders, suffering.get(row.yarn_id, ())) for row in rows]


def yarn_shown(row: Row[Any], orders: Mapping[int, str], sufferers: Sequence[Row[Any]]) -> dict[str, Any]:
    """A yarn as the plan saw it; `orders` are numbers by their place in the order of service."""
    figures = (
        "opening", "allocated", "on_order", "min_stock", "safety_stock", "past_due", "dated", "later",
        "gross", "undated", "beyond", "planned",
    )  # fmt: skip
    same = ("known", "first_short_on", "lead_days", "lead_source")
    return {
        "yarn": row.yarn_code,
        **{name: getattr(row, name) for name in same},
        **_pounds(row, figures),
        "planning_balance_lb": pounds_text(row.opening + row.allocated + row.on_order),
        "first_short_lb": pounds_text(row.first_short_lb),
        "largest_short_lb": pounds_text(row.largest_short_lb),
        "weeks_of_supply": {"value": None, "mean": None, "method": None, "reason": None, **row.supply},
        "culprits": [
            {
                "order": orders.get(one["order_seq"], ""),
                "need_lb": pounds_text(Decimal(one["need_lb"])),
                "short_lb": pounds_text(Decimal(one["short_lb"])),
            }
            for one in row.culprits
        ],
        "sufferers": [
            {
                "order": one.order_no,
                "need_lb": pounds_text(one.need_lb),
                "short_lb": pounds_text(one.short_lb),
            }
            for one in sufferers
        ],
        "reasons": row.doubts,
    }


def pounds_text(value: Decimal | None) -> str | None:
    """Four places; None is not known."""
    return None if value is None else f"{value:.4f}"


def _pounds(row: Row[Any], names: Sequence[str]) -> dict[str, Any]:
    return {f"{name}_lb": pounds_text(getattr(row, name)) for name in names}


def _days_late(kind: str, supplied: date | None, needed: date | None) -> int | None:
    if kind == "stock" or needed is None:
        return 0
    if kind == "unmet" or supplied is None:
        return None
    return max(0, (supplied - needed).days)


def _no_plan(asked: str) -> NotFound:
    return NotFound(f"there is no plan {asked!r}", code="plan_not_found")
