"""The routes that follow from a desk's declared reports: catalogue, report, explanation."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.core.responses import CacheEntry
from service.core.runtime import Runtime
from service.reporting.catalogue import catalogue
from service.reporting.completeness import completeness_headers, reasons_of
from service.reporting.desk import Desk
from service.reporting.explaining import answer_explanation
from service.reporting.formats import JSON_MEDIA_TYPE, formatters
from service.reporting.large_answers import MOST_HELD, large_answer
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import explain_responses, problem_responses, report_responses
from service.reporting.query import explain_query, report_query, strict_query, style_of, taken_out
from service.reporting.rendering import RenderedReport, quarter_hour_after, run_report
from service.reporting.report import Report
from service.reporting.seen import MinDataVersion, least_versions
from service.reporting.sources import streams
from service.schemas.envelope import Catalogue, Explanation, ReportAnswer

Endpoint = Callable[..., Awaitable[Response]]


def report_routes(desk: Desk) -> APIRouter:
    """`/v1/<desk>/reports`, `/<name>` and `/<name>/explain`, closed to callers without the scope of each."""
    router = APIRouter(prefix=f"/v1/{desk.name}/reports", tags=[desk.name])
    _add_catalogue(router, desk, needs(desk.reads))
    for report in desk.reports:
        reader = needs(desk.reads_of(report))
        _add_report(router, desk, report, reader)
        if report.explain is not None:
            _add_explanation(router, desk, report, reader)
    return router


def _add_catalogue(router: APIRouter, desk: Desk, reader: Any) -> None:
    contents = catalogue(desk)

    async def endpoint() -> Catalogue:
        return contents

    router.add_api_route(
        "",
        endpoint,
        methods=["GET"],
        operation_id=f"{desk.name}_reports",
        summary=f"The reports of {desk.name}",
        description="Names, titles, formats and parameters (JSON schema) of every report.",
        response_model=Catalogue,
        responses=problem_responses(401, 403),
        dependencies=[Depends(reader)],
    )


def _add_report(router: APIRouter, desk: Desk, report: Report[Any, Any], reader: Any) -> None:
    model = report_query(report)

    async def endpoint(
        request: Request,
        runtime: RuntimeDep,
        caller: Any,
        asked: Any,
        minimum: MinDataVersion = None,
    ) -> Response:
        return await _answer(request, runtime, desk, report, asked, caller, least_versions(request, minimum))

    endpoint.__annotations__["caller"] = Annotated[Caller, Depends(reader)]
    endpoint.__annotations__["asked"] = Annotated[model, Query()]
    row: Any = report.row
    router.add_api_route(
        f"/{report.name}",
        endpoint,
        methods=["GET"],
        operation_id=f"{desk.name}_{report.snake}",
        summary=report.title,
        description=report.description,
        response_model=ReportAnswer[row],
        responses=report_responses(report),
        dependencies=[Depends(reader), Depends(strict_query(model))],
    )


def _add_explanation(router: APIRouter, desk: Desk, report: Report[Any, Any], reader: Any) -> None:
    model = explain_query(report)

    async def endpoint(
        request: Request,
        runtime: RuntimeDep,
        caller: Any,
        asked: Any,
        minimum: MinDataVersion = None,
    ) -> Response:
        least = least_versions(request, minimum)
        return await answer_explanation(request, runtime, desk, report, asked, caller, least)

    endpoint.__annotations__["caller"] = Annotated[Caller, Depends(reader)]
    endpoint.__annotations__["asked"] = Annotated[model, Query()]
    router.add_api_route(
        f"/{report.name}/explain",
        endpoint,
        methods=["GET"],
        operation_id=f"{desk.name}_{report.snake}_explain",
        summary=f"Why a figure of “{report.title}” is what it is",
        description="Value, rule and version, threshold and inputs of one figure of the report.",
        response_model=Explanation,
        responses=explain_responses(report),
        dependencies=[Depends(reader), Depends(strict_query(model))],
    )


async def _answer(
    request: Request,
    runtime: Runtime,
    desk: Desk,
    report: Report[Any, Any],
    asked: Any,
    caller: Caller,
    least: Mapping[str, int] | None,
) -> Response:
    kinds = {"json": JSON_MEDIA_TYPE} | {name: made.media_type for name, made in formatters(report).items()}
    name = chosen_format(asked.format, request.headers.get("accept"), kinds)
    params, style = taken_out(asked, report.params), style_of(asked)
    if streams(report, name):
        large = await large_answer(
            runtime, desk, report, params, caller, name=name, style=style, minimum=least
        )
        if large is not None:
            return large
    result = await run_report(runtime, desk, report, params, caller, format=name, style=style, minimum=least)
    await desk.note(runtime.database, caller, f"{report.snake}.read", result.answer.subjects)
    if report.lifetime.total_seconds() > 0 and desk.subjects is None:
        request.scope["state"]["cache_entry"] = _cache_entry(runtime, result, caller)
    headers = _headers(request, result, kinds)
    if name == "json":
        return Response(result.answer.body, headers=headers, media_type=JSON_MEDIA_TYPE)
    view = await runtime.compute.in_thread(result.view)
    headers |= completeness_headers(result.answer.complete, reasons_of(view.answer["meta"]))
    if len(view.rows) > MOST_HELD:
        pieces = iterate_in_threadpool(iter(result.pieces(view)))
        return StreamingResponse(pieces, headers=headers, media_type=result.media_type)
    body = await runtime.compute.in_thread(lambda: b"".join(result.pieces(view)))
    return Response(body, headers=headers, media_type=result.media_type)


def _cache_entry(runtime: Runtime, result: RenderedReport, caller: Caller) -> CacheEntry:
    ends = [result.answer.expires_at] if result.answer.expires_at is not None else []
    if result.question.by_clock:
        ends.append(quarter_hour_after(result.question.context.now))
    return CacheEntry(
        scopes=result.question.scopes,
        versions=result.answer.versions,
        ttl=min(result.question.report.lifetime, timedelta(seconds=runtime.settings.cache.ttl)),
        visibility=caller.visibility,
        expires_at=min(ends, default=None),
    )


def _headers(request: Request, result: RenderedReport, kinds: dict[str, str]) -> dict[str, str]:
    report = result.question.report
    kept = report.lifetime.total_seconds() > 0 and report.whom is None
    headers = {
        **result.headers,
        "Cache-Control": "private, no-cache" if kept else "no-store",
        "Data-Version": result.answer.data_version,
        "Vary": "Accept, Authorization, Cookie",
        "Link": _alternates(request, result.format, kinds),
    }
    if result.attachment:
        headers["Content-Disposition"] = f'attachment; filename="{result.filename}"'
    return headers


def _alternates(request: Request, given: str, kinds: dict[str, str]) -> str:
    links = [
        f'<{request.url.path}?{request.url.include_query_params(format=name).query}>; rel="alternate"; '
        f'type="{kind.partition(";")[0]}"'
        for name, kind in kinds.items()
        if name != given
    ]
    return ", ".join(links)
