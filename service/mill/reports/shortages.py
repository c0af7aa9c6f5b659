"""The report `shortages`: which yarns are below their least stock, how badly, from when on, by whom (Q1)."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.answers.yarn_states import YarnState
from service.mill.queries.known import require_known
from service.mill.queries.stocks import count_held_back, select_short
from service.mill.reports.frame import OF_STOCK, SCOPES, framed, kept_day, stock_ask
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.reports.yarn_figures import EXPLAINED, explain_yarn, states_of
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.mill.stock_reports import MillShortagesParams, YarnBalanceRow, YarnFigureParams

RISKS: Final = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
LIFETIME: Final = timedelta(minutes=5)


async def shortages(conn: ReadConnection, params: MillShortagesParams, context: BuildContext) -> Built:
    """A row for each short yarn that is active, the lowest planning balance first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_STOCK, params.as_of)
    asked = stock_ask(params, await kept_day(conn, params.as_of))
    found = await states_of(conn, frame, asked, await select_short(conn, asked))
    shown = [one for one in found if params.min_risk is None or at_least(one.risk, params.min_risk)]
    now = asked.day is None
    held_back = await count_held_back(conn) if now else 0
    notes = [*frame.plan.notes] if now and frame.plan.current else []
    if held_back:
        notes.append(f"{held_back} yarns on hold or obsolete are short too, and not in the list.")
    return frame.built(
        [one.values() for one in shown],
        summary=totals(shown),
        doubts=frame.plan.doubts if now else ["an earlier inventory is held against no plan"],
        notes=notes,
    )


def at_least(risk: str, least: str) -> bool:
    """Whether a risk is as bad as another, or worse."""
    return RISKS.index(risk) <= RISKS.index(least)


def totals(states: Sequence[YarnState]) -> dict[str, Any]:
    """Over the whole filter: how many, by risk, and what is missing in all."""
    return {
        "yarns": len(states),
        **{name.lower(): sum(one.risk == name for one in states) for name in RISKS},
        "shortage_lb": rounded(sum((one.stock.shortage for one in states), ZERO)),
        "planning_balance_lb": rounded(sum((one.stock.planning for one in states), ZERO)),
    }


EXAMPLE_ROW: Final[dict[str, Any]] = {
    "yarn_code": "Y2",
    "description": "30/1 COMBED COTTON",
    "color": "WHITE",
    "supplier": "SUP-B",
    "status": "active",
    "theoretical_balance_lb": Decimal("224.0000"),
    "allocated_lb": Decimal("-1500.0000"),
    "on_order_lb": Decimal("0.0000"),
    "planning_balance_lb": Decimal("-1276.0000"),
    "available_now_lb": Decimal("-1276.0000"),
    "min_stock_lb": Decimal("0.0000"),
    "shortage_lb": Decimal("1276.0000"),
    "risk": "CRITICAL",
    "balance_score": Decimal("12.76"),
    "criticality_score": 40,
    "criticality": "MEDIUM",
    "weekly_demand_lb": Decimal("12.1223"),
    "weeks_of_supply": Decimal("9.00"),
    "weeks_method": "dated_demand",
    "weeks_reason": None,
    "first_short_on": None,
    "first_short_lb": None,
    "culprits": "",
    "short_reason": None,
}
SHORTAGES: Final[Report[MillShortagesParams, YarnBalanceRow]] = Report(
    name="shortages",
    title="Yarn shortages",
    titles={"es": "Hilos que faltan"},
    description="Yarns whose planning balance is below their least stock, with risk, cover, the first day "
    "below zero and the orders that cause it. Totals are over the whole filter.",
    params=MillShortagesParams,
    row=YarnBalanceRow,
    build=shortages,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code",),
    causes=causes_of_stock,
    explain=explain_yarn,
    explain_params=YarnFigureParams,
    explain_example=EXPLAINED,
    labels=LABELS,
    example={
        "params": {"min_risk": "CRITICAL"},
        "items": [EXAMPLE_ROW],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "critical": 1, "high": 0, "medium": 0, "low": 0,
            "shortage_lb": "1276.0000", "planning_balance_lb": "-1276.0000",
        },
        "notes": ["Plan 41 as of 2025-09-03."],
    },
)  # fmt: skip
