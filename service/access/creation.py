"""`POST /v1/access/keys` under an `Idempotency-Key`, without ever storing the secret it answers.

The stored answer holds the key without its secret. The secret is derived from the service's own secret, the
caller, the idempotency key and the id of the new key, so a replay can show it again and nobody else can.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

import orjson
from starlette.requests import Request
from starlette.responses import Response

from service.access import keys, queries, tokens
from service.access.devices import AdmitDevice
from service.core.auth import Caller
from service.core.database import Database, WriteConnection
from service.core.errors import Conflict
from service.core.idempotency import Answered, write_once
from service.schemas.access import Key, KeyAsk, NewKey


async def create_once(
    database: Database,
    request: Request,
    caller: Caller,
    ask: KeyAsk,
    secrets: Sequence[str],
    known_sites: keys.KnownSites | None,
    *,
    owner: keys.Owner | None = None,
    admit: AdmitDevice | None = None,
) -> Response:
    """Make the key, once per `Idempotency-Key`; 201 with the key and its token.

    `secrets` are the service's secret keys, the first one derives; `known_sites` tells which sites
    there are; `admit` lets the owner of a device pass to its children, or refuses. Raises `Conflict`
    (`secret_gone`) for a replay after the secret it was derived from has been withdrawn.
    """
    offered = request.headers.get("idempotency-key")
    created: list[keys.CreatedKey] = []

    async def effect(conn: WriteConnection) -> Answered:
        def derived(key_id: str) -> str:
            return _derive(secrets[0], caller, offered or "", key_id)

        if owner is not None and admit is not None:
            await admit(conn, caller, owner.child_ids)
        await keys.require_sites(conn, ask.sites, None if ask.unknown_sites_ok else known_sites)
        made = await keys.add_key(
            conn,
            ask.name,
            ask.scopes,
            ask.sites,
            ask.expires_at,
            by=caller,
            secret_for=None if offered is None else derived,
            owner=owner,
        )
        created.append(made)
        return Answered(made.key, 201, {"Location": f"/v1/access/keys/{made.key.id}"})

    response = await write_once(database, request, caller.id, effect)
    if response.status_code != 201:
        return response
    if created:
        return _with_token(response, created[0].token)
    key_id = str(orjson.loads(response.body)["id"])
    guesses = [_derive(secret, caller, offered or "", key_id) for secret in secrets]
    return _with_token(response, str(tokens.KeyToken(key_id, await _right(database, key_id, guesses))))


def _derive(secret: str, caller: Caller, offered: str, key_id: str) -> str:
    context = orjson.dumps(["api key", caller.id, offered, key_id])
    return urlsafe_b64encode(hmac.digest(secret.encode(), context, sha256)).decode().rstrip("=")


async def _right(database: Database, key_id: str, guesses: Sequence[str]) -> str:
    async with database.read() as conn:
        row = await queries.select_bearer(conn, key_id)
    for guess in guesses:
        if row is not None and hmac.compare_digest(tokens.digest(guess), row.secret_hash):
            return guess
    raise Conflict(
        f"the key {key_id} was made, but its secret can no longer be shown; revoke it and make another",
        code="secret_gone",
    )


def _with_token(response: Response, token: str) -> Response:
    key = Key.model_validate_json(bytes(response.body))
    body = NewKey(**key.model_dump(), token=token).model_dump_json(by_alias=True)
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(body, response.status_code, headers={**kept, "Cache-Control": "no-store"})
