"""`/v1/performance/profile` and `/v1/performance/slow-requests`: where the time goes."""

import re
import time
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.core.auth import needs
from service.core.inbound import RuntimeDep
from service.core.pages import csp_hash
from service.core.telemetry.slow import KEPT
from service.monitoring.monitor import Monitor
from service.monitoring.profiler.profiling import as_html, as_speedscope
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.profiler import (
    ProfilerAsk,
    SlowRequest,
    SlowRequestListing,
    SpeedscopeProfile,
)

router = APIRouter(prefix="/v1/performance", tags=["monitoring"], dependencies=[Depends(needs("admin"))])

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_OFFERED: Final = {"html": "text/html; charset=utf-8", "speedscope": "application/json"}
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_PROFILE: Final[dict[str, Any]] = {
    "name": "muster",
    "exporter": "pyinstrument",
    "profiles": [{"type": "evented", "name": "muster", "unit": "seconds", "startValue": 0, "events": []}],
    "shared": {"frames": [{"name": "build", "file": "service/reporting/answer.py", "line": 158}]},
}
_SLOW: Final[dict[str, Any]] = {
    "at": "2026-11-01T06:30:00Z",
    "request_id": "4f1c2a9be07d3351",
    "route": "/v1/attendance/reports/detail",
    "method": "GET",
    "status": 200,
    "ms": 811.2,
    "spent_ms": {"pool": 0.4, "db": 640.9, "report": 702.0, "build": 715.3},
    "counts": {"pool": 1, "db": 25, "report": 1, "build": 1},
    "statements": [{"fingerprint": "9f1c4be2a9c04e3b", "times": 4}],
    "cache": "miss",
}


@router.post(
    "/profile",
    operation_id="monitoring_profile",
    summary="Where this process spends its time",
    description="Samples the event loop's thread, and the work that begins in the compute threads, for "
    "`seconds`; then answers a page or a file for speedscope. Functions, files and lines, never values.",
    response_model=SpeedscopeProfile,
    responses={
        **problem_responses(401, 403, 406, 409, 422),
        200: {
            "content": {
                "application/json": {"example": _PROFILE},
                "text/html": {"schema": {"type": "string"}},
            }
        },
    },
    dependencies=[Depends(strict_query(ProfilerAsk))],
)
async def take_profile(
    request: Request, runtime: RuntimeDep, asked: Annotated[ProfilerAsk, Query()]
) -> Response:
    name = chosen_format(asked.format, request.headers.get("accept"), _OFFERED)
    started = time.perf_counter()
    session = await _monitor(request).profiling.profile(asked.seconds)
    request.scope["state"]["waited"] = time.perf_counter() - started
    rendered = await runtime.compute.in_thread(as_html if name == "html" else as_speedscope, session)
    if name == "html":
        headers = {**_HEADERS, "Content-Security-Policy": _policy(rendered)}
    else:
        headers = {**_HEADERS, "Content-Disposition": 'attachment; filename="muster.speedscope.json"'}
    return Response(rendered, headers=headers, media_type=_OFFERED[name])


@router.get(
    "/slow-requests",
    operation_id="monitoring_slow_requests",
    summary="The latest requests that took long",
    description=f"Newest first, the last {KEPT} of each process; from `MONITORING__SLOW_REQUEST` seconds on.",
    response_model=SlowRequestListing,
    responses={
        **problem_responses(401, 403, 422),
        200: {
            "content": {
                "application/json": {"example": {"threshold_ms": 500.0, "kept": KEPT, "items": [_SLOW]}}
            }
        },
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def list_slow_requests(request: Request, runtime: RuntimeDep) -> Response:
    found = (await _monitor(request).counted("slow_requests"))["slow_requests"]
    listing = SlowRequestListing(
        threshold_ms=runtime.settings.monitoring.slow_request * 1000,
        kept=KEPT,
        items=[SlowRequest.model_validate(one) for one in found],
    )
    return Response(listing.model_dump_json(), headers=_HEADERS, media_type="application/json")


def _monitor(request: Request) -> Monitor:
    monitor: Monitor = request.app.state.monitor
    return monitor


def _policy(page: str) -> str:
    """Only the page's own scripts, no network, and an origin of its own (`sandbox`): no cookie is near.

    Without a network the page's fonts are the reader's own.
    """
    scripts = " ".join(csp_hash(script) for script in _SCRIPT.findall(page))
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
    )
