"""The secrets of access: how they are made, read and hashed. Pure functions."""

import re
import secrets
from hashlib import sha256
from typing import NamedTuple

COOKIE = "muster_session"
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_KEY = re.compile(r"mst_([0-9a-z]{8})_([A-Za-z0-9_-]{43})", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class KeyToken(NamedTuple):
    """An API key in its two parts, `mst_<8 id>_<43 secret>`; the id is no secret."""

    id: str
    secret: str

    def __str__(self) -> str:
        return f"mst_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"KeyToken({self.id!r}, …)"


def new_key() -> KeyToken:
    """A random key; its secret has 256 bits, so a fast hash of it is enough."""
    return KeyToken("".join(secrets.choice(_ALPHABET) for _ in range(8)), new_secret())


def new_secret() -> str:
    """43 characters of URL-safe base64: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """The SHA-256 under which a secret is kept."""
    return sha256(secret.encode()).digest()


def read_key(text: str) -> KeyToken | None:
    """The parts of a key; None when `text` has not the form of one."""
    found = _KEY.fullmatch(text)
    return KeyToken(*found.groups()) if found else None


def is_secret(text: str) -> bool:
    """Whether `text` has the form of a session's or a link's secret."""
    return _SECRET.fullmatch(text) is not None


def bearer(header: bytes) -> str | None:
    """The token of an `Authorization` header (`Bearer`, or `ApiKey`); None for any other scheme."""
    scheme, _, token = header.decode("latin-1").strip().partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "apikey") else None


def session_secret(header: bytes) -> str | None:
    """The secret in our cookie of a `Cookie` header, if there is one of the right form."""
    for part in header.decode("latin-1").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and is_secret(value):
            return value
    return None
