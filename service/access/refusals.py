"""Writes to the audit who asked for a site that is not theirs (spec G-N-99)."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from service.access import audit
from service.core.auth import SiteNotAllowed
from service.core.database import AWAY, Database
from service.core.errors import problem_response
from service.core.telemetry import get_logger

log = get_logger("service.access")


async def audit_refusal(database: Database, error: SiteNotAllowed, path: str) -> None:
    """Record one refused request; a failing database does not turn the refusal into anything else."""
    try:
        async with database.write() as conn:
            asked = {"site": _storable(error.site), "path": _storable(path)}
            await audit.record(conn, error.caller, error.code, error.caller.id, after=asked)
    except AWAY as failure:
        log.error("a refusal could not be audited", caller=error.caller.id, error=type(failure).__name__)


def _storable(text: str) -> str:
    """What PostgreSQL can keep of a text somebody sent: no NUL, no lone surrogate, no novel."""
    return text[:500].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


async def _site_not_allowed(request: Request, error: SiteNotAllowed) -> Response:
    await audit_refusal(request.app.state.runtime.database, error, request.url.path)
    return problem_response(error, request.url.path)


def install(app: FastAPI) -> None:
    """Register the handler; as the more special one it goes before the general handler of errors."""
    handler: Any = _site_not_allowed
    app.add_exception_handler(SiteNotAllowed, handler)
