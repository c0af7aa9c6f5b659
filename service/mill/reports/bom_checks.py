"""The report `bom-checks`: do recipes add up to a pound of yarn for a pound of fabric (Q6, F-28)."""

from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries.known import require_known
from service.mill.queries.recipe_sums import select_recipe_sums, select_yarn_lines
from service.mill.reports.frame import SCOPES, framed, no_such
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.words import LABELS
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation, ExplanationInput
from service.schemas.mill.order_reports import (
    MillBomCheckFigureParams,
    MillBomCheckRow,
    MillBomChecksParams,
)

_OF_RECIPES: Final = ("bom",)
_RULES: Final = {
    "total": "the sum of the yarn fractions in force on the day",
    "lines": "the yarn lines in force on the day",
    "verdict": "OK where the sum is within the first tolerance of 1, BOM_SUM_NEAR within the second, else "
    "BOM_SUM_OFF (B.5)",
}


async def bom_checks(conn: ReadConnection, params: MillBomChecksParams, context: BuildContext) -> Built:
    """A row for each style that takes yarn itself, by code."""
    await require_known(conn, params)
    frame = await framed(conn, context, _OF_RECIPES, params.as_of)
    found = await select_recipe_sums(conn, frame.as_of, frame.parameters.bom_sum_tolerance, params.style)
    rows = [_row(one) for one in found if params.verdict in (None, one.verdict)]
    off = [row for row in rows if row["verdict"] == "BOM_SUM_OFF"]
    summary = {
        "styles": len(rows),
        "ok": sum(row["verdict"] == "OK" for row in rows),
        "near": sum(row["verdict"] == "BOM_SUM_NEAR" for row in rows),
        "off": len(off),
        "off_open_lb": rounded(sum((row["open_balance_lb"] for row in off), ZERO)),
        "with_unknown_yarns": sum(row["unknown_yarns"] > 0 for row in rows),
    }
    notes = ["Lines that name another style are not in the sum."] if any(_mixed(row) for row in rows) else []
    return frame.built(rows, summary=summary, notes=notes)


def _mixed(row: dict[str, Any]) -> bool:
    return bool(row["style_lines"])


def _row(one: Row[Any]) -> dict[str, Any]:
    return {
        "style_code": one.style_code,
        "bom_status": one.bom_status,
        "total": rounded(one.total, 8),
        "lines": one.lines,
        "verdict": one.verdict,
        "style_lines": one.style_lines,
        "unknown_yarns": len(one.unknown),
        "unknown": "; ".join(one.unknown),
        "open_balance_lb": rounded(one.balance),
    }


async def explain_check(
    conn: ReadConnection, params: MillBomCheckFigureParams, context: BuildContext
) -> Explanation:
    """The lines that a sum is of. Raises `NotFound`."""
    frame = await framed(conn, context, _OF_RECIPES, params.as_of)
    tolerance = frame.parameters.bom_sum_tolerance
    found = await select_recipe_sums(conn, frame.as_of, tolerance, params.style_code)
    if not found:
        raise no_such("style", params.style_code)
    lines = await select_yarn_lines(conn, frame.as_of, params.style_code)
    return Explanation(
        subject=f"{params.style_code}, {frame.as_of}",
        value=_row(found[0])[params.figure],
        rule=_RULES[params.figure],
        rule_version=frame.in_force.version,
        threshold=list(tolerance) if params.figure == "verdict" else None,
        inputs=[
            ExplanationInput(name=line.yarn_code, value=rounded(line.quantity_per, 8), unit="lb/lb")
            for line in lines
        ],
    )


BOM_CHECKS: Final[Report[MillBomChecksParams, MillBomCheckRow]] = Report(
    name="bom-checks",
    title="Recipes that do not add up",
    titles={"es": "Recetas que no suman"},
    description="The yarn fractions of each style in force on a day, summed and judged, the yarns that the "
    "inventory does not know, and the open orders that hang on it.",
    params=MillBomChecksParams,
    row=MillBomCheckRow,
    build=bom_checks,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("style_code",),
    explain=explain_check,
    explain_params=MillBomCheckFigureParams,
    explain_example={
        "params": {"style_code": "GK1003/2", "figure": "total"},
        "answer": {
            "subject": "GK1003/2, 2025-09-03",
            "value": "0.98500000",
            "rule": _RULES["total"],
            "rule_version": "mill-parameters/defaults",
            "inputs": [{"name": "90001", "value": "0.98500000", "unit": "lb/lb"}],
        },
    },
    labels=LABELS,
    example={
        "params": {},
        "items": [
            {
                "style_code": "GK1003/2", "bom_status": "near", "total": "0.98500000", "lines": 1,
                "verdict": "BOM_SUM_NEAR", "style_lines": 0, "unknown_yarns": 0, "unknown": "",
                "open_balance_lb": "500.0000",
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "styles": 1, "ok": 0, "near": 1, "off": 0, "off_open_lb": "0.0000",
            "with_unknown_yarns": 0,
        },
    },
)  # fmt: skip
