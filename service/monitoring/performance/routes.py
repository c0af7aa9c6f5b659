"""`/v1/performance-report`: everything measured, judged; also where its predecessor had it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.core.auth import needs
from service.core.errors import NotFound
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.monitoring.monitor import Monitor
from service.monitoring.performance import baselines, examples
from service.monitoring.performance.comparison import compared
from service.monitoring.performance.endpoints import operations_of
from service.monitoring.performance.report import performance_report
from service.reporting.documented import document_of
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.monitoring.performance import (
    Comparison,
    EndpointStatistics,
    PerformanceAsk,
    PerformanceReport,
)

router = APIRouter(tags=["monitoring"])

PATH: Final = "/v1/performance-report"
_HEADERS: Final = {"Cache-Control": "no-store"}
_MOVED: Final = {
    # RFC 9745: the instant from which the old path is deprecated, 2026-11-22T00:00:00Z.
    "Deprecation": "@1795305600",
    "Link": f'<{PATH}>; rel="successor-version"',
}
_ROUTE: Final[dict[str, Any]] = {
    "summary": "What each part takes, what is slow and why",
    "response_model": PerformanceReport,
    "responses": {**problem_responses(401, 403, 404, 422, 503), 200: examples.shown(examples.REPORT)},
    "dependencies": [Depends(needs("admin")), Depends(strict_query(PerformanceAsk))],
}
Asked = Annotated[PerformanceAsk, Query()]


@router.get(
    PATH,
    operation_id="monitoring_performance_report",
    description="Of all workers together, since they started: every operation of this document, called or "
    "not. `baseline` compares with a report that was kept.",
    **_ROUTE,
)
async def get_report(request: Request, runtime: RuntimeDep, asked: Asked) -> Response:
    return await _answer(request, runtime, asked, _HEADERS)


@router.get(
    "/api/v2/performance-report",
    operation_id="monitoring_performance_report_v2",
    description=f"The same as `{PATH}`, at its predecessor's path.",
    deprecated=True,
    **_ROUTE,
)
async def get_report_as_before(request: Request, runtime: RuntimeDep, asked: Asked) -> Response:
    return await _answer(request, runtime, asked, {**_HEADERS, **_MOVED})


async def _answer(
    request: Request, runtime: Runtime, asked: PerformanceAsk, headers: dict[str, str]
) -> Response:
    report = await report_of(request)
    if asked.baseline is not None:
        comparison = await _comparison(runtime, asked.baseline, report)
        report = report.model_copy(update={"comparison": comparison})
    body = report.model_dump_json(by_alias=True)
    return Response(body, headers=headers, media_type="application/json")


async def report_of(request: Request) -> PerformanceReport:
    """The report of now of the application that is asked."""
    monitor: Monitor = request.app.state.monitor
    return await performance_report(monitor, operations_of(await document_of(request)))


async def _comparison(runtime: Runtime, wanted: str, report: PerformanceReport) -> Comparison:
    async with runtime.database.read() as conn:
        row = await baselines.find_baseline(conn, wanted, by_name=True)
    if row is None:
        raise NotFound(f"there is no baseline {wanted!r}; /v1/baselines lists those there are")
    before = [EndpointStatistics.model_validate(one) for one in row.report["endpoints"]]
    return compared(before, report.endpoints, baseline=str(row.id), name=row.name, taken_at=row.created_at)
