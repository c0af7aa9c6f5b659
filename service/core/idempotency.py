"""`Idempotency-Key`: a write that is repeated has one effect and one answer.

The answer is stored in the transaction of the effect, so a crash between commit and answer loses nothing.
Scope = caller + route + key. Same body: the stored answer, marked `Idempotency-Replayed: true`; other body:
422 `idempotency_key_reused`; first one still running: 409 `idempotency_key_in_flight`. Answers of 5xx and
those that the caller should simply try again are not kept. Where who may see something changes, a route says
with `still` whether a stored answer may be given again.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import orjson
from pydantic import BaseModel
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from starlette.requests import Request
from starlette.responses import Response

from service.core.auth import Audited
from service.core.database import Database, WriteConnection
from service.core.errors import BadRequest, Conflict, Invalid, ServiceError, problem_response
from service.core.models import IdempotencyKey

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
# Answers that say "try again" or depend on who asks: the next attempt decides anew. So do refusals that are
# audited, each time they happen.
NOT_FROZEN: Final = frozenset({401, 403, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answered:
    """What a write answers: a model (or JSON value), its status and headers."""

    content: BaseModel | Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The HTTP answer."""
        return Response(self.body(), self.status, headers=dict(self.headers), media_type="application/json")

    def body(self) -> bytes:
        """The JSON bytes."""
        if isinstance(self.content, BaseModel):
            return self.content.model_dump_json(by_alias=True).encode()
        return orjson.dumps(self.content)


Effect = Callable[[WriteConnection], Awaitable[Answered]]
Still = Callable[[WriteConnection, Response], Awaitable[bool]]
"""Whether a stored answer may be given again; False: the request is decided anew. It raises to refuse."""


async def write_once(
    database: Database,
    request: Request,
    caller_id: str,
    effect: Effect,
    *,
    digest: bytes | None = None,
    still: Still | None = None,
) -> Response:
    """Run `effect` in one write transaction, at most once per key, and answer.

    `digest` stands for a body that was read as a stream already; `still` judges a stored answer before it is
    given again (None: it always is).

    Without the header the effect simply runs. A `ServiceError` of the effect undoes the effect and, where
    the same request would meet it again (4xx), is itself the answer that is kept.
    """
    key = _offered_key(request)
    if key is None:
        async with database.write() as conn:
            answered = await effect(conn)
        return answered.response()
    claim = _Claim(caller_id, _route(request), key, await _body_hash(request, digest))
    async with database.write() as conn:
        await _claim(conn, claim)
        stored = await _stored(conn, claim)
        if stored is not None and (still is None or await still(conn, stored)):
            return stored
        response = await _effect_or_refusal(conn, effect, request.url.path)
        await _store(conn, claim, response)
    return response


async def forget_old_keys(conn: WriteConnection, older_than: timedelta = KEPT) -> int:
    """Remove keys past their time; the number removed."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < func.now() - older_than)
    return (await conn.execute(old)).rowcount


async def forget_keys_of(conn: WriteConnection, caller_id: str) -> None:
    """Forget the stored answers of a caller: what they said of themselves stands in them."""
    await conn.execute(delete(IdempotencyKey).where(IdempotencyKey.caller == caller_id))


@dataclass(frozen=True, slots=True)
class _Claim:
    caller: str
    route: str
    key: str
    body_hash: bytes

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(orjson.dumps([self.caller, self.route, self.key])).digest()


def _offered_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        detail = f"an Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters"
        raise BadRequest(detail, code="bad_idempotency_key")
    return key


def _route(request: Request) -> str:
    # The path, not the template: a key used for another resource is another request.
    return f"{request.method} {request.url.path}"


async def _body_hash(request: Request, of_body: bytes | None) -> bytes:
    digest = hashlib.sha256(request.url.query.encode())
    digest.update(b"\0")
    digest.update(await request.body() if of_body is None else of_body)
    return digest.digest()


async def _claim(conn: WriteConnection, claim: _Claim) -> None:
    """Hold the key until the transaction ends; raises `Conflict` when another request holds it."""
    number = int.from_bytes(claim.key_hash[:8], "big", signed=True)
    held = await conn.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number})
    if not held.scalar_one():
        detail = "the first request with this Idempotency-Key is still being answered; try again shortly"
        raise Conflict(detail, code="idempotency_key_in_flight", headers={"Retry-After": "1"})


async def _stored(conn: WriteConnection, claim: _Claim) -> Response | None:
    table = IdempotencyKey
    known = select(table.body_hash, table.status, table.headers, table.body).where(
        table.key_hash == claim.key_hash, table.created_at >= func.now() - KEPT
    )
    row = (await conn.execute(known)).one_or_none()
    if row is None:
        return None
    if row.body_hash != claim.body_hash:
        detail = "this Idempotency-Key was used for another request; use a new key for a new request"
        raise Invalid(detail, code="idempotency_key_reused")
    headers = {**row.headers, "Idempotency-Replayed": "true"}
    return Response(row.body, row.status, headers=headers)


async def _effect_or_refusal(conn: WriteConnection, effect: Effect, instance: str) -> Response:
    try:
        async with conn.begin_nested():
            answered = await effect(conn)
    except ServiceError as error:
        if error.status >= 500 or error.status in NOT_FROZEN or isinstance(error, Audited):
            raise
        return problem_response(error, instance)
    return answered.response()


async def _store(conn: WriteConnection, claim: _Claim, response: Response) -> None:
    kept = {
        "caller": claim.caller,
        "route": claim.route,
        "body_hash": claim.body_hash,
        "state": "finished",
        "status": response.status_code,
        "headers": {name: value for name, value in response.headers.items() if name != "content-length"},
        "body": bytes(response.body),
        "created_at": func.now(),
        "finished_at": func.now(),
    }
    row = insert(IdempotencyKey).values(key_hash=claim.key_hash, **kept)
    await conn.execute(row.on_conflict_do_update(index_elements=["key_hash"], set_=kept))
