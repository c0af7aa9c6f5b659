"""The report `requirements`: pounds of each yarn by week, with the orders that need them (R7, E.6)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries.known import require_known
from service.mill.queries.plan_needs import select_plan_requirements
from service.mill.reports.frame import SCOPES, Frame, framed, no_such
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.sources import PLAN_NEEDS
from service.mill.rules.weeks import iso_week, week_start
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation, ExplanationInput
from service.schemas.mill.plan_reports import (
    MillRequirementFigureParams,
    MillRequirementRow,
    MillRequirementsParams,
)

_RULES: Final = {
    "gross_lb": "the sum of what each order needs: its balance through every level of its recipe, losses "
    "added on (R7)",
    "orders": "how many orders need it",
}


async def requirements(conn: ReadConnection, params: MillRequirementsParams, context: BuildContext) -> Built:
    """A row for each yarn and week that orders need any in, by yarn."""
    await require_known(conn, params)
    frame = await framed(conn, context, PLAN_NEEDS)
    rows = [_row(one, frame) for one in await _read(conn, frame, params.yarn)]
    return frame.built(rows, summary=_summary(rows), doubts=frame.plan.doubts, notes=frame.plan.notes)


async def _read(conn: ReadConnection, frame: Frame, yarn: str | None) -> Sequence[Row[Any]]:
    return [] if frame.plan.id is None else await select_plan_requirements(conn, frame.plan.id, yarn)


def _row(one: Row[Any], frame: Frame) -> dict[str, Any]:
    start = _start(one, frame)
    in_weeks = start is not None and one.bucket < frame.plan.weeks
    word = "undated" if start is None else iso_week(start) if in_weeks else "later"
    parts = zip(one.orders, one.pounds, strict=True)
    return {
        "yarn_code": one.yarn_code,
        "week": word,
        "week_start": start if in_weeks else None,
        "gross_lb": rounded(one.gross_lb),
        "orders": one.order_count,
        "needed_by": "; ".join(f"{number} {pounds:.4f}" for number, pounds in parts),
    }


def _start(one: Row[Any], frame: Frame) -> date | None:
    if one.bucket is None:
        return None
    return week_start(frame.plan.as_of or frame.as_of, one.bucket)


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "yarns": len({row["yarn_code"] for row in rows}),
        "gross_lb": rounded(sum((row["gross_lb"] for row in rows), ZERO)),
        "undated_lb": rounded(sum((row["gross_lb"] for row in rows if row["week"] == "undated"), ZERO)),
        "later_lb": rounded(sum((row["gross_lb"] for row in rows if row["week"] == "later"), ZERO)),
    }


async def explain_requirement(
    conn: ReadConnection, params: MillRequirementFigureParams, context: BuildContext
) -> Explanation:
    """The orders that a figure is the sum of. Raises `NotFound`."""
    frame = await framed(conn, context, PLAN_NEEDS)
    found = await _read(conn, frame, params.yarn_code)
    one = next((row for row in found if _row(row, frame)["week"] == params.week), None)
    if one is None:
        raise no_such("requirement", f"of {params.yarn_code} in {params.week}")
    # Those of the plan, for some of them it added itself.
    orders = f"/v1/mill/plan-runs/{frame.plan.id}/orders"
    return Explanation(
        subject=f"{params.yarn_code}, {params.week}",
        value=_row(one, frame)[params.figure],
        unit="lb" if params.figure == "gross_lb" else None,
        rule=_RULES[params.figure],
        rule_version=frame.plan.rules_version or frame.in_force.version,
        inputs=[
            ExplanationInput(
                name=number, value=rounded(pounds), unit="lb", link=f"{orders}?order={quote(number)}"
            )
            for number, pounds in zip(one.orders, one.pounds, strict=True)
        ],
    )


REQUIREMENTS: Final[Report[MillRequirementsParams, MillRequirementRow]] = Report(
    name="requirements",
    title="Yarn requirements",
    titles={"es": "Necesidades de hilo"},
    description="Pounds of each yarn that the orders of the newest plan need in each week, with the orders.",
    params=MillRequirementsParams,
    row=MillRequirementRow,
    build=requirements,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code", "week"),
    causes=causes_of_stock,
    explain=explain_requirement,
    explain_params=MillRequirementFigureParams,
    explain_example={
        "params": {"yarn_code": "Y1", "week": "2025-W36", "figure": "gross_lb"},
        "answer": {
            "subject": "Y1, 2025-W36",
            "value": "900.0000",
            "unit": "lb",
            "rule": _RULES["gross_lb"],
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {
                    "name": "O3", "value": "300.0000", "unit": "lb",
                    "link": "/v1/mill/plan-runs/41/orders?order=O3",
                },
                {
                    "name": "O2", "value": "600.0000", "unit": "lb",
                    "link": "/v1/mill/plan-runs/41/orders?order=O2",
                },
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"yarn": "Y1"},
        "items": [
            {
                "yarn_code": "Y1", "week": "2025-W36", "week_start": "2025-09-01", "gross_lb": "900.0000",
                "orders": 2, "needed_by": "O3 300.0000; O2 600.0000",
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "gross_lb": "900.0000", "undated_lb": "0.0000",
            "later_lb": "0.0000",
        },
        "notes": ["Plan 41 as of 2025-09-03."],
    },
)  # fmt: skip
