"""`/v1/history`: the figures of an installation over an hour, a day or 30 days."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.auth import needs
from service.core.inbound import RuntimeDep, Snapshot
from service.monitoring.history.reading import read_history
from service.monitoring.history.writing import instance_name
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.monitoring.history import History, HistoryAsk

router = APIRouter(prefix="/v1/history", tags=["monitoring"])

_P95: Final = {"name": "p95_ms", "title": "95 % of answers within", "unit": "ms", "rollup": "quantile"}
_EXAMPLE: Final[dict[str, Any]] = {
    "as_of": "2026-11-01T06:30:07Z",
    "range": "1h",
    "resolution_seconds": 10,
    "from": "2026-11-01T06:29:30Z",
    "to": "2026-11-01T06:30:00Z",
    "newest": "2026-11-01T06:29:50Z",
    "instance": "reports-1",
    "figures": [
        {**_P95, "points": [12.5, None, 14.1], "lowest": [12.5, None, 13.0], "highest": [12.5, None, 14.8]}
    ],
    "instances": [{"name": "reports-1", "newest": "2026-11-01T06:29:50Z"}],
    "catalogue": [_P95],
}


@router.get(
    "",
    operation_id="monitoring_history",
    summary="How the service's figures went",
    description="One point per span, oldest first. A span in which nothing was noted is null, never zero.",
    response_model=History,
    responses={
        **problem_responses(401, 403, 422, 503),
        200: {"content": {"application/json": {"example": _EXAMPLE}}},
    },
    dependencies=[Depends(needs("admin")), Depends(strict_query(HistoryAsk))],
)
async def get_history(runtime: RuntimeDep, conn: Snapshot, asked: Annotated[HistoryAsk, Query()]) -> Response:
    history = await read_history(conn, asked, instance_name(runtime.settings.monitoring))
    return Response(
        history.model_dump_json(by_alias=True),
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
