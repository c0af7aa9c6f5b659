"""`/v1/performance/statements`: what each kind of SQL statement costs, and the plan of one on demand."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query
from sqlalchemy.exc import ProgrammingError
from starlette.responses import Response

from service.core.auth import needs
from service.core.errors import Conflict, NotFound
from service.core.inbound import RuntimeDep
from service.core.telemetry.fingerprint import without_values
from service.core.telemetry.statements import Statement, Statements
from service.monitoring import queries
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.database import (
    StatementListing,
    StatementPlan,
    StatementsAsk,
    StatementSort,
    StatementStatistics,
)

router = APIRouter(prefix="/v1/performance/statements", tags=["monitoring"])

EXPLAIN_WITHIN: Final = 5.0
"""Seconds; a plan takes milliseconds, unless a table is locked."""
_PLANNED: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES")
_COPY: Final = ("COPY (", ") TO STDOUT")
# Of a plan's entries those that hold expressions, whose constants are nobody's business.
_EXPRESSIONS: Final = (
    "Cond", "Condition", "Filter", "Key", "Keys", "Order By", "Output", "Call", "Expression", "Parameters",
    "Window",
)  # fmt: skip

_EXAMPLE: Final[dict[str, Any]] = {
    "fingerprint": "9f1c4be2a9c04e3b",
    "statement": "SELECT id, name FROM attendance.person WHERE site_id = ?::INTEGER",
    "calls": 1204,
    "rows": 90300,
    "errors": 0,
    "slow": 1,
    "total_ms": 3612.0,
    "mean_ms": 3.0,
    "p50_ms": 2.1,
    "p95_ms": 6.4,
    "p99_ms": 14.9,
    "max_ms": 611.3,
    "last_at": "2026-11-01T06:30:00Z",
    "explainable": True,
}
_EXAMPLE_LIST: Final = {
    "process": 4711,
    "since": "2026-11-01T05:00:00Z",
    "known": 87,
    "calls": 20411,
    "total_ms": 40992.4,
    "items": [_EXAMPLE],
}
_EXAMPLE_PLAN: Final = {
    "fingerprint": _EXAMPLE["fingerprint"],
    "statement": _EXAMPLE["statement"],
    "total_cost": 8.3,
    "rows": 75,
    "sequential_scans": [],
    "indexes": ["ix_person_site_id"],
    "plan": {"Node Type": "Index Scan", "Index Name": "ix_person_site_id", "Index Cond": "(site_id = ?)"},
}


@router.get(
    "",
    operation_id="monitoring_statements",
    summary="What each kind of SQL statement costs",
    description="Of the process that answers, since it started; statements that differ in values or in the "
    "length of a list are one. Without the time spent waiting for a connection.",
    response_model=StatementListing,
    responses={
        **problem_responses(401, 403, 422, 503),
        200: {"content": {"application/json": {"example": _EXAMPLE_LIST}}},
    },
    dependencies=[Depends(needs("admin")), Depends(strict_query(StatementsAsk))],
)
async def list_statements(runtime: RuntimeDep, asked: Annotated[StatementsAsk, Query()]) -> Response:
    return _json(statement_listing(runtime.database.statements, asked.sort, asked.top))


@router.post(
    "/{fingerprint}/explain",
    operation_id="monitoring_explain_statement",
    summary="How the server would carry a statement out",
    description="The generic plan of a statement that this process has sent: EXPLAIN without ANALYZE, since "
    "parameters are kept nowhere. Read-only, nothing is run, and no SQL is taken from the caller.",
    response_model=StatementPlan,
    responses={
        **problem_responses(401, 403, 404, 409, 422, 503),
        200: {"content": {"application/json": {"example": _EXAMPLE_PLAN}}},
    },
    dependencies=[Depends(needs("admin")), Depends(strict_query(Ask))],
)
async def explain_statement(fingerprint: str, runtime: RuntimeDep) -> Response:
    statement = runtime.database.statements.find(fingerprint)
    if statement is None:
        raise NotFound(
            f"this process ({os.getpid()}) has sent no statement {fingerprint!r}; its list names those "
            "it has, and of several workers another may have sent it: ask again"
        )
    source = planned_source(statement)
    if source is None:
        detail = "only statements that read or write rows have a plan, if they are not too long to be kept"
        raise Conflict(detail, code="no_plan")
    try:
        async with runtime.database.snapshot(timeout=EXPLAIN_WITHIN) as conn:
            found = await queries.explain_generic(conn, source)
    except ProgrammingError:
        # Such as the tables that a recompute makes for its own transaction.
        detail = "it cannot be planned on its own: it names a temporary table, or what is gone since"
        raise Conflict(detail, code="no_plan") from None
    return _json(plan_of(statement, found))


def statement_listing(statements: Statements, sort: StatementSort, top: int) -> StatementListing:
    """The statistics, the largest first by `sort`."""
    items = sorted(map(statistics_of, statements), key=_ORDERS[sort], reverse=True)
    total = statements.totals()
    return StatementListing(
        process=os.getpid(),
        since=datetime.fromtimestamp(statements.since, UTC),
        known=len(items),
        calls=total.count,
        total_ms=_ms(total.total),
        items=items[:top],
    )


_ORDERS: Final[Mapping[str, Callable[[StatementStatistics], float]]] = {
    "total": lambda one: one.total_ms,
    "calls": lambda one: one.calls,
    "mean": lambda one: one.mean_ms,
    "p95": lambda one: one.p95_ms,
    "p99": lambda one: one.p99_ms,
    "max": lambda one: one.max_ms,
    "rows": lambda one: one.rows,
    "errors": lambda one: one.errors,
}


def statistics_of(statement: Statement) -> StatementStatistics:
    """One statement as it travels."""
    times = statement.times
    return StatementStatistics(
        fingerprint=statement.fingerprint,
        statement=statement.text,
        calls=times.count,
        rows=statement.rows,
        errors=statement.errors,
        slow=statement.slow,
        total_ms=_ms(times.total),
        mean_ms=_ms(times.mean),
        p50_ms=_ms(times.percentile(50)),
        p95_ms=_ms(times.percentile(95)),
        p99_ms=_ms(times.percentile(99)),
        max_ms=_ms(times.greatest),
        last_at=datetime.fromtimestamp(statement.last_at, UTC) if statement.last_at else None,
        explainable=planned_source(statement) is not None,
    )


def planned_source(statement: Statement) -> str | None:
    """The text to explain; None for what has no plan, such as COMMIT, and where no text was kept."""
    source = (statement.source or "").strip()
    if not source:
        return None
    if source.startswith(_COPY[0]) and source.endswith(_COPY[1]):
        source = source.removeprefix(_COPY[0]).removesuffix(_COPY[1]).strip()
    return source if statement.text.lstrip("(").removeprefix(_COPY[0]).upper().startswith(_PLANNED) else None


def plan_of(statement: Statement, found: Any) -> StatementPlan:
    """The server's plan without the constants of its expressions."""
    (whole,) = orjson.loads(found) if isinstance(found, str) else found
    plan = _without_constants(whole["Plan"])
    nodes = list(_nodes(plan))
    return StatementPlan(
        fingerprint=statement.fingerprint,
        statement=statement.text,
        total_cost=plan["Total Cost"],
        rows=plan["Plan Rows"],
        sequential_scans=sorted({node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}),
        indexes=sorted({node["Index Name"] for node in nodes if "Index Name" in node}),
        plan=plan,
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _without_constants(node: Any, name: str = "") -> Any:
    if isinstance(node, dict):
        return {key: _without_constants(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_constants(value, name) for value in node]
    return without_values(node) if isinstance(node, str) and name.endswith(_EXPRESSIONS) else node


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _json(model: StatementListing | StatementPlan) -> Response:
    return Response(
        model.model_dump_json(by_alias=True),
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
