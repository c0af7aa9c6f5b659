"""`POST /v1/<desk>/reports/<name>/exports`: a report as a file, written by a run."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.errors import NotFound, near_matches
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.reporting.answer import question_of
from service.reporting.desk import Desk
from service.reporting.exports import checked_params, job_name
from service.reporting.filenames import file_stem
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.report import Report
from service.reporting.runs import run_of
from service.reporting.seals import params_of
from service.schemas.envelope import Ask, Run
from service.schemas.exports import ExportAsk, ExportParams

_EXAMPLE: dict[str, Any] = {
    "id": "6f0e4a0c-9d0c-4b7e-8c38-0c1c1d3a5f20",
    "job": "attendance.export",
    "scope": "attendance.export/4f1c2a9be07d3351",
    "state": "queued",
    "params": {"report": "monthly-sheet", "format": "xlsx", "params": {"month": "2026-10"}, "locale": "es"},
    "requested_by": "key:ab12cd34",
    "created_at": "2026-11-01T06:30:00Z",
}


def export_routes(desk: Desk) -> APIRouter:
    """The one route of a desk; whoever reads its reports may export them."""
    router = APIRouter(prefix=f"/v1/{desk.name}/reports", tags=[desk.name])

    async def endpoint(
        request: Request,
        runtime: RuntimeDep,
        caller: Annotated[Caller, Depends(needs())],
        report: str,
        asked: ExportAsk,
    ) -> Response:
        chosen = _report(desk, report, caller)

        async def start(conn: WriteConnection) -> Answered:
            params = await _params(conn, runtime, desk, chosen, asked, caller)
            row = await runtime.tasks.start(job_name(desk.name), params, caller.id, conn)
            return Answered(run_of(row), 202, {"Location": f"/v1/runs/{row.id}"})

        async def still(conn: WriteConnection, _: Response) -> bool:
            if desk.subjects is not None:  # a kept answer is not for who may see its subjects no more
                await _params(conn, runtime, desk, chosen, asked, caller)
            return True

        return await write_once(runtime.database, request, caller.id, start, still=still)

    router.add_api_route(
        "/{report}/exports",
        endpoint,
        methods=["POST"],
        operation_id=f"{desk.name}_export",
        summary="Write a report as a file, in the background",
        description="Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.",
        status_code=202,
        response_model=Run,
        responses={
            **problem_responses(400, 401, 403, 404, 409, 422, 503),
            202: {"content": {"application/json": {"example": _EXAMPLE}}},
        },
        dependencies=[Depends(strict_query(Ask))],
    )
    return router


def _report(desk: Desk, name: str, caller: Caller) -> Report[Any, Any]:
    report = desk.report(name)
    caller.require(desk.reads if report is None else desk.reads_of(report))
    if report is None:
        near = near_matches(name, [one.name for one in desk.reports])
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise NotFound(f"there is no report {name!r}{hint}")
    return report


async def _params(
    conn: WriteConnection,
    runtime: Runtime,
    desk: Desk,
    report: Report[Any, Any],
    asked: ExportAsk,
    caller: Caller,
) -> ExportParams:
    """What the job is told: parameters as they are now (yesterday's month), and what the caller may see.

    Raises as `checked_params`.
    """
    params = await checked_params(conn, runtime.settings, desk, report, asked, caller)
    question = question_of(runtime, desk.name, report, params, caller)
    return ExportParams(
        **{**asked.model_dump(), "params": params_of(question.params)},
        report=report.name,
        caller=caller.id,
        sites=None if caller.sites is None else sorted(caller.sites),
        stem=file_stem(question)[:120],
    )
