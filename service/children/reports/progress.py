"""The progress of a child: each figure of a window beside that of the one before (D7.4, D7.5, D7.11)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from service.children.analytics.answers import figures_of
from service.children.analytics.explained import explained, inputs_of
from service.children.analytics.sections import comparison_of, parts_of, summary_of, trends_of
from service.children.queries.scopes import of_child, of_sessions
from service.children.reports.about import one_child
from service.children.reports.framing import SPANISH, asking_of, built, period_of, resolved
from service.children.rules.trends import LEAST
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built, Report
from service.schemas.children.analytics import ExplainAsk
from service.schemas.children.declared import ChildParams, ProgressExplainParams, ProgressRow
from service.schemas.children.figures import Compared
from service.schemas.envelope import Explanation

UNITS: Final[Mapping[str, str]] = {
    "finished": "sessions",
    "completed": "sessions",
    "completion_rate": "percent",
    "score": "points",
    "duration_seconds": "seconds",
    "active_seconds": "seconds",
    "engagement": "points",
    "accuracy": "percent",
    "accuracy_pooled": "percent",
    "independence": "percent",
    "help_rate": "percent",
    "parent_rating": "points",
    "sessions_per_week": "sessions",
}
_TREND_OF: Final = {
    "score": "score", "engagement": "engagement", "accuracy": "accuracy", "duration_seconds": "duration",
}  # fmt: skip
PARTS: Final = ("summary", "emotions", "before", "compared", "trends")


async def _build(conn: ReadConnection, params: ChildParams, context: BuildContext) -> Built:
    asking = asking_of(params, context, [params.child_id])
    found = await figures_of(conn, context.caller, asking, PARTS)
    trends, compared = trends_of(found), comparison_of(found).figures
    rows = [
        _row(name, compared[name], getattr(trends, _TREND_OF[name]).direction if name in _TREND_OF else None)
        for name in UNITS
    ]
    summary = summary_of(found.documents["summary"], found.documents["emotions"], found.days)
    counts = {name: getattr(summary, name) for name in ("total", "finished", "completed", "in_progress")}
    return built(rows, found, context, counts)


def _row(name: str, compared: Compared, trend: str | None) -> dict[str, Any]:
    return {
        "figure": name,
        "value": compared.value,
        "n": compared.n,
        "unit": UNITS[name],
        "previous": compared.previous,
        "change": compared.delta,
        "direction": compared.direction,
        "trend": trend,
        "sufficient": compared.n >= LEAST,
    }


async def _explain(conn: ReadConnection, params: ProgressExplainParams, context: BuildContext) -> Explanation:
    asking = asking_of(params, context, [params.child_id])
    wanted = (*parts_of("comparison"), *inputs_of("comparison"))
    found = await figures_of(conn, context.caller, asking, wanted)
    return explained(found, "comparison", ExplainAsk(figure=f"figures.{params.figure}.value"))


PROGRESS: Final = Report(
    name="progress",
    title="Progress of a child",
    titles={"es": "Progreso de un niño"},
    description="Each figure of a window, what it rests on, and how it stands against the window before. A"
    " direction is claimed only from four sessions on, and not where scenario version or device changed.",
    params=ChildParams,
    row=ProgressRow,
    build=_build,
    scope=lambda params: (of_child(params.child_id), of_sessions(params.child_id)),
    lifetime=timedelta(0),
    resolve=resolved,
    explain=_explain,
    explain_params=ProgressExplainParams,
    labels={"es": SPANISH},
    key=("figure",),
    period=period_of,
    reads="analytics:read",
    whom=one_child,
    example={
        "params": {"child_id": 1, "from": "2025-05-31", "to": "2025-06-29"},
        "items": [
            {
                "figure": "score",
                "value": 66.0,
                "n": 5,
                "unit": "points",
                "previous": 100.0,
                "change": -34.0,
                "direction": "insufficient_data",
                "trend": "improving",
                "sufficient": True,
            }
        ],
        "summary": {"total": 8, "finished": 7, "completed": 5, "in_progress": 1},
        "meta": {
            "complete_through": {"sessions": "2025-06-12T15:00:00Z"},
            "complete": False,
            "incomplete_reasons": ["1 session is still open: counted in the total and in no other figure"],
            "timezone": "UTC",
            "rules_version": "1",
            "data_version": "child/1/sessions:1749740404120931,child/1:0",
        },
    },
    explain_example={
        "params": {"child_id": 1, "from": "2025-05-31", "to": "2025-06-29", "figure": "score"},
        "answer": {
            "subject": "child:1",
            "value": 66.0,
            "unit": "points",
            "rule": "mean of the score of completed sessions; previous: the same over the window before",
            "rule_version": "1",
            "threshold": 5,
            "inputs": [{"name": "session 1", "value": {"score": 40}, "link": "/v1/children/sessions/1"}],
        },
    },
)
