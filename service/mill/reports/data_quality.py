"""The report `data-quality`: what is wrong with the data of today, out of files and as the plan met it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.newest import NewestPlan
from service.mill.queries.last_files import select_findings, select_last_files
from service.mill.reports.frame import SCOPES, framed, no_such
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.words import LABELS
from service.mill.rules.sources import PLAN_NEEDS
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation, ExplanationInput
from service.schemas.mill.order_reports import (
    MillDataQualityFigureParams,
    MillDataQualityParams,
    MillDataQualityRow,
)

_SEVERITIES: Final = ("error", "warning", "info")
NAMED: Final = 40
"""Subjects that a cell names; where there are more it says how many."""


async def data_quality(conn: ReadConnection, params: MillDataQualityParams, context: BuildContext) -> Built:
    """A row for each finding, the worst first."""
    frame = await framed(conn, context, PLAN_NEEDS)
    rows = [*_of_plan(frame.plan), *await _of_files(conn)]
    shown = [row for row in rows if params.severity in (None, row["severity"])]
    shown.sort(key=lambda row: (_SEVERITIES.index(row["severity"]), row["source"], row["code"]))
    summary = {
        "findings": len(shown),
        **{f"{name}s": sum(row["severity"] == name for row in shown) for name in _SEVERITIES},
    }
    return frame.built(shown, summary=summary, doubts=frame.plan.missing, notes=frame.plan.notes)


def _of_plan(plan: NewestPlan) -> Iterator[dict[str, Any]]:
    for gate in plan.gates:
        named = gate["subjects"][:NAMED]
        more = gate["count"] - len(named)
        yield {
            "source": "plan",
            "number": plan.id,
            "code": gate["code"],
            "severity": gate["severity"],
            "count": gate["count"] or 1,
            "pounds_lb": gate["pounds_lb"],
            "message": gate["message"],
            "subjects": "; ".join(named) + (f"; and {more} more" if more else ""),
            "link": f"/v1/mill/plan-runs/{plan.id}",
        }


async def _of_files(conn: ReadConnection) -> list[dict[str, Any]]:
    files = {one.id: one for one in await select_last_files(conn)}
    found = await select_findings(conn, list(files))
    refused = [_refused(one) for one in files.values() if one.status != "done"]
    return [*refused, *(_finding(files[one.job_id], one) for one in found)]


def _refused(file: Row[Any]) -> dict[str, Any]:
    return {
        "source": file.file_kind,
        "number": file.id,
        "code": "IMPORT_REFUSED",
        "severity": "error",
        "count": file.rows_rejected or 1,
        "pounds_lb": None,
        "message": f"{file.file_name} was not put in force: what was there before still holds",
        "subjects": "",
        "link": f"/v1/mill/imports/{file.id}",
    }


def _finding(file: Row[Any], one: Row[Any]) -> dict[str, Any]:
    # Messages are kept up to a number; the counts of the import are of all.
    counted = file.counts.get(one.code)
    count = counted if isinstance(counted, int) else one.n
    rows = ", ".join(map(str, one.rows))
    return {
        "source": file.file_kind,
        "number": file.id,
        "code": one.code,
        "severity": one.severity,
        "count": count,
        "pounds_lb": None,
        "message": one.message,
        "subjects": f"rows {rows}" + (f" and {count - len(one.rows)} more" if count > len(one.rows) else ""),
        "link": f"/v1/mill/imports/{file.id}",
    }


async def explain_finding(
    conn: ReadConnection, params: MillDataQualityFigureParams, context: BuildContext
) -> Explanation:
    """Where a finding comes from. Raises `NotFound`."""
    frame = await framed(conn, context, PLAN_NEEDS)
    rows = [*_of_plan(frame.plan), *await _of_files(conn)]
    found: Mapping[str, Any] | None = next(
        (row for row in rows if (row["source"], row["code"]) == (params.source, params.code)), None
    )
    if found is None:
        raise no_such("finding", f"{params.code} of {params.source}")
    return Explanation(
        subject=f"{params.code}, {params.source} {found['number']}",
        value=found["count"],
        rule=found["message"],
        rule_version=frame.in_force.version,
        inputs=[ExplanationInput(name=found["subjects"], value=found["count"], link=found["link"])],
    )


DATA_QUALITY: Final[Report[MillDataQualityParams, MillDataQualityRow]] = Report(
    name="data-quality",
    title="What is wrong with the data",
    titles={"es": "Qué falla en los datos"},
    description="What the last file of each kind was found to hold, by code, and what the newest plan met: "
    "recipes that are not known, yarns nobody counted, receipts past due, with the pounds each touches.",
    params=MillDataQualityParams,
    row=MillDataQualityRow,
    build=data_quality,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("source", "code", "severity"),
    explain=explain_finding,
    explain_params=MillDataQualityFigureParams,
    explain_example={
        "params": {"source": "plan", "code": "PAST_DUE"},
        "answer": {
            "subject": "PAST_DUE, plan 41",
            "value": 1,
            "rule": "receipts that should have come: not counted on",
            "rule_version": "mill-parameters/defaults",
            "inputs": [{"name": "90001", "value": 1, "link": "/v1/mill/plan-runs/41"}],
        },
    },
    labels=LABELS,
    example={
        "params": {},
        "items": [
            {
                "source": "plan", "number": 41, "code": "PAST_DUE", "severity": "warning", "count": 1,
                "pounds_lb": "300.0000", "message": "receipts that should have come: not counted on",
                "subjects": "90001", "link": "/v1/mill/plan-runs/41",
            }
        ],
        "summary": {"as_of": "2025-09-03", "findings": 1, "errors": 0, "warnings": 1, "infos": 0},
        "notes": ["Plan 41 as of 2025-09-03."],
    },
)  # fmt: skip
