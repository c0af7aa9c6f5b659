"""Access tokens of people: signed JSON Web Tokens that live for minutes (children spec E1).

The first of the secret keys signs, all verify, and the header names the one that did: so a key is replaced
without anybody being signed out. `none` and other algorithms are refused by the allow-list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import jwt

ISSUER: Final = "muster"
LEEWAY: Final = timedelta(seconds=30)
ALGORITHM: Final = "HS256"
Audience = Literal["muster", "ingest"]
_REQUIRED: Final = ["iss", "aud", "sub", "iat", "exp", "jti", "tv", "typ"]


class BadToken(Exception):
    """This is no access token of ours, or one that is no longer good."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not one of ours")
        self.expired = expired


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an access token says: who, with which scopes (None: all of the role), from which sign-in.

    `version` is the person's token version when it was made; `bound` and `break_glass` as in `Caller`.
    """

    person: int
    version: int
    scopes: frozenset[str] | None = None
    family: UUID | None = None
    signed_in_at: datetime | None = None
    bound: frozenset[int] | None = None
    break_glass: UUID | None = None
    audience: Audience = "muster"


def mint(keys: Sequence[str], claims: Claims, lifetime: timedelta, *, now: datetime | None = None) -> str:
    """A signed token of these claims that ends after `lifetime`."""
    made = now or datetime.now(UTC)
    body: dict[str, Any] = {
        "iss": ISSUER,
        "aud": claims.audience,
        "sub": str(claims.person),
        "typ": "access",
        "tv": claims.version,
        "jti": str(uuid4()),
        "iat": made,
        "nbf": made,
        "exp": made + lifetime,
    }
    if claims.scopes is not None:
        body["scope"] = " ".join(sorted(claims.scopes))
    if claims.family is not None:
        body["sid"] = str(claims.family)
    if claims.signed_in_at is not None:
        body["auth_time"] = int(claims.signed_in_at.timestamp())
    if claims.bound is not None:
        body["children"] = sorted(claims.bound)
    if claims.break_glass is not None:
        body["bg"] = str(claims.break_glass)
    return jwt.encode(body, _signing(keys[0]), ALGORITHM, headers={"kid": _key_id(keys[0])})


def read(keys: Sequence[str], token: str) -> Claims:
    """The claims of a token. Raises `BadToken` for one that is tampered with, expired, or of another kind."""
    try:
        named = str(jwt.get_unverified_header(token).get("kid"))
        key = next(key for key in keys if _key_id(key) == named)
        body = jwt.decode(
            token,
            _signing(key),
            algorithms=[ALGORITHM],
            audience=["muster", "ingest"],
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": _REQUIRED},
        )
        return _claims(body)
    except jwt.ExpiredSignatureError:
        raise BadToken(expired=True) from None
    except (jwt.InvalidTokenError, StopIteration, ValueError, TypeError, KeyError, OverflowError):
        raise BadToken from None


def _claims(body: dict[str, Any]) -> Claims:
    if body["typ"] != "access":
        raise BadToken
    return Claims(
        person=int(body["sub"]),
        version=int(body["tv"]),
        scopes=frozenset(str(body["scope"]).split()) if "scope" in body else None,
        family=UUID(body["sid"]) if "sid" in body else None,
        signed_in_at=datetime.fromtimestamp(body["auth_time"], UTC) if "auth_time" in body else None,
        bound=frozenset(int(child) for child in body["children"]) if "children" in body else None,
        break_glass=UUID(body["bg"]) if "bg" in body else None,
        audience="ingest" if body["aud"] == "ingest" else "muster",
    )


def _key_id(key: str) -> str:
    return sha256(b"muster access token " + key.encode()).hexdigest()[:12]


def _signing(key: str) -> bytes:
    # Derived, so that what signs cursors and keys never signs tokens, and is always 256 bits.
    return sha256(b"muster access token signing " + key.encode()).digest()
