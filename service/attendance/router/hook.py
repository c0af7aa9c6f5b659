"""The webhook hint: the upstream says that something changed, and the next sync run starts at once."""

import base64
import hashlib
import hmac
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.attendance.router import examples
from service.attendance.router.documented import PREFIX, TAGS
from service.core import queries
from service.core.auth import client_address
from service.core.errors import Conflict, NotAuthenticated, NotFound
from service.core.idempotency import Answered
from service.core.inbound import RuntimeDep
from service.core.problems import PayloadTooLarge
from service.core.runtime import Runtime
from service.reporting.route_responses import accepted_responses
from service.schemas.attendance import HookAccepted

LARGEST: Final = 1024 * 1024
"""Bytes of a hook's body at most: one document, and only its signature matters here."""
HEADER: Final = "X-Frappe-Webhook-Signature"
JOB: Final = "attendance.sync"

router = APIRouter(prefix=PREFIX, tags=TAGS)


@router.post(
    "/hooks/upstream",
    operation_id="attendance_upstream_hook",
    summary="Webhook of the upstream: something changed",
    status_code=202,
    response_model=HookAccepted,
    responses=accepted_responses(examples.HOOK, 401, 404, 429, 503),
    openapi_extra={
        "security": [],
        "parameters": [
            {
                "name": HEADER,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": "Base64 of the HMAC-SHA256 of the body under the webhook's secret.",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary"},
                    "example": '{"doctype": "Employee Checkin", "name": "EMP-CKIN-10-2026-048211"}',
                }
            },
        },
    },
)
async def upstream_hook(request: Request, runtime: RuntimeDep) -> Response:
    """Starts an incremental sync, or names the run under way. The body is a hint: what changed is read anew.

    Its only credential is the signature. Without `MUSTER_UPSTREAM__FRAPPE__HOOK_SECRET` there is no hook.
    """
    secret = runtime.settings.upstream.frappe.hook_secret
    if secret is None:
        raise NotFound("no webhook secret is set here: MUSTER_UPSTREAM__FRAPPE__HOOK_SECRET")
    await _verify(request, runtime, secret.get_secret_value())
    run, started = await _started_or_active(runtime)
    accepted = HookAccepted(run=str(run.id), started=started)
    return Answered(accepted, 202, {"Location": f"/v1/runs/{run.id}"}).response()


def signature(secret: str, body: bytes) -> str:
    """What Frappe sends with a webhook's body: base64 of its HMAC-SHA256 under the secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


async def _verify(request: Request, runtime: Runtime, secret: str) -> None:
    """Raises `NotAuthenticated` for a body that was not signed with the secret; guesses are limited."""
    body = await _body(request)
    sent = request.headers.get(HEADER, "")
    if hmac.compare_digest(signature(secret, body).encode(), sent.encode("utf-8", "replace")):
        return
    address = client_address(request.scope)
    runtime.authenticator.check_guesses(address)
    runtime.authenticator.count_guess(address)
    raise NotAuthenticated(f"{HEADER} does not fit the body: is the secret the same on both sides?")


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise PayloadTooLarge(f"a hook's body has at most {LARGEST} bytes")
        parts.append(part)
    return b"".join(parts)


async def _started_or_active(runtime: Runtime) -> tuple[Any, bool]:
    """The run that will see the change, and whether it was started for it."""
    job = runtime.tasks.jobs[JOB]
    params = {"mode": "incremental"}
    for last in (False, True):
        try:
            return await runtime.tasks.start(JOB, params, "hook"), True
        except Conflict:
            # The run in the way may have ended meanwhile: then start one after all.
            async with runtime.database.read() as conn:
                active = await queries.select_active_run(
                    conn, job.scope_of(job.params.model_validate(params))
                )
            if active is not None:
                # It may have read the check-ins already: one more run follows it.
                runtime.tasks.start_soon(JOB, params, "hook")
                return active, False
            if last:
                raise
    raise AssertionError
