"""`/v1/access/token` and what follows: how a program signs a person in, goes on and signs out.

The answers hold secrets, so none is kept for an `Idempotency-Key`; refresh tokens are good once anyway.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.access import account_examples as examples
from service.access import accounts, families
from service.access.answering import NO_STORE, answers, body_example, json, only
from service.access.persons import PersonDep, number
from service.access.signing_in import with_password
from service.core.auth import client_address, unknown_scopes
from service.core.database import WriteConnection
from service.core.errors import BadRequest
from service.core.inbound import RuntimeDep
from service.schemas.people import RefreshAsk, TokenForm, Tokens

router = APIRouter(prefix="/v1/access", tags=["access"])

_FORM = {"application/x-www-form-urlencoded": {"example": {"username": examples.EMAIL, "password": "…"}}}


@router.post(
    "/token",
    dependencies=[only()],
    operation_id="access_token",
    summary="Sign in with a password",
    response_model=Tokens,
    responses=answers(examples.TOKENS, 400),
    openapi_extra={"requestBody": {"content": _FORM}},
)
async def token(asked: Annotated[TokenForm, Form()], request: Request, runtime: RuntimeDep) -> Response:
    """OAuth2 with a password: an access token for minutes and a refresh token for days.

    `scope` limits both to what is named and held. Whatever is wrong, the 401 is the same.
    """
    scopes = _scopes(asked.scope)

    async def then(conn: WriteConnection, who: families.SignedIn) -> Tokens:
        return await families.open_family(conn, runtime.settings, who, scopes)

    issued = await with_password(runtime, asked.username, asked.password, client_address(request.scope), then)
    return json(issued)


@router.post(
    "/refresh",
    dependencies=[only()],
    operation_id="access_refresh",
    summary="Get the next tokens",
    response_model=Tokens,
    responses=answers(examples.TOKENS),
    openapi_extra=body_example({"refresh_token": examples.SECRET}),
)
async def refresh(asked: RefreshAsk, request: Request, runtime: RuntimeDep) -> Response:
    """Both tokens anew; the one sent is used up. One that is sent twice ends its whole sign-in."""
    address = client_address(request.scope)
    runtime.authenticator.check_guesses(address)
    issued = await families.rotate(runtime.database, runtime.settings, asked.refresh_token)
    if issued is None:
        runtime.authenticator.count_guess(address)
        runtime.authenticator.forget()
        raise families.not_good()
    return json(issued)


@router.post(
    "/logout",
    dependencies=[only()],
    operation_id="access_logout",
    summary="Sign out",
    status_code=204,
    responses=answers(None, status=204),
    openapi_extra=body_example({"refresh_token": examples.SECRET}),
)
async def logout(asked: RefreshAsk, runtime: RuntimeDep) -> Response:
    """The sign-in of this refresh token ends, with its access tokens, on every replica within a second."""
    await families.end_family(runtime.database, asked.refresh_token)
    runtime.authenticator.forget()
    return Response(status_code=204, headers=NO_STORE)


@router.post(
    "/logout-all",
    dependencies=[only()],
    operation_id="access_logout_all",
    summary="Sign out everywhere",
    status_code=204,
    responses=answers(None, status=204),
)
async def logout_all(runtime: RuntimeDep, person: PersonDep) -> Response:
    """Every token and browser session of yours ends, on every replica within a second."""
    await accounts.sign_out_everywhere(runtime.database, number(person))
    runtime.authenticator.forget()
    return Response(status_code=204, headers=NO_STORE)


def _scopes(asked: str) -> list[str] | None:
    """The scopes asked for; None: all. Raises `BadRequest` (`invalid_scope`) with near matches."""
    words = sorted(set(asked.split()))
    unknown = unknown_scopes(words)
    if unknown:
        word, near = next(iter(unknown.items()))
        hint = f"; did you mean {near[0]}?" if near else ""
        raise BadRequest(f"there is no scope {word!r}{hint}", code="invalid_scope")
    return words or None
