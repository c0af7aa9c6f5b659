"""The layer around everything that may fail: size, host, and the last resort."""

from collections.abc import Collection, Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.problems.handlers import answer_to
from service.core.problems.kinds import PayloadTooLarge, WrongHost
from service.core.telemetry import get_logger

LARGEST_BODY: Final = 4 * 1024 * 1024
"""Bytes of a request's body at most: a bulk write of 1,000 items has a tenth of it."""
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PROBES: Final = frozenset({"/livez", "/readyz"})  # a container's probe asks by address, not by name

log = get_logger(__name__)


class Edge:
    """Stands directly inside the telemetry, so that its answers too have their id, line and count.

    `hosts`: names answered, `*.example.org` for all below, empty for any. `largest`: bytes of a body;
    `uploads` says it for paths that take files.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str] = (),
        largest: int = LARGEST_BODY,
        uploads: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts if not host.startswith("*"))
        self.domains = tuple(host[1:].lower() for host in hosts if host.startswith("*."))
        self.any_host = not hosts or "*" in hosts
        self.largest = largest
        self.uploads = uploads or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an error that nobody handled becomes a problem document here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if not self.any_host and scope["path"] not in _PROBES:
                self._check_host(scope)
            if scope["method"] not in _BODILESS:
                receive = self._limited(scope, receive)
            await self.app(scope, receive, answer)
        except Exception as error:
            if started:
                # Half an answer is out: only a broken connection tells the client that it is no whole one.
                log.error("a request failed in the middle of its answer", exc_info=error)
                raise
            await answer_to(error, scope["path"])(scope, receive, send)

    def _check_host(self, scope: Scope) -> None:
        host = _header(scope, b"host").lower()
        name = host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        if name not in self.hosts and not name.endswith(self.domains or ("\0",)):
            raise WrongHost("this service does not answer for the host you asked")

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        declared, largest = _header(scope, b"content-length"), self.uploads.get(scope["path"], self.largest)
        if declared.isascii() and declared.isdigit() and int(declared) > largest:
            raise PayloadTooLarge(_sentence(largest))
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > largest:
                # The one kind of error that the framework lets through while it reads a body.
                raise HTTPException(413, _sentence(largest))
            return message

        return counted


def _sentence(largest: int) -> str:
    return f"a body has at most {largest} bytes here"


def _header(scope: Scope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value.decode("latin-1"))
    return ""
