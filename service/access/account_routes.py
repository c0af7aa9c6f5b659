"""`/v1/access/register` and all about passwords and mails: open to whoever has no account yet, or lost it.

Registering is repeated safely without an `Idempotency-Key`: the address is the key, the answer is the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from service.access import account_examples as examples
from service.access import accounts
from service.access.answering import NO_STORE, answers, body_example, only
from service.access.persons import PersonDep
from service.core.auth import client_address
from service.core.errors import BadRequest
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.schemas.people import (
    AcceptAsk,
    Accepted,
    ChangeAsk,
    EmailAsk,
    RegisterAsk,
    ResetAsk,
    TokenAsk,
)

router = APIRouter(prefix="/v1/access", tags=["access"])
_DONE = answers(None, 400, status=204)


@router.post(
    "/register",
    dependencies=[only()],
    operation_id="access_register",
    summary="Register oneself",
    status_code=202,
    response_model=Accepted,
    responses=answers(examples.ACCEPTED, status=202),
    openapi_extra=body_example(examples.REGISTER),
)
async def register(asked: RegisterAsk, request: Request, runtime: RuntimeDep) -> Response:
    """The account opens when the address is verified, within 24 hours. A known address is answered alike."""
    runtime.authenticator.count_letter(client_address(request.scope))
    letter = await accounts.register(runtime, asked)
    return _accepted(None if letter is None else BackgroundTask(accounts.send, runtime, letter))


@router.post(
    "/email/verify",
    dependencies=[only()],
    operation_id="access_verify_email",
    summary="Verify an e-mail address",
    status_code=204,
    responses=_DONE,
    openapi_extra=body_example({"token": examples.SECRET}),
)
async def verify(asked: TokenAsk, request: Request, runtime: RuntimeDep) -> Response:
    """With the token of the mail, once."""
    with _guessing(request, runtime):
        await accounts.verify(runtime.database, asked.token)
    return _done(runtime)


@router.post(
    "/password/forgot",
    dependencies=[only()],
    operation_id="access_forgot_password",
    summary="Ask for a new password",
    status_code=202,
    response_model=Accepted,
    responses=answers(examples.ACCEPTED, status=202),
    openapi_extra=body_example({"email": examples.EMAIL}),
)
async def forgot(asked: EmailAsk, request: Request, runtime: RuntimeDep) -> Response:
    """The same answer whether or not the address is known; the mail's token is good for an hour."""
    runtime.authenticator.count_letter(client_address(request.scope))
    return _accepted(BackgroundTask(accounts.forgotten, runtime, asked.email))


@router.post(
    "/password/reset",
    dependencies=[only()],
    operation_id="access_reset_password",
    summary="Set a new password by mail",
    status_code=204,
    responses=_DONE,
    openapi_extra=body_example(examples.RESET),
)
async def reset(asked: ResetAsk, request: Request, runtime: RuntimeDep) -> Response:
    """With the token of the mail, once. Every sign-in of before ends, and a lock."""
    with _guessing(request, runtime):
        await accounts.reset(runtime, asked.token, asked.new_password)
    return _done(runtime)


@router.post(
    "/password/change",
    dependencies=[only()],
    operation_id="access_change_password",
    summary="Change one's password",
    status_code=204,
    responses=_DONE,
    openapi_extra=body_example(examples.CHANGE),
)
async def change(asked: ChangeAsk, request: Request, runtime: RuntimeDep, person: PersonDep) -> Response:
    """Every sign-in of before ends, this one too."""
    address = client_address(request.scope)
    await accounts.change(runtime, person, asked.current_password, asked.new_password, address)
    return _done(runtime)


@router.post(
    "/invitations/accept",
    dependencies=[only()],
    operation_id="access_accept_invitation",
    summary="Accept an invitation",
    status_code=204,
    responses=_DONE,
    openapi_extra=body_example(examples.ACCEPT),
)
async def accept(asked: AcceptAsk, request: Request, runtime: RuntimeDep) -> Response:
    """Choose a password with the token of the mail, once; the account opens."""
    with _guessing(request, runtime):
        await accounts.accept(runtime, asked)
    return _done(runtime)


@contextmanager
def _guessing(request: Request, runtime: Runtime) -> Iterator[None]:
    """A wrong token counts as a guess, and after too many of them none is looked at."""
    address = client_address(request.scope)
    runtime.authenticator.check_guesses(address)
    try:
        yield
    except BadRequest:
        runtime.authenticator.count_guess(address)
        raise


def _accepted(after: BackgroundTask | None) -> Response:
    body = Accepted.model_validate(examples.ACCEPTED).model_dump_json()
    return Response(body, 202, headers=NO_STORE, media_type="application/json", background=after)


def _done(runtime: Runtime) -> Response:
    runtime.authenticator.forget()
    return Response(status_code=204, headers=NO_STORE)
