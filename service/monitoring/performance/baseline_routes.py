"""`/v1/baselines`: performance reports that somebody keeps, to compare later ones with."""

from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.access import audit
from service.core.auth import needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, NotFound
from service.core.idempotency import Answered, write_once
from service.core.inbound import CallerDep, RuntimeDep
from service.core.paging import Cursors, Paging, count_up_to, next_link
from service.monitoring.performance import baselines, examples
from service.monitoring.performance.routes import report_of
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask, Listing
from service.schemas.monitoring.performance import Baseline, BaselineAsk, BaselinesAsk, KeptBaseline

router = APIRouter(prefix="/v1/baselines", tags=["monitoring"], dependencies=[Depends(needs("admin"))])

MOST: Final = 500
"""Baselines kept; each is some 100 kB."""
_HEADERS: Final = {"Cache-Control": "no-store"}


@router.post(
    "",
    operation_id="monitoring_keep_baseline",
    summary="Keep the performance report of now",
    description="Under a name of its own; `GET /v1/performance-report?baseline=<name>` compares with it.",
    status_code=201,
    response_model=Baseline,
    responses={
        **problem_responses(400, 401, 403, 409, 422, 503),
        201: examples.shown(examples.BASELINE),
    },
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.BASELINE_ASK}}}},
)
async def keep_baseline(
    request: Request, runtime: RuntimeDep, caller: CallerDep, asked: BaselineAsk
) -> Response:
    report = await report_of(request)

    async def effect(conn: WriteConnection) -> Answered:
        if await baselines.count_baselines(conn) >= MOST:
            raise Conflict(f"{MOST} baselines are kept; delete one first", code="too_many_baselines")
        values = {"id": uuid4(), "name": asked.name, "note": asked.note, "created_by": caller.id}
        row = await baselines.insert_baseline(conn, {**values, "report": report.model_dump(mode="json")})
        if row is None:
            raise Conflict(f"there is a baseline {asked.name!r} already", code="baseline_exists")
        await audit.record(conn, caller, "baseline.kept", f"baseline:{row.id}", after={"name": row.name})
        return Answered(_shown(row), 201, {**_HEADERS, "Location": f"/v1/baselines/{row.id}"})

    return await write_once(runtime.database, request, caller.id, effect)


@router.get(
    "",
    operation_id="monitoring_baselines",
    summary="The reports that are kept, newest first",
    response_model=Listing[Baseline],
    responses={
        **problem_responses(400, 401, 403, 410, 422, 503),
        200: examples.shown(examples.BASELINES),
    },
    dependencies=[Depends(strict_query(BaselinesAsk))],
)
async def list_baselines(
    request: Request, runtime: RuntimeDep, asked: Annotated[BaselinesAsk, Query()]
) -> Response:
    paging = Paging(Cursors.of(runtime.settings), asked, "monitoring.baselines", baselines.NEWEST_FIRST)
    statement = baselines.all_baselines()
    async with runtime.database.snapshot() as conn:
        rows = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
    found, page = paging.page(rows, total)
    listing = Listing[Baseline](items=[_shown(row) for row in found], page=page)
    return _json(listing, next_link(str(request.url), page.next))


@router.get(
    "/{baseline_id}",
    operation_id="monitoring_baseline",
    summary="A report that is kept",
    response_model=KeptBaseline,
    responses={
        **problem_responses(401, 403, 404, 422, 503),
        200: examples.shown(examples.KEPT_BASELINE),
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def get_baseline(baseline_id: str, runtime: RuntimeDep) -> Response:
    async with runtime.database.read() as conn:
        row = await _found(conn, baseline_id)
    return _json(KeptBaseline(**_shown(row).model_dump(), report=row.report))


@router.delete(
    "/{baseline_id}",
    operation_id="monitoring_delete_baseline",
    summary="Forget a report that is kept",
    description="Answers what it was; a second time there is none.",
    response_model=Baseline,
    responses={
        **problem_responses(400, 401, 403, 404, 409, 422, 503),
        200: examples.shown(examples.BASELINE),
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def delete_baseline(
    baseline_id: str, request: Request, runtime: RuntimeDep, caller: CallerDep
) -> Response:
    async def effect(conn: WriteConnection) -> Answered:
        row = await _found(conn, baseline_id)
        await baselines.delete_baseline(conn, row.id)
        await audit.record(conn, caller, "baseline.removed", f"baseline:{row.id}", before={"name": row.name})
        return Answered(_shown(row), headers=_HEADERS)

    return await write_once(runtime.database, request, caller.id, effect)


async def _found(conn: ReadConnection, baseline_id: str) -> Any:
    row = await baselines.find_baseline(conn, baseline_id)
    if row is None:
        raise NotFound(f"there is no baseline {baseline_id!r}")
    return row


def _shown(row: Any) -> Baseline:
    return Baseline(
        id=str(row.id),
        name=row.name,
        note=row.note,
        created_by=row.created_by,
        created_at=row.created_at,
        requests=row.requests,
    )


def _json(model: BaseModel, headers: dict[str, str] | None = None) -> Response:
    body = model.model_dump_json(by_alias=True)
    return Response(body, headers={**_HEADERS, **(headers or {})}, media_type="application/json")
