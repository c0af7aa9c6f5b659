"""What a client shows the service: a key, the token of a person who signed in, or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from pydantic import BaseModel, SecretStr, ValidationError

from service.client._message import Answer, Request, encode_form
from service.client._reading import accepted
from service.client.errors import NotAuthenticated, Refused, Unreachable, Unreadable

TOKEN: Final = "/v1/access/token"  # noqa: S105  (a path)
REFRESH: Final = "/v1/access/refresh"
LOGOUT: Final = "/v1/access/logout"
MARGIN: Final = 30.0
"""Seconds before its end that an access token is replaced: a call under way still ends with it."""
HELD_BACK: Final = 600.0
"""Seconds after a wrong password before it is sent again: five in a row lock the account."""

Send = Callable[[Request], Awaitable[Answer]]
"""Sends a request as it is, without a credential."""


class Credential(Protocol):
    """What stands in ``Authorization``."""

    async def header(self, send: Send) -> str | None:
        """The header's value; `send` to ask for it where it has to be asked for."""

    def rejected(self, header: str | None) -> bool:
        """Note that this value was answered with 401; true where another one may be had."""


class Key:
    """An API key, or none."""

    def __init__(self, key: SecretStr | None) -> None:
        self._key = checked_secret(key, "api_key")

    async def header(self, send: Send) -> str | None:  # noqa: ARG002  (as the protocol says)
        """The key."""
        return None if self._key is None else f"Bearer {self._key.get_secret_value()}"

    def rejected(self, header: str | None) -> bool:  # noqa: ARG002
        """A key does not change."""
        return False


class Tokens(BaseModel):
    """What signing in and refreshing answer."""

    access_token: SecretStr
    refresh_token: SecretStr
    expires_in: float


class Person:
    """Somebody who signs in with e-mail and password, at the first call, and stays signed in.

    One request at a time asks for tokens, whoever waits takes what it brought. A refresh token is sent once:
    when its answer is lost it may have been used, and a used one that came again would end the whole sign-in,
    so the password is sent then.
    """

    def __init__(self, email: str, password: SecretStr, scopes: str | None = None) -> None:
        self._email = email
        self._password = password
        self._scopes = scopes
        self._tokens: Tokens | None = None
        self._ends = 0.0
        self._refused: tuple[float, NotAuthenticated] | None = None
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        return "Person(…)"

    async def header(self, send: Send) -> str | None:
        """A token that lives for some time yet. Raises `NotAuthenticated` for a wrong password."""
        async with self._turn:
            if self._tokens is None or time.monotonic() > self._ends - MARGIN:
                await self._renew(send)
            assert self._tokens is not None
            return f"Bearer {self._tokens.access_token.get_secret_value()}"

    def rejected(self, header: str | None) -> bool:
        """The token was ended before its time; the next call asks for another one."""
        if self._tokens is not None and header == f"Bearer {self._tokens.access_token.get_secret_value()}":
            self._ends = 0.0
        return True

    async def sign_out(self, send: Send) -> None:
        """End the sign-in at the service, if there is one, and forget its tokens."""
        async with self._turn:
            tokens, self._tokens = self._tokens, None
            if tokens is not None:
                accepted(*await _sent(send, _json(LOGOUT, tokens.refresh_token)))

    async def _renew(self, send: Send) -> None:
        tokens, self._tokens = self._tokens, None
        if tokens is not None and await self._refreshed(send, tokens.refresh_token):
            return
        if self._refused is not None and time.monotonic() < self._refused[0] + HELD_BACK:
            raise self._refused[1].with_traceback(None)
        form = {"grant_type": "password", "username": self._email, "scope": self._scopes}
        form["password"] = self._password.get_secret_value()
        try:
            await self._take(send, _form(TOKEN, form))
        except NotAuthenticated as refused:
            self._refused = time.monotonic(), refused
            raise

    async def _refreshed(self, send: Send, refresh_token: SecretStr) -> bool:
        try:
            await self._take(send, _json(REFRESH, refresh_token))
        except (NotAuthenticated, Unreachable, Unreadable):
            return False
        except Refused as refused:
            if refused.status >= 500:
                return False
            raise
        return True

    async def _take(self, send: Send, request: Request) -> None:
        asked = time.monotonic()
        answer, sent = await _sent(send, request)
        try:
            self._tokens = Tokens.model_validate_json(accepted(answer, sent).body)
        except ValidationError:
            # Without the words of the error, which repeat what did not fit.
            raise Unreadable(f"{sent.line()}: the answer holds no tokens") from None
        self._ends = asked + self._tokens.expires_in


async def _sent(send: Send, request: Request) -> tuple[Answer, Request]:
    return await send(request), request


def _form(path: str, fields: dict[str, str | None]) -> Request:
    body = encode_form({name: value for name, value in fields.items() if value is not None})
    return Request("POST", path, (), {"content-type": "application/x-www-form-urlencoded"}, body)


def _json(path: str, refresh_token: SecretStr) -> Request:
    secret = refresh_token.get_secret_value()
    body = Refreshing(refresh_token=secret).model_dump_json().encode()
    return Request("POST", path, (), {"content-type": "application/json"}, body)


class Refreshing(BaseModel):
    """The body that gives a refresh token back."""

    refresh_token: str


def credential_of(
    api_key: str | SecretStr | None, email: str | None, password: str | SecretStr | None, scopes: str | None
) -> Credential:
    """The credential of a client's arguments. Raises ValueError for both kinds, or half a person."""
    if email is None and password is None:
        return Key(SecretStr(api_key) if isinstance(api_key, str) else api_key)
    if email is None or password is None or api_key is not None:
        raise ValueError("give an api_key, or email and password together")
    return Person(email, SecretStr(password) if isinstance(password, str) else password, scopes)


def checked_secret(secret: SecretStr | None, name: str) -> SecretStr | None:
    """The secret, if it can stand in a header. The error does not repeat it: HTTP libraries would."""
    if secret is None:
        return None
    text = secret.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"{name} is empty or holds a space, a line break or another character no key has")
    return secret
