"""The children a professional is assigned to, each over the same window (spec D4)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from service.children.analytics.across import caseload_child, caseload_rows
from service.children.analytics.answers import figures_of
from service.children.analytics.explained import explained
from service.children.reports.about import every_child, one_child
from service.children.reports.framing import CAUTION, SPANISH, asking_of, period_of, resolved
from service.children.rules.completeness import LATE, SOURCE, reasons_of, through
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built, Completeness, Report
from service.schemas.children.analytics import DEFINITIONS, ExplainAsk
from service.schemas.children.declared import CaseloadExplainParams, CaseloadParams, CaseloadRow
from service.schemas.envelope import Explanation

_PATHS: Final = {
    "finished": "finished",
    "completion_rate": "completion_rate",
    "score": "score.mean",
    "engagement": "engagement.mean",
    "sessions_per_week": "labels.sessions_per_week",
}


async def _build(conn: ReadConnection, params: CaseloadParams, context: BuildContext) -> Built:
    found = await caseload_rows(conn, context.caller, params, context.now)
    reasons = sorted(
        {
            reason
            for row in found
            for reason in reasons_of(row.documents["summary"], now=context.now, to_at=row.to_at)
        }
    )
    whole = [through(row.documents["summary"], context.now) for row in found]
    return Built(
        rows=[_row(caseload_child(row).model_dump(mode="json")) for row in found],
        completeness=Completeness(
            complete=not reasons,
            as_of=context.now,
            complete_through={SOURCE: min(whole, default=context.now - LATE)},
            reasons=reasons,
        ),
        timezone=params.tz or "UTC",
        rules_version=DEFINITIONS,
        notes=[CAUTION],
        summary={"children": len(found)},
    )


def _row(child: dict[str, Any]) -> dict[str, Any]:
    score, engagement = child.pop("score"), child.pop("engagement")
    return {
        **child,
        "score": score["mean"],
        "score_n": score["n"],
        "engagement": engagement["mean"],
        "engagement_n": engagement["n"],
    }


async def _whom(conn: ReadConnection, params: Any, context: BuildContext) -> Sequence[int]:
    """Every child of the caseload, or the one whose figure is explained."""
    asked = one_child if isinstance(params, CaseloadExplainParams) else every_child
    return await asked(conn, params, context)


async def _explain(conn: ReadConnection, params: CaseloadExplainParams, context: BuildContext) -> Explanation:
    asking = asking_of(params, context, [params.child_id])
    found = await figures_of(conn, context.caller, asking, ("summary", "emotions", "inputs"))
    return explained(found, "summary", ExplainAsk(figure=_PATHS[params.figure]))


CASELOAD: Final = Report(
    name="caseload",
    title="Caseload",
    titles={"es": "Niños asignados"},
    description="The children you are assigned to: completion, scores, engagement, and where they move.",
    params=CaseloadParams,
    row=CaseloadRow,
    build=_build,
    scope=lambda _: (),
    lifetime=timedelta(0),
    resolve=resolved,
    explain=_explain,
    explain_params=CaseloadExplainParams,
    labels={"es": SPANISH},
    key=("child_id",),
    advice=("recommendations",),
    period=period_of,
    reads="analytics:read",
    whom=_whom,
    example={
        "params": {"from": "2025-05-31", "to": "2025-06-29"},
        "items": [
            {
                "child_id": 1,
                "name": "Emma",
                "access": "edit",
                "finished": 7,
                "completion_rate": 71.43,
                "score": 66.0,
                "score_n": 5,
                "score_direction": "improving",
                "engagement": 68.33,
                "engagement_n": 6,
                "engagement_direction": "improving",
                "sessions_per_week": 1.63,
                "open_sessions": 1,
                "last_session_at": "2025-06-12T15:00:00Z",
                "recommendations": ["MORE_REGULAR_SESSIONS"],
            }
        ],
        "summary": {"children": 1},
        "meta": {
            "complete_through": {"sessions": "2025-06-12T15:00:00Z"},
            "complete": False,
            "incomplete_reasons": ["1 session is still open: counted in the total and in no other figure"],
            "timezone": "UTC",
            "rules_version": "1",
            "data_version": "",
        },
    },
    explain_example={
        "params": {"from": "2025-05-31", "to": "2025-06-29", "child_id": 1, "figure": "completion_rate"},
        "answer": {
            "subject": "child:1",
            "value": 71.43,
            "unit": "percent",
            "rule": "100 × completed / finished",
            "rule_version": "1",
            "inputs": [
                {
                    "name": "session 1",
                    "value": {"completion_status": "completed"},
                    "link": "/v1/children/sessions/1",
                }
            ],
        },
    },
)
