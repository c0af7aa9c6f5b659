"""The pages that mails lead to: confirm an address, set a password, accept an invitation; and ask for a mail.

Opening one changes nothing, since programs that guard a mailbox open every link; its button does it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.responses import Response

from service.access import accounts
from service.access.browser import read_form, refusal
from service.access.pages import MailPage, Problem, mail_page, page_language
from service.core.auth import client_address, require_same_origin
from service.core.errors import BadRequest, Invalid, RateLimited
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.schemas.people import AcceptAsk, EmailAsk

VERIFY: Final = MailPage("/sign-in/verify", "verify_title", "verify", "none")
RESET: Final = MailPage("/sign-in/password", "new_password_title", "set_password", "password")
ASK: Final = MailPage("/sign-in/password", "ask_title", "ask", "email", "ask_text")
INVITATION: Final = MailPage(
    "/sign-in/invitation", "invitation_title", "set_password", "password", "invitation_text"
)
_Deed = Callable[[Runtime, Mapping[str, str]], Awaitable[None]]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/verify")
async def show_verify(request: Request, token: str = "") -> Response:
    """The button."""
    return mail_page(page_language(request), VERIFY, token=token)


@router.post("/sign-in/verify")
async def verify(request: Request, runtime: RuntimeDep) -> Response:
    """The address is confirmed."""

    async def deed(runtime: Runtime, form: Mapping[str, str]) -> None:
        await accounts.verify(runtime.database, form.get("token", ""))

    return await _done(request, runtime, VERIFY, "verified", deed)


@router.get("/sign-in/password")
async def show_password(request: Request, token: str = "") -> Response:
    """The form for a new password; without a token the one that asks for a mail."""
    return mail_page(page_language(request), RESET if token else ASK, token=token)


@router.post("/sign-in/password")
async def password(request: Request, runtime: RuntimeDep) -> Response:
    """The password is set, or the mail is asked for."""

    async def deed(runtime: Runtime, form: Mapping[str, str]) -> None:
        await accounts.reset(runtime, form["token"], form.get("password", ""))

    form = await read_form(request)
    if "token" in form:
        return await _done(request, runtime, RESET, "password_is_set", deed, form)
    return await _asked(request, runtime, form)


@router.get("/sign-in/invitation")
async def show_invitation(request: Request, token: str = "") -> Response:
    """The form for a password."""
    return mail_page(page_language(request), INVITATION, token=token)


@router.post("/sign-in/invitation")
async def invitation(request: Request, runtime: RuntimeDep) -> Response:
    """The account opens."""

    async def deed(runtime: Runtime, form: Mapping[str, str]) -> None:
        asked = AcceptAsk(token=form.get("token", "")[:200], password=form.get("password", "")[:1024])
        await accounts.accept(runtime, asked)

    return await _done(request, runtime, INVITATION, "accepted", deed)


async def _asked(request: Request, runtime: Runtime, form: Mapping[str, str]) -> Response:
    require_same_origin(request.scope, absent=True)
    language = page_language(request, form.get("locale"))
    try:
        runtime.authenticator.count_letter(client_address(request.scope))
    except RateLimited as error:
        return mail_page(language, ASK, problem=refusal(error, "limited"))
    page = mail_page(language, ASK, done="asked")
    try:
        asked = EmailAsk(email=form.get("email", ""))
    except ValidationError:  # what is no address has no account: it is told the same
        return page
    page.background = BackgroundTask(accounts.forgotten, runtime, asked.email)
    return page


async def _done(
    request: Request,
    runtime: Runtime,
    shown: MailPage,
    word: str,
    deed: _Deed,
    form: Mapping[str, str] | None = None,
) -> Response:
    """Do it and say so, or show the page again with what was wrong."""
    require_same_origin(request.scope, absent=True)
    form = await read_form(request) if form is None else form
    language, token = page_language(request, form.get("locale")), form.get("token", "")
    address = client_address(request.scope)
    try:
        runtime.authenticator.check_guesses(address)
        await deed(runtime, form)
    except RateLimited as error:
        return mail_page(language, shown, token=token, problem=refusal(error, "limited"))
    except BadRequest as error:
        runtime.authenticator.count_guess(address)
        return mail_page(language, shown, token=token, problem=Problem("token_ended", error.status))
    except Invalid as error:
        return mail_page(language, shown, token=token, problem=Problem(error.errors[0].code, error.status))
    runtime.authenticator.forget()
    return mail_page(language, shown, done=word)
