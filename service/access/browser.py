"""`/sign-in` and `/sign-out`: how a browser gets and loses its session cookie."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from service.access import sessions, tokens
from service.access.pages import HEADERS, Problem, page_language, sign_in_page
from service.access.signing_in import with_password
from service.core.auth import Caller, Credential, client_address, require_same_origin
from service.core.errors import NotAuthenticated, RateLimited
from service.core.inbound import RuntimeDep
from service.core.problems import PayloadTooLarge, UnsupportedMedia
from service.core.runtime import Runtime

LARGEST_FORM = 8192

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def show_sign_in(
    request: Request, runtime: RuntimeDep, link: str | None = None, to: str | None = None
) -> Response:
    """The page; with `link` the one-use link is used up and leads straight to where it points."""
    if link is None:
        who = _session_caller(request)
        return sign_in_page(page_language(request), to=sessions.local_target(to), who=who)
    if "prefetch" in (request.headers.get("sec-purpose") or request.headers.get("purpose") or ""):
        # A browser that looks ahead must not use the link up; it asks again when the person goes there.
        return Response(status_code=503, headers={**HEADERS, "Retry-After": "1"})
    return await _follow(request, runtime, link)


@router.post("/sign-in")
async def sign_in(request: Request, runtime: RuntimeDep) -> Response:
    """Either form: the right password or key opens a session and leads on, a wrong one the page again."""
    require_same_origin(request.scope, absent=True)  # else another site could sign you in as somebody else
    form = await read_form(request)
    to, email = sessions.local_target(form.get("to")), form.get("email", "")
    by: Literal["key", "password"] = "key" if "key" in form else "password"
    try:
        opened = await (_by_key if by == "key" else _by_password)(request, runtime, form)
    except (NotAuthenticated, RateLimited) as error:
        problem = refusal(error, "key_refused" if by == "key" else "refused")
        language = page_language(request, form.get("locale"))
        return sign_in_page(language, to=to, problem=problem, by=by, email=email[:254])
    return _signed_in(request, runtime, opened, to)


@router.get("/sign-out")
async def show_sign_out() -> Response:
    """Typed into the address bar: the page that has the button."""
    return RedirectResponse("/sign-in", 303, headers=HEADERS)


@router.post("/sign-out")
async def sign_out(request: Request, runtime: RuntimeDep) -> Response:
    """End the session, here and on every replica.

    Whoever holds its secret ends it, also where nobody was recognised by it: for too many dead cookies at
    this address, or a database that did not answer a moment ago.
    """
    require_same_origin(request.scope, absent=True)
    secret = tokens.session_secret(request.headers.get("cookie", "").encode("latin-1"))
    if secret is not None and await sessions.close_session(runtime.database, secret):
        runtime.authenticator.forget()
    response = RedirectResponse("/sign-in", 303, headers=HEADERS)
    response.delete_cookie(
        tokens.COOKIE, httponly=True, samesite="lax", secure=_is_https(request, runtime), path="/"
    )
    return response


async def _follow(request: Request, runtime: Runtime, link: str) -> Response:
    address = client_address(request.scope)
    try:
        runtime.authenticator.check_guesses(address)
    except RateLimited as error:
        return sign_in_page(page_language(request), to="/", problem=refusal(error, "link_ended"), by="key")
    known = tokens.is_secret(link)
    opened = await sessions.follow_link(runtime.database, link) if known else None
    if opened is not None:
        return _signed_in(request, runtime, opened, opened.target)
    target = await sessions.link_target(runtime.database, link) if known else None
    who = _session_caller(request)
    if target is not None and who is not None:  # the same browser again: reloaded, or clicked twice
        return RedirectResponse(target, 303, headers=HEADERS)
    if target is None:
        runtime.authenticator.count_guess(address)
    ended = Problem("link_ended", 401)
    return sign_in_page(page_language(request), to=target or "/", problem=ended, by="key")


async def _by_password(request: Request, runtime: Runtime, form: Mapping[str, str]) -> sessions.OpenedSession:
    email, password = form.get("email", ""), form.get("password", "")
    address = client_address(request.scope)
    return await with_password(runtime, email, password, address, sessions.open_for_person)


async def _by_key(request: Request, runtime: Runtime, form: Mapping[str, str]) -> sessions.OpenedSession:
    typed = form["key"].strip().removeprefix("Bearer ").strip()
    header = f"Bearer {typed}".encode("utf-8", "replace")
    caller = await runtime.authenticator.caller(Credential("key", header, client_address(request.scope)))
    opened = None
    if caller is not None and caller.kind == "key":  # an access token opens no session that outlives it
        opened = await sessions.open_session(runtime.database, caller)
    if opened is None:
        raise NotAuthenticated("this key is not known")
    return opened


def refusal(error: NotAuthenticated | RateLimited, word: str) -> Problem:
    """What a page says of a refusal: `word`, or that it was tried too often."""
    if isinstance(error, RateLimited):
        return Problem("limited", error.status, error.headers.get("Retry-After"))
    return Problem(word, error.status)


def _signed_in(request: Request, runtime: Runtime, opened: sessions.OpenedSession, to: str) -> Response:
    response = RedirectResponse(to, 303, headers=HEADERS)
    response.set_cookie(
        tokens.COOKIE,
        opened.secret,
        max_age=max(1, int((opened.expires_at - datetime.now(UTC)).total_seconds())),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_https(request, runtime),
    )
    return response


def _session_caller(request: Request) -> Caller | None:
    caller = request.scope["state"].get("caller")
    return caller if isinstance(caller, Caller) and caller.kind == "session" else None


def _is_https(request: Request, runtime: Runtime) -> bool:
    public = runtime.settings.public_url
    return request.url.scheme == "https" or (public is not None and public.scheme == "https")


async def read_form(request: Request) -> dict[str, str]:
    """A form of ours. Raises `UnsupportedMedia` and `PayloadTooLarge`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise UnsupportedMedia("send the form as application/x-www-form-urlencoded")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise PayloadTooLarge(f"the sign-in form has at most {LARGEST_FORM} bytes")
    try:
        return dict(parse_qsl(body.decode("utf-8"), max_num_fields=8, errors="replace"))
    except ValueError:
        return {}
