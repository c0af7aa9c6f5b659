"""Whether an order can be knitted: with what it holds, and with what it gets in its turn (spec E.6)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.orders import risk_object, risk_of
from service.mill.answers.serving import NOT_OPEN, Line, Served, Terms, kit_object, line_object, serve
from service.mill.answers.shown import lb, lb_or_none
from service.mill.queries.orders import select_orders
from service.mill.rules.ground import OPEN, OrderGround
from service.mill.rules.orders import Kit, KitLine, kit
from service.mill.rules.parameters import Parameters


async def served_with(conn: ReadConnection, row: Row[Any], terms: Terms) -> Served:
    """All open orders served in their turn, and this one among them whatever its status."""
    rows = list(await select_orders(conn, None))
    if row.order_no not in {one.order_no for one in rows}:
        rows.append(row)
    return await serve(conn, rows, replace(terms, as_if_open=row.order_no))


def feasibility_object(row: Row[Any], served: Served) -> dict[str, Any]:
    """What can be said of an order; served means by priority, due date and number."""
    terms = served.terms
    lines = served.lines.get(row.order_no, ())
    planned = served.kit_of(row)
    need = _need_of(row, terms.parameters)
    start = None if planned is None else planned.ready_on
    reason = served.needs.unknown.get(row.order_no)
    risk = risk_of(row, terms.as_of, terms.parameters, has_recipe=reason is None)
    return {
        "order_no": row.order_no,
        "style_code": row.style_code,
        "status": row.status,
        "as_of": terms.as_of,
        "balance_lb": lb(row.balance),
        "need_date": need,
        "due_date": row.due_date,
        "reason": reason or _reason(row),
        "held": None if reason else kit_object(_held(row, lines, terms)),
        "planned": kit_object(planned),
        "producible_lb": lb_or_none(None if planned is None else planned.producible),
        "first_shortage": _first_shortage(lines, need, terms.parameters),
        "earliest_start": start,
        "days_late": None if start is None or need is None else max(0, (start - need).days),
        "risk": risk_object(risk),
        "lines": [line_object(line, served.receipts) for line in lines],
        "assumptions": list(served.assumptions),
    }


def _reason(row: Row[Any]) -> str | None:
    if row.status not in OPEN:
        return NOT_OPEN
    return "NOTHING_LEFT" if not row.balance else None


def _need_of(row: Row[Any], parameters: Parameters) -> date | None:
    order = OrderGround(
        id=row.id, number=row.order_no, style=row.style_code, pounds=row.balance, priority=row.priority,
        status=row.status, start=row.start_date, due=row.due_date,
    )  # fmt: skip
    return order.needed(parameters)


def _held(row: Row[Any], lines: Sequence[Line], terms: Terms) -> Kit | None:
    held = [
        KitLine(
            line.share.claim.yarn,
            line.share.claim.required,
            line.share.hard,
            line.held_expected,
            line.held_until,
        )
        for line in lines
    ]
    return kit(held, row.balance, terms.as_of, terms.parameters)


def _first_shortage(
    lines: Sequence[Line], need: date | None, parameters: Parameters
) -> dict[str, Any] | None:
    """The yarn that nobody brings first, else the one that comes last: by how much, and for when."""
    short = [line for line in lines if line.share.short > parameters.kit_tolerance_lb]
    if not short:
        return None
    worst = min(short, key=_urgency)
    return {"yarn_code": worst.share.claim.yarn, "short_lb": lb(worst.share.short), "needed_on": need}


def _urgency(line: Line) -> tuple[int, int, Decimal, str]:
    """What nobody brings first, then what comes last; of these what lacks most."""
    comes = line.kit_line.expected_on
    brought = line.coming >= line.share.short and comes is not None
    return (
        int(brought),
        -comes.toordinal() if comes is not None and brought else 0,
        -line.share.short,
        line.share.claim.yarn,
    )
