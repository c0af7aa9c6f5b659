"""The report `receipts`: what is due, past due and later, and which supplier is at stake with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries.coming import select_coming
from service.mill.queries.known import require_known
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_RECEIPTS, SCOPES, Frame, framed, no_such
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.balances import risk
from service.mill.rules.costing import sum_of
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import EXACT, ZERO, rounded
from service.mill.rules.weeks import is_overdue
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.order_reports import (
    MillReceiptFigureParams,
    MillReceiptRow,
    MillReceiptsParams,
)

FIGURES: Final[Mapping[str, Figure]] = {
    "quantity_lb": Figure("as the file of expected receipts has it"),
    "days_late": Figure("as-of date - its day where that is above 0, else null", ("as_of", "due_date")),
    "money": Figure("quantity x price, to the cent", ("quantity_lb", "price_per_lb")),
    "single_source": Figure(
        "one supplier alone is named by the yarn's purchases and master record; null: none is", ("suppliers",)
    ),
    "supplier_past_due_percent": Figure(
        "what the supplier owes beyond its day x 100 / all it owes",
        ("supplier_past_due_lb", "supplier_open_lb"),
    ),
    "yarn_risk": Figure(
        "CRITICAL, HIGH, MEDIUM below the thresholds in turn, each strict; else LOW (R4)",
        ("yarn_planning_balance_lb",),
        "risk_balance_levels",
    ),
}


async def receipts(conn: ReadConnection, params: MillReceiptsParams, context: BuildContext) -> Built:
    """A row for each receipt, what is overdue first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_RECEIPTS)
    found = await select_coming(
        conn, frame.as_of, kind=params.kind, supplier=params.supplier, yarn=params.yarn,
        single=params.single_source,
    )  # fmt: skip
    rows = [receipt_row(one, frame.as_of, frame.parameters) for one in found]
    overdue = [row for row, one in zip(rows, found, strict=True) if one.overdue]
    return frame.built(rows, summary=_summary(rows, overdue), notes=_notes(frame, overdue))


def receipt_row(one: Row[Any], as_of: date, parameters: Parameters) -> dict[str, Any]:
    """A receipt as it is shown."""
    late = None if one.due_date is None else (as_of - one.due_date).days
    return {
        "po_no": one.po_no,
        "line_no": one.line_no,
        "receipt": one.id,
        "yarn_code": one.yarn_code,
        "supplier": one.supplier_code,
        "kind": one.kind,
        "due_date": one.due_date,
        "days_late": late if late is not None and late > 0 else None,
        "quantity_lb": rounded(one.quantity),
        "ordered_lb": rounded(one.ordered),
        "received_lb": rounded(one.received),
        "price_per_lb": None if one.price_per_lb is None else rounded(one.price_per_lb),
        "money": None if one.price_per_lb is None else rounded(one.quantity * one.price_per_lb, 2),
        "single_source": None if not one.suppliers else one.suppliers == 1,
        "supplier_open_lb": rounded(one.supplier_open_lb),
        "supplier_past_due_lb": rounded(one.supplier_past_due_lb),
        "supplier_past_due_percent": rounded(
            EXACT.divide(one.supplier_past_due_lb * 100, one.supplier_open_lb), 2
        ),
        "yarn_planning_balance_lb": None if one.planning_balance is None else rounded(one.planning_balance),
        "yarn_risk": None if one.planning_balance is None else risk(one.planning_balance, parameters),
    }


def _summary(rows: Sequence[Mapping[str, Any]], overdue: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    money = sum_of(row["money"] for row in rows)
    return {
        "receipts": len(rows),
        "quantity_lb": rounded(sum((row["quantity_lb"] for row in rows), ZERO)),
        "past_due": len(overdue),
        "past_due_lb": rounded(sum((row["quantity_lb"] for row in overdue), ZERO)),
        "later_lb": rounded(sum((row["quantity_lb"] for row in rows if row["kind"] == "later"), ZERO)),
        "money": money.total,
        "known_money": money.known,
        "without_price": money.unknown,
        "single_source": sum(bool(row["single_source"]) for row in rows),
    }


def _notes(frame: Frame, late: Sequence[Mapping[str, Any]]) -> list[str]:
    """How plans count what is late: by the policy, but what was due earlier this week from today on (R9)."""
    past_due = [row for row in late if is_overdue(row["kind"], row["due_date"], frame.as_of)]
    policy = f"Plans count past-due receipts by the policy {frame.parameters.past_due_policy}."
    this_week = "Plans count what was due earlier this week from today on."
    return [policy] * bool(past_due) + [this_week] * (len(past_due) < len(late))


async def explain_receipt(
    conn: ReadConnection, params: MillReceiptFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a receipt is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_RECEIPTS)
    found = await select_coming(conn, frame.as_of, number=params.receipt)
    if not found:
        raise no_such("receipt", str(params.receipt))
    row = receipt_row(found[0], frame.as_of, frame.parameters)
    facts = {**row, "as_of": frame.as_of, "suppliers": found[0].suppliers}
    subject = f"{row['po_no']}/{row['line_no']} {row['yarn_code']}, {frame.as_of}"
    values, version = frame.parameters.as_values(), frame.in_force.version
    return explanation(FIGURES, params.figure, subject, facts, values, version)


RECEIPT_EXAMPLE: Final[dict[str, Any]] = {
    "po_no": "PO-5001", "line_no": 1, "receipt": 17, "yarn_code": "90001", "supplier": "SUP-A",
    "kind": "past_due", "due_date": None, "days_late": None, "quantity_lb": "300.0000",
    "ordered_lb": "3000.0000", "received_lb": "1800.0000", "price_per_lb": "4.2500", "money": "1275.00",
    "single_source": True, "supplier_open_lb": "1200.0000", "supplier_past_due_lb": "300.0000",
    "supplier_past_due_percent": "25.00", "yarn_planning_balance_lb": "2850.2500", "yarn_risk": "LOW",
}  # fmt: skip
RECEIPTS: Final[Report[MillReceiptsParams, MillReceiptRow]] = Report(
    name="receipts",
    title="Expected receipts",
    titles={"es": "Entradas esperadas"},
    description="What purchases still bring: past due, on a day, or later; how late each supplier is with "
    "all it owes, and which yarns hang on one supplier.",
    params=MillReceiptsParams,
    row=MillReceiptRow,
    build=receipts,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("po_no", "line_no", "kind", "due_date"),
    causes=causes_of_stock,
    explain=explain_receipt,
    explain_params=MillReceiptFigureParams,
    explain_example={
        "params": {"receipt": 17, "figure": "money"},
        "answer": {
            "subject": "PO-5001/1 90001, 2025-09-03",
            "value": "1275.00",
            "rule": FIGURES["money"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "quantity_lb", "value": "300.0000", "unit": "lb"},
                {"name": "price_per_lb", "value": "4.2500", "unit": "money/lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"kind": "past_due"},
        "items": [RECEIPT_EXAMPLE],
        "summary": {
            "as_of": "2025-09-03", "receipts": 1, "quantity_lb": "300.0000", "past_due": 1,
            "past_due_lb": "300.0000", "later_lb": "0.0000", "money": "1275.00",
            "known_money": "1275.00", "without_price": 0, "single_source": 1,
        },
        "notes": ["Plans count past-due receipts by the policy exclude."],
    },
)  # fmt: skip
