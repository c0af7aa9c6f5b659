"""`/v1/performance/memory` and `/v1/performance/tracemalloc`: what this process holds, and where from."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.core.auth import needs
from service.monitoring.memory.report import Memory, tracing_of
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.memory import AllocationAsk, AllocationTracing, MemoryReport

router = APIRouter(
    prefix="/v1/performance",
    tags=["monitoring"],
    dependencies=[Depends(needs("admin")), Depends(strict_query(Ask))],
)

_SITE: Final = {
    "file": "service/attendance/reports/detail.py",
    "line": 118,
    "size_bytes": 1843200,
    "growth_bytes": 1228800,
    "count": 3600,
    "count_growth": 2400,
}
_TRACING: Final[dict[str, Any]] = {
    "process": 4711,
    "tracing": True,
    "frames": 1,
    "ends_at": "2026-11-01T06:31:00Z",
    "compared_at": "2026-11-01T06:30:30Z",
    "compared_with": "2026-11-01T06:30:00Z",
    "traced_bytes": 9210441,
    "growing": [_SITE],
}
_TREND: Final = {"unit": "MiB/h", "per_hour": 0.4, "error": 0.2, "samples": 360, "window_seconds": 3590}
_CLEAN_UP: Final = {
    "at": "2026-11-01T06:00:00Z",
    "because": "schedule",
    "entries_forgotten": 12,
    "objects_collected": 804,
    "freed_bytes": 6291456,
    "rss_bytes": 188743680,
    "seconds": 0.14,
}
_PAUSES: Final = {"pauses": 9123, "pause_seconds": 1.9, "longest_pause_seconds": 0.002}
_COLLECTED: Final = {"threshold": 700, "collections": 9123, "collected": 50110, "uncollectable": 0}
EXAMPLE: Final[dict[str, Any]] = {
    "process": 4711,
    "rss_bytes": 188743680,
    "threshold_bytes": 524288000,
    "heap_blocks": 1204411,
    "cache_bytes": 20971520,
    "trend": _TREND,
    "heap_trend": {**_TREND, "unit": "blocks/h", "per_hour": 310.0},
    "leak": {
        "suspected": False,
        "because": "0.4 MiB/h is not above 5.0 MiB/h for certain",
        "bound_mib_per_hour": 5.0,
        "growing": [],
        "advice": None,
    },
    "gc": [{"generation": 0, **_COLLECTED, **_PAUSES}],
    "clean_ups": {"every_seconds": 3600, "times": 3, "freed_bytes": 18874368, "last": _CLEAN_UP},
    "tracing": {**_TRACING, "tracing": False, "frames": None, "ends_at": None, "growing": []},
    "points": [{"at": "2026-11-01T06:30:00Z", "rss_bytes": 188743680, "heap_blocks": 1204411}],
}


@router.get(
    "/memory",
    operation_id="monitoring_memory",
    summary="What this process holds, and how that goes",
    description="RSS and Python's heap over the last hour, their slope, collections and clean-ups.",
    response_model=MemoryReport,
    responses={
        **problem_responses(401, 403, 422),
        200: {"content": {"application/json": {"example": EXAMPLE}}},
    },
)
async def get_memory(request: Request) -> Response:
    return _json(_memory(request).report())


@router.post(
    "/tracemalloc",
    operation_id="monitoring_tracemalloc",
    summary="Trace where this process allocates memory, for a while",
    description="`start` traces for `seconds` and then stops by itself; `snapshot` says what grew since the "
    "one before; `stop` says that once more and ends it. Tracing makes allocating about twice as dear.",
    response_model=AllocationTracing,
    responses={
        **problem_responses(401, 403, 409, 422),
        200: {"content": {"application/json": {"example": _TRACING}}},
    },
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"action": "start", "seconds": 60, "frames": 1}}}
        }
    },
)
async def trace_allocations(request: Request, asked: Annotated[AllocationAsk, Body()]) -> Response:
    tracing = _memory(request).tracing
    if asked.action == "start":
        await tracing.start(frames=asked.frames, seconds=asked.seconds)
    elif asked.action == "snapshot":
        await tracing.compare()
    else:
        await tracing.stop()
    return _json(tracing_of(tracing))


def _memory(request: Request) -> Memory:
    memory: Memory = request.app.state.monitor.memory
    return memory


def _json(model: BaseModel) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(model.model_dump_json(), headers=headers, media_type="application/json")
