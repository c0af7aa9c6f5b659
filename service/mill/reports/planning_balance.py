"""The report `planning-balance`: every yarn in store, counted by risk, and the mill's health (A.3, F-15)."""

from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.queries.known import require_known
from service.mill.reports.frame import OF_STOCK, SCOPES, framed, kept_day, stock_ask
from service.mill.reports.shortages import EXAMPLE_ROW, LIFETIME, totals
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.reports.yarn_figures import EXPLAINED, explain_yarn, states_of
from service.mill.rules.balances import health
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.mill.stock_reports import MillStockParams, YarnBalanceRow, YarnFigureParams


async def planning_balance(conn: ReadConnection, params: MillStockParams, context: BuildContext) -> Built:
    """A row for each yarn of the inventory, the lowest planning balance first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_STOCK, params.as_of)
    asked = stock_ask(params, await kept_day(conn, params.as_of))
    found = await states_of(conn, frame, asked)
    stocks = [one.stock for one in found]
    summed = {
        "theoretical_balance_lb": sum((one.theoretical for one in stocks), ZERO),
        "allocated_lb": sum((one.allocated for one in stocks), ZERO),
        "on_order_lb": sum((one.on_order for one in stocks), ZERO),
    }
    counted = totals(found)
    now = asked.day is None
    summary: dict[str, Any] = {
        **counted,
        **{name: rounded(value) for name, value in summed.items()},
        "short": sum(one.shortage > 0 for one in stocks),
        "negative_stock": sum(one.theoretical < 0 for one in stocks),
        "health": health(counted["critical"], frame.parameters),
    }
    return frame.built(
        [one.values() for one in found],
        summary=summary,
        doubts=frame.plan.missing if now else ["an earlier inventory is held against no plan"],
        notes=frame.plan.notes if now and frame.plan.current else [],
    )


PLANNING_BALANCE: Final[Report[MillStockParams, YarnBalanceRow]] = Report(
    name="planning-balance",
    title="Planning balance of every yarn",
    titles={"es": "Saldo de planificación de cada hilo"},
    description="What lies there, what is promised, what is bought, and what is left of it, of every yarn; "
    "counts by risk, sums, and the health of the mill.",
    params=MillStockParams,
    row=YarnBalanceRow,
    build=planning_balance,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code",),
    causes=causes_of_stock,
    explain=explain_yarn,
    explain_params=YarnFigureParams,
    explain_example=EXPLAINED,
    labels=LABELS,
    example={
        "params": {"supplier": "SUP-B"},
        "items": [EXAMPLE_ROW],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "critical": 1, "high": 0, "medium": 0, "low": 0,
            "shortage_lb": "1276.0000", "planning_balance_lb": "-1276.0000",
            "theoretical_balance_lb": "224.0000", "allocated_lb": "-1500.0000", "on_order_lb": "0.0000",
            "short": 1, "negative_stock": 0, "health": "GOOD",
        },
    },
)  # fmt: skip
