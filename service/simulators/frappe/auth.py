"""Who calls: `token key:secret` and `Basic base64(key:secret)` against the key table (spec E.1, observed)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping

from service.simulators.frappe.config import ApiKey
from service.simulators.frappe.failures import Failure, unauthenticated

GUEST = ApiKey("", "", user="Guest", readable=frozenset(), writable=frozenset())


def caller(headers: Mapping[str, str], keys: Iterable[ApiKey]) -> ApiKey:
    """The user a request speaks for: a guest without a header of two parts, 401 for one that proves
    nobody."""
    words = headers.get("authorization", "").split(" ")
    if len(words) != 2:
        return GUEST
    scheme, credential = words[0].lower(), words[1]
    if scheme == "basic":
        credential = _decoded(credential)
    elif scheme != "token":
        raise unauthenticated()
    key, colon, secret = credential.partition(":")
    for known in keys:
        if colon and known.key == key and hmac.compare_digest(known.secret, secret) and known.enabled:
            return known
    raise unauthenticated()


def _decoded(credential: str) -> str:
    try:
        return base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = "Failed to decode token, please provide a valid base64-encoded token."
        dotted = f"frappe.exceptions.InvalidAuthorizationToken: {text}"
        raise Failure(400, "InvalidAuthorizationToken", dotted, [text]) from None


def cookies(authenticated: bool) -> list[tuple[str, str]]:
    """Five cookies of a guest on every answer, valid token or not; a refused login also ends the session."""
    tail = "Path=/; SameSite=Lax"
    sid = f"sid=Guest; Expires=Sun, 29 Nov 2026 01:58:59 GMT; Max-Age=612000; HttpOnly; {tail}"
    if not authenticated:
        sid = f"sid=; Expires=Sat, 21 Nov 2026 00:58:59 GMT; {tail}"
    rest = ("system_user=no", "full_name=Guest", "user_id=Guest", "user_image=")
    return [("set-cookie", sid), *(("set-cookie", f"{cookie}; {tail}") for cookie in rest)]
