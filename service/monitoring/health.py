"""Is it alive, is it ready, and what do its parts say."""

import asyncio
import time
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.core.auth import needs
from service.core.errors import Unavailable
from service.core.inbound import RuntimeDep
from service.core.migrations import is_current
from service.core.runtime import Runtime
from service.core.telemetry import REGISTRY
from service.schemas.envelope import Wire

router = APIRouter(tags=["health"])

# One look a second, whatever the number of probes.
_READY_SECONDS = 1.0
_ANSWER_WITHIN = 1.0


class Alive(Wire):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Wire):
    """The process can do its work: the database answers and has the newest schema."""

    status: Literal["ok"] = "ok"


@router.get("/livez", operation_id="health_live", response_model=Alive)
async def live() -> Response:
    """Whether the event loop turns; touches nothing else."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get("/readyz", operation_id="health_ready", response_model=Ready)
@router.get("/health", operation_id="health_status", response_model=Ready)
async def ready(request: Request) -> Response:
    """Whether the database answers within a second and its schema is the newest."""
    runtime: Runtime | None = getattr(request.app.state, "runtime", None)
    if runtime is None:
        raise Unavailable("the service is starting")
    until, well = getattr(request.app.state, "readiness", (0.0, False))
    if time.monotonic() >= until:
        well = await _answers(runtime)
        request.app.state.readiness = (time.monotonic() + _READY_SECONDS, well)
    if not well:
        raise Unavailable("the database does not answer, or its schema is not the newest")
    return Response(b'{"status":"ok"}', media_type="application/json")


async def _answers(runtime: Runtime) -> bool:
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            async with runtime.database.read() as conn:
                await conn.execute(text("SELECT 1"))
            return await is_current(runtime.database)
    except (SQLAlchemyError, OSError, TimeoutError):
        return False


@router.get(
    "/metrics", operation_id="health_metrics", include_in_schema=False, dependencies=[Depends(needs("admin"))]
)
async def metrics(_: RuntimeDep) -> Response:
    """Prometheus's text format."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
