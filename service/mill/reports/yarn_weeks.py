"""The report `yarn-weeks`: weekly balances of every yarn of the newest plan, or of one computed now (Q4)."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.mill.answers.timelines import Timeline, timeline_of
from service.mill.queries.known import require_known
from service.mill.queries.one_yarn import select_yarn
from service.mill.queries.plan_needs import select_plan_weeks
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import SCOPES, Frame, framed
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.sources import PLAN_NEEDS
from service.mill.rules.weeks import iso_week
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.plan_reports import (
    MillYarnWeekFigureParams,
    MillYarnWeekRow,
    MillYarnWeeksParams,
)

FIGURES: Final[Mapping[str, Figure]] = {
    "receipts_lb": Figure("dated receipts of the week, and past-due ones where the policy puts them here"),
    "demand_lb": Figure("what orders need in the week; what was needed before is needed in the first"),
    "balance_lb": Figure(
        "the balance before + receipts - demand; before the first week: the theoretical balance (R9)",
        ("before_lb", "receipts_lb", "demand_lb"),
    ),
    "shortage_lb": Figure("level - balance where that is above 0, else 0", ("balance_lb", "level_lb")),
    "new_shortage_lb": Figure(
        "shortage - the shortage of the week before where that is above 0, else 0",
        ("shortage_lb", "shortage_before_lb"),
    ),
}


async def yarn_weeks(conn: ReadConnection, params: MillYarnWeeksParams, context: BuildContext) -> Built:
    """A row for each yarn and week, by yarn. Raises `Invalid` for a yarn that there is not."""
    await require_known(conn, params)
    frame = await framed(conn, context, PLAN_NEEDS)
    if params.yarn is not None:
        return await _of_one(conn, frame, params.yarn)
    rows = await _of_plan(conn, frame, short=params.short)
    return frame.built(rows, summary=_summary(rows), doubts=frame.plan.doubts, notes=frame.plan.notes)


async def _of_one(conn: ReadConnection, frame: Frame, code: str) -> Built:
    made = await _timeline(conn, frame, code)
    assert made is not None  # it is known
    rows = [_row(code, week) for week in made.week_rows()]
    doubts = frame.plan.doubts if frame.plan.current else []
    return frame.built(rows, summary=_summary(rows), doubts=[*doubts, *made.notes])


async def _timeline(conn: ReadConnection, frame: Frame, code: str) -> Timeline | None:
    yarn = await select_yarn(conn, code)
    if yarn is None:
        return None
    return await timeline_of(conn, yarn, frame.parameters, frame.plan, frame.as_of)


def _row(code: str, week: Mapping[str, Any]) -> dict[str, Any]:
    names = ("receipts", "demand", "balance", "shortage", "new_shortage")
    known = {name: week[name] for name in ("bucket", "week_start", "iso_week")}
    return {"yarn_code": code, **known, **{f"{name}_lb": week[name] for name in names}}


async def _of_plan(conn: ReadConnection, frame: Frame, *, short: bool) -> list[dict[str, Any]]:
    if frame.plan.id is None:
        return []
    return await asyncio.to_thread(_planned, await select_plan_weeks(conn, frame.plan.id, None, short=short))


def _planned(weeks: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Tens of thousands of rows, off the loop."""
    names = {monday: iso_week(monday) for monday in {one.week_start for one in weeks}}
    return [
        {
            "yarn_code": one.yarn_code,
            "bucket": one.bucket,
            "week_start": one.week_start,
            "iso_week": names[one.week_start],
            "receipts_lb": rounded(one.receipts),
            "demand_lb": rounded(one.demand),
            "balance_lb": rounded(one.balance),
            "shortage_lb": rounded(one.shortage),
            "new_shortage_lb": rounded(one.new_shortage),
        }
        for one in weeks
    ]


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    short = {row["yarn_code"] for row in rows if row["shortage_lb"] > 0}
    return {
        "yarns": len({row["yarn_code"] for row in rows}),
        "short_yarns": len(short),
        "receipts_lb": rounded(sum((row["receipts_lb"] for row in rows), ZERO)),
        "demand_lb": rounded(sum((row["demand_lb"] for row in rows), ZERO)),
    }


async def explain_week(
    conn: ReadConnection, params: MillYarnWeekFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a week is what it is, by the data of now. Raises `NotFound`."""
    frame = await framed(conn, context, PLAN_NEEDS)
    made = await _timeline(conn, frame, params.yarn_code)
    if made is None or params.bucket >= len(made.record.weeks):
        raise NotFound(f"there is no week {params.bucket} of {params.yarn_code}")
    rows = [_row(params.yarn_code, week) for week in made.week_rows()]
    before = rows[params.bucket - 1] if params.bucket else None
    opening = made.record.opening
    facts = {
        **rows[params.bucket],
        "before_lb": rounded(opening) if before is None else before["balance_lb"],
        "level_lb": rounded(made.level),
        "shortage_before_lb": rounded(max(ZERO, made.level - opening))
        if before is None
        else before["shortage_lb"],
    }
    subject = f"{params.yarn_code}, {facts['iso_week']}"
    version, link = frame.in_force.version, f"/v1/mill/yarns/{quote(params.yarn_code)}/timeline"
    return explanation(FIGURES, params.figure, subject, facts, {}, version, link)


YARN_WEEKS: Final[Report[MillYarnWeeksParams, MillYarnWeekRow]] = Report(
    name="yarn-weeks",
    title="Yarn week by week",
    titles={"es": "Hilo semana a semana"},
    description="Receipts, demand and balance of every yarn in each week of the newest plan; of one yarn "
    "they are computed now.",
    params=MillYarnWeeksParams,
    row=MillYarnWeekRow,
    build=yarn_weeks,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code", "week_start"),
    causes=causes_of_stock,
    explain=explain_week,
    explain_params=MillYarnWeekFigureParams,
    explain_example={
        "params": {"yarn_code": "Y1", "bucket": 1, "figure": "balance_lb"},
        "answer": {
            "subject": "Y1, 2025-W37",
            "value": "232.2900",
            "unit": "lb",
            "rule": FIGURES["balance_lb"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "before_lb", "value": "100.0000", "unit": "lb"},
                {"name": "receipts_lb", "value": "500.0000", "unit": "lb"},
                {"name": "demand_lb", "value": "367.7100", "unit": "lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"yarn": "Y1"},
        "items": [
            {
                "yarn_code": "Y1", "bucket": 1, "week_start": "2025-09-08", "iso_week": "2025-W37",
                "receipts_lb": "500.0000", "demand_lb": "367.7100", "balance_lb": "232.2900",
                "shortage_lb": "0.0000", "new_shortage_lb": "0.0000",
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "short_yarns": 0, "receipts_lb": "500.0000",
            "demand_lb": "1267.7100",
        },
    },
)  # fmt: skip
