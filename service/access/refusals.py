"""Writes to the audit who was refused what: a site (spec G-N-99), a child they may not see."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from service.access import audit
from service.core.auth import Audited, SiteNotAllowed
from service.core.database import AWAY, Database
from service.core.errors import problem_response
from service.core.telemetry import get_logger

log = get_logger("service.access")


async def audit_refusal(database: Database, error: Audited, path: str) -> None:
    """Record one refused request; a failing database does not turn the refusal into anything else."""
    asked = {"path": _storable(path)}
    if isinstance(error, SiteNotAllowed):
        asked["site"] = _storable(error.site)
    try:
        async with database.write() as conn:
            await audit.record(
                conn,
                error.caller,
                error.what,
                error.subject,
                after=asked,
                child_id=error.child_id,
                deny_code=error.deny_code,
            )
    except AWAY as failure:
        log.error("a refusal could not be audited", caller=error.caller.id, error=type(failure).__name__)


def _storable(text: str) -> str:
    """What PostgreSQL can keep of a text somebody sent: no NUL, no lone surrogate, no novel."""
    return text[:500].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


async def _refused(request: Request, error: Audited) -> Response:
    await audit_refusal(request.app.state.runtime.database, error, request.url.path)
    return problem_response(error, request.url.path)


def install(app: FastAPI) -> None:
    """Register the handler; as the more special one it goes before the general handler of errors."""
    handler: Any = _refused
    app.add_exception_handler(Audited, handler)
