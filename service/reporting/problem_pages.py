"""Problems as pages, for who looks at them in a browser: the same facts, what to do, and the way back."""

import gzip
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.reporting.formats.html_page import HTML
from service.reporting.negotiation import NotAcceptable, chosen_format
from service.reporting.openapi import PROBLEM
from service.reporting.pages import templates
from service.reporting.words import LOCALES, words

_KINDS: Final = {"problem": PROBLEM, "json": "application/json", "html": "text/html"}
_NEXT: Final[Mapping[int, str]] = {
    400: "correct_address", 401: "sign_in_first", 403: "ask_for_right", 404: "look_on_start",
    406: "correct_address", 410: "start_anew", 422: "correct_address", 429: "try_later", 503: "try_later",
}  # fmt: skip
"""What to do, by status; other refusals say it themselves."""


class ProblemPages:
    """ASGI layer that gives problem documents to browsers as pages, status and headers unchanged.

    A browser prefers `text/html` and sends no `Authorization`: whoever shows a key is a program and reads
    JSON, and so does whoever asks for `format=json`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _is_browser(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    page = _page(scope, start, body)
                    await send(start)
                    await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, answer)


def _is_browser(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    accept = headers.get("accept", "")
    if "text/html" not in accept or "authorization" in headers or _asked(scope).get("format") == "json":
        return False
    try:
        return chosen_format(None, accept, _KINDS) == "html"
    except NotAcceptable:
        return False


def _asked(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(PROBLEM)


def _page(scope: Scope, start: Message, body: bytes) -> bytes:
    """The document as a page; the headers of `start` become those of a page."""
    headers = MutableHeaders(raw=list(start["headers"]))
    if headers.get("content-encoding") == "gzip":
        del headers["content-encoding"]
        body = gzip.decompress(body)
    page = _html(scope, orjson.loads(body), headers.get("retry-after")).encode()
    headers["content-type"], headers["content-length"] = HTML.media_type, str(len(page))
    headers["cache-control"] = "no-store"
    headers.update(HTML.headers)
    headers.add_vary_header("Accept, Authorization, Cookie")
    start["headers"] = headers.raw
    return page


def _html(scope: Scope, problem: Mapping[str, Any], retry_after: str | None) -> str:
    asked = _asked(scope).get("locale")
    locale = asked if asked in LOCALES else LOCALES[0]
    status = problem["status"]
    advice = words(locale).get(_NEXT.get(status, "tell_operator" if status >= 500 else ""), "")
    here = quote(scope["path"])
    if scope["query_string"]:
        here += "?" + scope["query_string"].decode("latin-1")
    return (
        templates("reporting")
        .get_template("problem.html")
        .render(
            words=words(locale),
            locale=locale,
            problem=problem,
            values=[entry for entry in problem["errors"] if entry["detail"]],
            advice=advice.replace("{seconds}", retry_after or "1"),
            sign_in=f"/sign-in?to={quote(here, safe='/')}" if status in {401, 403} else None,
        )
    )
