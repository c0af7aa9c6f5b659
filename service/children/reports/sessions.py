"""The sessions of a child over a window, one by one, with the figures of each (spec D7.1 to D7.3)."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from service.children.analytics.answers import figures_of
from service.children.queries.figures.reading import Figures
from service.children.queries.scopes import of_child, of_sessions
from service.children.reports.about import one_child
from service.children.reports.framing import SPANISH, asking_of, built, period_of, resolved
from service.children.rules.definitions import Row, plain
from service.children.rules.rounding import rounded
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.reporting.report import BuildContext, Built, Report
from service.schemas.children.analytics import DEFINITIONS
from service.schemas.children.declared import ChildParams, SessionExplainParams, SessionRow
from service.schemas.envelope import Explanation, ExplanationInput

_AS_THEY_ARE: Final = (
    "started_at", "session_type", "scenario_version", "device_type", "completion_status", "score",
    "duration_seconds", "active_seconds", "help_requests", "initial_state", "final_state", "parent_rating",
)  # fmt: skip
_RULES: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "engagement": (
        "points",
        (
            "100 at most: min(interactions × 60 / active seconds / 5, 1) × 50 + (30 if completed)"
            " + min(5 × achievements, 20); none without active seconds (D7.1)"
        ),
        ("interactions_count", "active_seconds", "completion_status", "achievements"),
    ),
    "accuracy": (
        "percent",
        "100 × correct / (correct + incorrect); none without responses (D7.2)",
        ("correct_responses", "incorrect_responses"),
    ),
    "independence": (
        "percent",
        "100 × (1 − help / interactions); none without interactions (D7.3)",
        ("help_requests", "interactions_count"),
    ),
    "active_seconds": (
        "seconds",
        "duration less pauses, not below 0; none without a duration (D2)",
        ("duration_seconds", "total_pause_seconds"),
    ),
}


async def _build(conn: ReadConnection, params: ChildParams, context: BuildContext) -> Built:
    found = await _found(conn, params, context)
    sessions = found.documents["inputs"] or ()
    counts = {"total": len(sessions), "finished": sum(row["f"] for row in sessions)}
    return built([_row(row) for row in sessions], found, context, counts)


async def _found(conn: ReadConnection, params: ChildParams, context: BuildContext) -> Figures:
    asking = asking_of(params, context, [params.child_id])
    return await figures_of(conn, context.caller, asking, ("summary", "inputs"))


def _row(row: Row) -> dict[str, Any]:
    return {
        "session_id": row["id"],
        **{name: row[name] for name in _AS_THEY_ARE},
        "engagement": plain(row["engagement_score"]),
        "accuracy": plain(row["accuracy_pct"]),
        "independence": _independence(row),
        "came_late": row["late"],
    }


def _independence(row: Row) -> float | None:
    interactions = row["interactions_count"]
    return rounded(100 - Fraction(100 * row["help_requests"], interactions)) if interactions else None


async def _explain(conn: ReadConnection, params: SessionExplainParams, context: BuildContext) -> Explanation:
    found = await _found(conn, params, context)
    rows = [row for row in found.documents["inputs"] or () if row["id"] == params.session_id]
    if not rows:
        raise NotFound("there is no such session in the window")
    unit, rule, names = _RULES[params.figure]
    return Explanation(
        subject=f"session:{params.session_id}",
        value=_row(rows[0])[params.figure],
        unit=unit,
        rule=rule,
        rule_version=DEFINITIONS,
        inputs=[
            ExplanationInput(
                name=name, value=rows[0][name], link=f"/v1/children/sessions/{params.session_id}"
            )
            for name in names
        ],
    )


SESSIONS: Final = Report(
    name="session-figures",
    title="Sessions of a child with their figures",
    titles={"es": "Sesiones de un niño con sus cifras"},
    description="Every session that began in the window, with its engagement, accuracy and independence.",
    params=ChildParams,
    row=SessionRow,
    build=_build,
    scope=lambda params: (of_child(params.child_id), of_sessions(params.child_id)),
    lifetime=timedelta(0),
    resolve=resolved,
    explain=_explain,
    explain_params=SessionExplainParams,
    labels={"es": SPANISH},
    key=("session_id",),
    period=period_of,
    reads="analytics:read",
    whom=one_child,
    example={
        "params": {"child_id": 1, "from": "2025-06-01", "to": "2025-06-07"},
        "items": [
            {
                "session_id": 1,
                "started_at": "2025-06-02T10:00:00Z",
                "session_type": "dental_visit",
                "completion_status": "completed",
                "score": 40,
                "duration_seconds": 600,
                "active_seconds": 600,
                "engagement": 60.0,
                "accuracy": 50.0,
                "independence": 80.0,
                "help_requests": 6,
                "initial_state": "anxious",
                "final_state": "calm",
                "parent_rating": 3,
                "came_late": False,
            }
        ],
        "summary": {"total": 1, "finished": 1},
        "meta": {
            "complete_through": {"sessions": "2025-07-05T08:30:00Z"},
            "timezone": "UTC",
            "rules_version": "1",
            "data_version": "child/1/sessions:1749740404120931,child/1:0",
        },
    },
    explain_example={
        "params": {
            "child_id": 1, "from": "2025-06-01", "to": "2025-06-07", "session_id": 1, "figure": "accuracy",
        },
        "answer": {
            "subject": "session:1",
            "value": 50.0,
            "unit": "percent",
            "rule": "100 × correct / (correct + incorrect); none without responses (D7.2)",
            "rule_version": "1",
            "inputs": [{"name": "correct_responses", "value": 15, "link": "/v1/children/sessions/1"}],
        },
    },
)  # fmt: skip
