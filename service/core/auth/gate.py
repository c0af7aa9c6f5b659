"""The gate in front of every route: credential → Caller; closed by default.

A remembered credential costs one pass over the headers and one dict lookup.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.core.auth.caller import Caller, not_signed_in
from service.core.errors import NotAllowed, NotAuthenticated, ServiceError, problem_response

OPEN_PATHS = frozenset(
    {
        "/sign-in", "/sign-out", "/sign-in/verify", "/sign-in/password", "/sign-in/invitation",
        "/livez", "/readyz", "/health", "/docs", "/redoc", "/openapi.json",
        "/v1/access/register", "/v1/access/token", "/v1/access/refresh", "/v1/access/logout",
        "/v1/access/email/verify", "/v1/access/password/forgot", "/v1/access/password/reset",
        "/v1/access/invitations/accept",
    }
)  # fmt: skip
"""Answered without a credential; `/health` gives its status word only. Those of access take a secret of their
own: a password, or a token of a sign-in or mail."""
OPEN_PREFIXES = ("/docs/", "/redoc/", "/assets/")
"""Files that the open pages load."""
_PROBES = frozenset({"/livez", "/readyz"})  # no credential is looked at: they answer without a database

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows: the raw header of its kind, and the client's address."""

    kind: Literal["key", "session"]
    header: bytes = field(repr=False)
    address: str


class Authenticator(Protocol):
    """Turns credentials into callers; filled by `access`."""

    def recall(self, kind: Literal["key", "session"], header: bytes) -> Caller | None:
        """The caller of a header seen a moment ago: one dict lookup, no I/O."""

    async def caller(self, credential: Credential) -> Caller | None:
        """The caller of a credential; None when it holds none of ours.

        Raises `NotAuthenticated` when it is wrong, expired or revoked, `RateLimited` after too many wrong
        ones and `Unavailable` when nobody can tell now.
        """

    async def confirm(self, caller: Caller) -> bool:
        """Whether a caller of an earlier request has these very rights still, asked now.

        Raises `Unavailable` when nobody can tell.
        """

    def forget(self) -> None:
        """Drop everything remembered, so that a change of rights holds from the next request on."""

    def check_guesses(self, address: str, account: str = "") -> None:
        """Raise `RateLimited` when too many wrong credentials came from this address (for this account)."""

    def count_guess(self, address: str, account: str = "") -> None:
        """Count a wrong credential that was tried by another way than `caller`."""

    def count_letter(self, address: str) -> None:
        """Count a request that makes us write to somebody; raises `RateLimited` after too many."""

    def may_write_to(self, account: str) -> bool:
        """Whether another mail may go to this account now; counts it."""


class Authentication:
    """ASGI layer that sets `scope["state"]["caller"]` (Caller or None) and keeps the closed paths closed.

    `authenticator` is asked for at each request, since the application is built before the runtime opens.
    """

    def __init__(
        self,
        app: ASGIApp,
        authenticator: Callable[[], Authenticator],
        *,
        open_paths: Collection[str] = OPEN_PATHS,
        open_prefixes: Sequence[str] = OPEN_PREFIXES,
    ) -> None:
        self.app = app
        self.authenticator = authenticator
        self.open_paths = frozenset(open_paths)
        self.open_prefixes = tuple(open_prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass with its caller, or answer it here."""
        if scope["type"] != "http":
            await self._not_http(scope, receive, send)
            return
        key = cookie = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                key = value
            elif name == b"cookie":
                cookie = value
            elif name == b"x-api-key" and key is None:
                key = b"ApiKey " + value
        caller: Caller | None = None
        if key is not None:
            caller = self.authenticator().recall("key", key)
        elif cookie is not None:
            caller = self.authenticator().recall("session", cookie)
        state = scope.setdefault("state", {})
        if caller is None or caller.kind == "session":
            try:
                caller = await self._examined(scope, caller, key, cookie)
            except ServiceError as error:
                await _refuse(error, scope, receive, send)
                return
        state["caller"] = caller
        await self.app(scope, receive, send)

    async def _examined(
        self, scope: Scope, caller: Caller | None, key: bytes | None, cookie: bytes | None
    ) -> Caller | None:
        """What the short way cannot decide: unknown credentials, missing ones, writes by cookie."""
        try:
            if caller is None:
                caller = await self._looked_up(scope, key, cookie)
        except ServiceError:
            if not self._is_open(scope):
                raise
        if caller is None and not self._is_open(scope):
            raise not_signed_in()
        if caller is not None and caller.kind == "session" and scope["method"] not in _SAFE_METHODS:
            require_same_origin(scope)
        return caller

    async def _looked_up(self, scope: Scope, key: bytes | None, cookie: bytes | None) -> Caller | None:
        if scope["path"] in _PROBES:
            return None
        address = client_address(scope)
        if key is not None:
            return await self.authenticator().caller(Credential("key", key, address))
        if cookie is not None:
            return await self.authenticator().caller(Credential("session", cookie, address))
        return None

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return path in self.open_paths or path.startswith(self.open_prefixes)

    async def _not_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # there is no socket here to sign in to
            await send({"type": "websocket.close", "code": 1008, "reason": "not offered"})
            return
        await self.app(scope, receive, send)


async def _refuse(error: ServiceError, scope: Scope, receive: Receive, send: Send) -> None:
    if isinstance(error, NotAuthenticated) and _is_navigation(scope):
        # As it was sent: decoded, a `%3F` in a name would become the end of the path.
        path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        if scope["query_string"]:
            path += "?" + scope["query_string"].decode("latin-1")
        where = f"{scope.get('root_path', '')}/sign-in?to={quote(path, safe='/')}"
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Cookie"}
        await RedirectResponse(where, status_code=303, headers=headers)(scope, receive, send)
        return
    await problem_response(error, scope["path"])(scope, receive, send)


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value.decode("latin-1"))
    return None


def _is_navigation(scope: Scope) -> bool:
    return (
        scope["method"] in ("GET", "HEAD")
        and "text/html" in (_header(scope, b"accept") or "")
        and _header(scope, b"authorization") is None
    )


def client_address(scope: Scope) -> str:
    """The address of the client, or an empty string behind a socket without addresses."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def require_same_origin(scope: Scope, *, absent: bool = False) -> None:
    """Raise `NotAllowed` (`cross_site`) for a write that another site's page may have sent.

    Browsers say where a request comes from in `Sec-Fetch-Site` (secure contexts) or `Origin`. With neither
    it is refused too, unless `absent` (no cookie is at stake: the sign-in form sent by a program).
    """
    site, origin = _header(scope, b"sec-fetch-site"), _header(scope, b"origin")
    if site is not None:
        same = site == "same-origin"
    elif origin is not None:
        same = origin == f"{scope['scheme']}://{_header(scope, b'host')}"
    else:
        same = absent
    if not same:
        raise NotAllowed("a write by cookie must come from a page of this service", code="cross_site")
