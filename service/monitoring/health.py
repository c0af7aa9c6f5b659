"""Is it alive, is it ready, and what do its parts say."""

import asyncio
import time
from typing import Final

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from service.core.auth import needs
from service.core.database import AWAY
from service.core.errors import Unavailable
from service.core.migrations import VERSION_SCHEMA, configuration
from service.core.runtime import Runtime
from service.monitoring.metrics.plain import text as text_of
from service.monitoring.monitor import Monitor
from service.reporting.openapi import problem_responses
from service.schemas.envelope import Alive, Ready

router = APIRouter(tags=["health"])

READY_SECONDS: Final = 1.0
"""One look a second, whatever the number of probes."""
ANSWER_WITHIN: Final = 1.0
_HEADERS: Final = {"Cache-Control": "no-store"}
# A table that is not there yet is an unready database as well: its query fails.
_LOOK: Final = text(f"SELECT version_num FROM {VERSION_SCHEMA}.alembic_version")  # noqa: S608  our own word


@router.get("/livez", operation_id="health_live", response_model=Alive, responses=problem_responses(503))
async def live(request: Request) -> Response:
    """Whether the event loop turns in time; touches nothing else."""
    monitor: Monitor | None = getattr(request.app.state, "monitor", None)
    if monitor is not None and monitor.loop_lag > monitor.runtime.settings.monitoring.lag_bound:
        raise Unavailable(f"the event loop is {monitor.loop_lag:.1f} s late", code="event_loop_late")
    return _ok()


@router.get("/readyz", operation_id="health_ready", response_model=Ready, responses=problem_responses(503))
@router.get("/health", operation_id="health_status", response_model=Ready, responses=problem_responses(503))
async def ready(request: Request) -> Response:
    """Whether the database answers within a second, its schema is the newest and we are not stopping."""
    readiness = getattr(request.app.state, "readiness", None)
    if readiness is None:
        readiness = request.app.state.readiness = Readiness()
    reason = await readiness.reason(getattr(request.app.state, "runtime", None))
    if reason is not None:
        raise Unavailable(reason, code="not_ready")
    return _ok()


@router.get(
    "/metrics",
    operation_id="health_metrics",
    include_in_schema=False,
    dependencies=[Depends(needs("health:detail"))],
)
async def metrics(request: Request) -> Response:
    """Prometheus's text format, of all workers together whichever is asked."""
    monitor: Monitor = request.app.state.monitor
    families = (await monitor.counted("metrics"))["metrics"]
    return Response(text_of(families), headers=_HEADERS, media_type=CONTENT_TYPE_LATEST)


def is_draining(app: FastAPI) -> bool:
    """Whether this process was told to stop."""
    readiness = getattr(app.state, "readiness", None)
    return isinstance(readiness, Readiness) and readiness.draining


class Readiness:
    """What the last look found, for a second; `draining` once this process is told to stop."""

    def __init__(self) -> None:
        self.draining = False
        self._head: str | None = None
        self._until = float("-inf")
        self._found: str | None = None
        self._looking = asyncio.Lock()

    async def reason(self, runtime: Runtime | None) -> str | None:
        """Why this process is not ready; None when it is."""
        if self.draining:
            return "the service is stopping"
        if runtime is None:
            return "the service is starting"
        async with self._looking:  # who comes meanwhile hears the same answer
            if time.monotonic() >= self._until:
                self._found = await self._look(runtime)
                self._until = time.monotonic() + READY_SECONDS
        return self._found

    async def _look(self, runtime: Runtime) -> str | None:
        if self._head is None:
            # The files of this version do not change while it runs; reading them takes some milliseconds.
            self._head = await runtime.compute.in_thread(_newest_revision)
        try:
            async with asyncio.timeout(ANSWER_WITHIN), runtime.database.read() as conn:
                there = (await conn.execute(_LOOK)).scalar_one_or_none()
        except AWAY:
            return "the database does not answer"
        return None if there == self._head else "the database's schema is not this version's"


def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def _ok() -> Response:
    return Response(b'{"status":"ok"}', headers=_HEADERS, media_type="application/json")
