"""The JSON around a grid, and how Gartan says that there is none (spec B.3)."""

import codecs
import re
from typing import Any, Final

import orjson

from service.crew.rules.grid import Rejected

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of an answer at most: a grid of 96 slots has about 4 kB for each person."""
_SHOWN: Final = 60
_LOGIN: Final = re.compile(rb"txt_userid|action=[\"'][^\"']*Login\.aspx", re.IGNORECASE)
_LOGIN_PAGE: Final = re.compile(r"(?:^|/)Login\.aspx(?:$|[?#])", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_JSON: Final = frozenset({"", "application/json", "text/json", "text/plain", "text/javascript"})
_SIGNED_OUT: Final = "authentication failed"


def read_envelope(body: bytes, content_type: str | None, status: int, final_url: str | None = None) -> str:
    """The grid's HTML out of the answer to `GetSchedule`; it may be empty.

    `final_url` is where the answer came from, or where a redirect that was not followed leads to. Raises
    `Rejected`: `session_expired` for the login page, a way to it, or a 401; else `bad_envelope`.
    """
    if _signed_out(body, status, final_url):
        raise Rejected("session_expired", f"HTTP {status} asks to sign in")
    if len(body) > LARGEST:
        raise Rejected("bad_envelope", f"more than {LARGEST} bytes")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise Rejected("bad_envelope", f"HTTP {status}, content type {kind[:_SHOWN]!r}")
    said = _json(_utf8(body, content_type or ""), status)
    if str(said.get("Message", "")).strip().lower().startswith(_SIGNED_OUT):
        raise Rejected("session_expired", f"HTTP {status}, authentication failed")
    html = said.get("d")
    if status != 200 or not isinstance(html, str):
        raise Rejected("bad_envelope", f"HTTP {status}, a member `d` of type {type(html).__name__}")
    return html


def is_login_url(url: str | None) -> bool:
    """Whether an address is that of the login page (it may say where to return to)."""
    return url is not None and _LOGIN_PAGE.search(url) is not None


def _signed_out(body: bytes, status: int, final_url: str | None) -> bool:
    if status == 401 or is_login_url(final_url):
        return True
    # The form stands at the start of its page; in JSON it would be a grid's own text.
    start = body[:65_536].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and _LOGIN.search(start) is not None


def _utf8(body: bytes, content_type: str) -> bytes:
    named = _CHARSET.search(content_type)
    charset = named[1] if named else "utf-8"
    try:
        if codecs.lookup(charset).name == "utf-8":
            return body.removeprefix(codecs.BOM_UTF8)
        return body.decode(charset).encode()
    except (LookupError, UnicodeError):
        raise Rejected("bad_envelope", f"text that is no {charset[:_SHOWN]!r}") from None


def _json(body: bytes, status: int) -> dict[str, Any]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Rejected("bad_envelope", f"HTTP {status}, {len(body)} bytes that are no JSON") from None
    if not isinstance(said, dict):
        raise Rejected("bad_envelope", f"JSON {type(said).__name__} instead of an object")
    return said
