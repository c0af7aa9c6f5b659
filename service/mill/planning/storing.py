"""A plan into its tables: one COPY a table, in the transaction that ends the run."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import orjson

from service.core.database import WriteConnection, copy_rows
from service.mill.planning.plan import Plan
from service.mill.planning.storing_schedule import SCHEDULE_TABLES
from service.mill.planning.yarns import YarnPlan
from service.mill.queries.plan_runs import analyze_parts
from service.mill.rules.balances import Cover
from service.mill.rules.lots import Sized
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.recipes import as_values
from service.mill.rules.weeks import week_start

Rows = Iterable[Sequence[Any]]
SCHEMA: Final = "mill"
UNCOUNTED: Final = 1000
"""Rows that a table may get without being counted anew: joined row by row they cost nothing."""


async def store(conn: WriteConnection, number: int, plan: Plan) -> dict[str, int]:
    """Write every part of a plan; rows by table."""
    written = {
        table: await copy_rows(
            conn, table, ("run_id", *columns), ((number, *row) for row in rows(plan)), schema=SCHEMA
        )
        for table, (columns, rows) in TABLES.items()
    }
    await analyze_parts(conn, [table for table, count in written.items() if count > UNCOUNTED])
    return written


def _yarns(plan: Plan) -> Rows:
    for one in plan.yarns:
        yarn, first = one.yarn, one.first_short
        yield (
            yarn.id, yarn.code, yarn.known, yarn.opening, yarn.allocated, yarn.on_order, yarn.min_stock,
            yarn.safety_stock, one.weekly.past_due, _dated(one), one.weekly.later_receipts, one.gross,
            one.undated, one.beyond, one.planned, None if first is None else first.day,
            None if first is None else first.pounds, one.largest_short, one.lead.days, one.lead_source,
            _json(_culprits(one)), _json([] if yarn.known else ["NO_STOCK_ROW"]), yarn.supplier,
            yarn.consumed, _json(_supply(one.supply)), _json(_lot(one.sized)),
        )  # fmt: skip


def _dated(one: YarnPlan) -> Decimal:
    counted = one.weekly.past_due if one.weekly.past_due_counted else ZERO
    return sum((week.receipts for week in one.weekly.weeks), -counted)


def _supply(cover: Cover) -> dict[str, Any]:
    value, mean = (None if weeks is None else str(rounded(weeks)) for weeks in (cover.value, cover.mean))
    return {"value": value, "mean": mean, "method": cover.method, "reason": cover.reason}


def _lot(sized: Sized) -> dict[str, Any]:
    rule, lot = sized.rule, sized.rule.lot
    return {
        "policy": rule.policy, "weeks": rule.weeks, "least_lb": str(lot.moq),
        "multiple_lb": str(lot.multiple), "most_lb": str(lot.maximum), "fixed_lb": str(rule.quantity),
        "up_to_lb": str(rule.up_to), "reason": sized.reason,
    }  # fmt: skip


def _culprits(one: YarnPlan) -> list[Any]:
    culprits = () if one.first_short is None else one.first_short.culprits
    return [
        {"order_seq": who.seq, "need_lb": str(who.need_lb), "short_lb": str(who.short_lb)} for who in culprits
    ]


def _orders(plan: Plan) -> Rows:
    serves = {one.order.number: list(one.serves) for one in plan.planned}
    reasons = {} if plan.schedule is None else plan.schedule.reasons
    for one in plan.orders:
        order, style = one.order, plan.ground.styles[one.order.style]
        kit = plan.kits.get(order.number)
        yield (
            one.seq, order.id, order.number, order.kind, style.id, order.style, order.pounds, order.priority,
            order.status, order.start, order.due, one.need, order.machine, one.plannable, one.reason,
            style.bom_status, kit and kit.status, kit and rounded(kit.coverage, 6), kit and kit.ready_on,
            reasons.get(order.number), _json(serves.get(order.number, [])),
        )  # fmt: skip


def _receipts(plan: Plan) -> Rows:
    ids = plan.ground.yarns
    for one in plan.ground.receipts:
        yield (one.id, ids[one.yarn].id, one.po, one.line, one.kind, one.due, one.pounds)


def _recipes(plan: Plan) -> Rows:
    for code, lines in sorted(plan.recipes.lines.items()):
        style = plan.ground.styles[code]
        yield (
            style.id,
            code,
            style.bom_status,
            code in plan.scaled,
            _json(as_values(lines, plan.recipes.mode(code))),
        )


def _requirements(plan: Plan) -> Rows:
    for row in plan.requirements:
        yarn = plan.ground.yarns[row.yarn]
        yield (yarn.id, row.seq, row.path, row.bucket, row.need, row.pounds)


def _buckets(plan: Plan) -> Rows:
    monday = week_start(plan.ground.as_of, 0)
    for one in plan.yarns:
        for week, record in zip(one.weekly.weeks, one.record, strict=True):
            yield (
                one.yarn.id, week.bucket, week_start(monday, week.bucket), week.receipts, week.demand,
                week.balance, week.shortage, week.new_shortage, record.planned, record.available,
            )  # fmt: skip


def _allocations(plan: Plan) -> Rows:
    seqs = {one.order.number: one.seq for one in plan.orders}
    parts: dict[tuple[str, str], int] = defaultdict(int)
    for key, kind, required, pounds, receipt, day, reason in _promised(plan):
        parts[key] += 1
        order, yarn = key
        yield (
            plan.ground.yarns[yarn].id,
            seqs[order],
            parts[key],
            kind,
            required,
            pounds,
            receipt,
            day,
            reason,
        )


def _promised(plan: Plan) -> Iterator[tuple[Any, ...]]:
    for share in plan.promised.shares:
        claim = share.claim
        if share.hard:
            yield (claim.key, "hard", claim.required, min(share.hard, claim.required), None, None, None)
        reason = share.reason or ("SHORT" if share.short else None)
        yield (claim.key, "soft", claim.required, rounded(share.allocated), None, None, reason)
    for one in plan.promised.expected:
        yield (
            one.claim.key,
            "expected",
            one.claim.required,
            rounded(one.pounds),
            one.receipt,
            one.available_on,
            None,
        )


def _pegs(plan: Plan) -> Rows:
    for seq, one in enumerate(plan.pegs, 1):
        yarn = plan.ground.yarns[one.yarn]
        yield (seq, yarn.id, one.kind, one.supply_id, one.day, one.seq, one.need, one.pounds)


def _actions(plan: Plan) -> Rows:
    yarns = plan.ground.yarns
    for seq, one in enumerate(plan.advice, 1):
        action = one.action
        yield (
            seq, one.key, yarns[action.code].id if one.is_yarn else None, action.kind, action.receipt,
            yarns[action.substitute].id if action.substitute else None, action.from_date, action.to_date,
            action.release_date, rounded(action.quantity), action.days_late, _json(dict(action.trigger)),
        )  # fmt: skip


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


TABLES: Final[dict[str, tuple[tuple[str, ...], Callable[[Plan], Rows]]]] = {
    "plan_yarns": (
        ("yarn_id", "yarn_code", "known", "opening", "allocated", "on_order", "min_stock", "safety_stock",
         "past_due", "dated", "later", "gross", "undated", "beyond", "planned", "first_short_on",
         "first_short_lb", "largest_short_lb", "lead_days", "lead_source", "culprits", "doubts",
         "supplier_code", "consumed", "supply", "lot"),
        _yarns,
    ),
    "plan_orders": (
        ("seq", "order_id", "order_no", "kind", "style_id", "style_code", "quantity", "priority", "status",
         "start_date", "due_date", "need_date", "machine_code", "plannable", "reason", "bom_status",
         "kit_status", "coverage", "ready_on", "schedule_reason", "serves"),
        _orders,
    ),
    "plan_receipts": (
        ("receipt_id", "yarn_id", "po_no", "line_no", "kind", "due_date", "quantity"), _receipts
    ),
    "plan_recipes": (("style_id", "style_code", "bom_status", "scaled", "lines"), _recipes),
    "plan_requirements": (
        ("yarn_id", "order_seq", "path", "bucket", "need_date", "gross_lb"), _requirements
    ),
    "plan_buckets": (
        ("yarn_id", "bucket", "week_start", "receipts", "demand", "balance", "shortage", "new_shortage",
         "planned", "available"),
        _buckets,
    ),
    "plan_allocations": (
        ("yarn_id", "order_seq", "part", "kind", "required_lb", "quantity_lb", "receipt_id", "available_on",
         "reason"),
        _allocations,
    ),
    "plan_pegs": (
        ("seq", "yarn_id", "supply_kind", "supply_id", "supply_date", "order_seq", "need_date", "quantity"),
        _pegs,
    ),
    "plan_actions": (
        ("seq", "key", "yarn_id", "action", "expected_receipt_id", "substitute_id", "from_date", "to_date",
         "release_date", "quantity", "days_late", "trigger"),
        _actions,
    ),
    **SCHEDULE_TABLES,
}  # fmt: skip
"""Each table of a plan: its columns beside the run, and its rows."""
