"""The client's only door to HTTP: one request, one answer, and httpx's errors translated into ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import httpx

from service import __version__
from service.client._credentials import Credential, Key
from service.client._message import Answer, Request
from service.client.errors import TimedOut, Unreachable, Unreadable

HTTPClient = httpx.AsyncClient
HTTPTransport = httpx.AsyncBaseTransport

CONNECT_TIMEOUT = 10.0
SIGN_IN_TIMEOUT = 30.0
"""Seconds for signing in; checking a password takes a tenth of one."""
CHUNK = 256 * 1024
ERROR_BODY = 1024 * 1024
"""Of an error's body at most 1 MiB is read: a problem document has some hundred bytes."""


class Transport:
    """Sends requests with a credential to one base URL, over the HTTP client it was given or makes."""

    def __init__(
        self,
        base_url: str,
        credential: Credential | None = None,
        *,
        http: HTTPClient | None = None,
        transport: HTTPTransport | None = None,
        concurrency: int = 20,
    ) -> None:
        self.base_url = checked_base_url(base_url)
        self.credential: Credential = Key(None) if credential is None else credential
        self._given = http
        self._transport = transport
        self._concurrency = concurrency
        self._own: HTTPClient | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r})"

    async def exchange(self, request: Request, timeout: float) -> Answer:
        """Send and read the whole answer within ``timeout`` seconds; the response is closed on return."""
        with _translated(request, self.base_url):
            async with asyncio.timeout(timeout), self._open(request, timeout) as response:
                return Answer(response.status_code, _headers(response), await response.aread())

    async def bare(self, request: Request) -> Answer:
        """Send without the credential: how one is asked for."""
        with _translated(request, self.base_url):
            async with asyncio.timeout(SIGN_IN_TIMEOUT):
                response = await self._send(request, SIGN_IN_TIMEOUT, None)
                try:
                    return Answer(response.status_code, _headers(response), await response.aread())
                finally:
                    await response.aclose()

    @asynccontextmanager
    async def stream(
        self, request: Request, timeout: float, *, at_once: bool = False
    ) -> AsyncIterator[tuple[Answer, AsyncIterator[bytes]]]:
        """Send and give the head at once, the body in chunks; ``timeout`` bounds each wait, not the whole.

        ``at_once``: what has come is given as it is, and not collected into chunks of some size.
        The body of an error (400 or more) is read into the `Answer`; there are no chunks then.
        """
        async with self._open(request, timeout) as response:
            refused = response.status_code >= 400
            body = await _start_of(response) if refused else b""
            size = None if at_once else CHUNK
            chunks = _chunks(request, self.base_url, None if refused else response, size)
            yield Answer(response.status_code, _headers(response), body), chunks

    async def aclose(self) -> None:
        """Close the HTTP client if this object made it. A second time does nothing."""
        self._closed = True
        own, self._own = self._own, None
        if own is not None:
            await own.aclose()

    @asynccontextmanager
    async def _open(self, request: Request, timeout: float) -> AsyncIterator[httpx.Response]:
        shown = await self.credential.header(self.bare)
        response = await self._send(request, timeout, shown)
        if response.status_code == 401 and self.credential.rejected(shown):
            # Nothing was done for who was not recognised, so it is sent again as it was, once.
            await response.aclose()
            shown = await self.credential.header(self.bare)
            response = await self._send(request, timeout, shown)
        try:
            yield response
        finally:
            await response.aclose()

    async def _send(self, request: Request, timeout: float, shown: str | None) -> httpx.Response:
        http = self._http()
        outgoing = http.build_request(
            request.method,
            self.base_url + request.path,
            params=list(request.query) or None,
            headers=_outgoing_headers(request.headers, shown),
            content=request.body,
            timeout=httpx.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout)),
        )
        with _translated(request, self.base_url):
            return await http.send(outgoing, stream=True, follow_redirects=False)

    def _http(self) -> HTTPClient:
        if self._closed:
            raise RuntimeError("this client is closed")
        if self._given is not None:
            return self._given
        if self._own is None:
            pool = httpx.Limits(max_connections=None, max_keepalive_connections=self._concurrency)
            self._own = httpx.AsyncClient(transport=self._transport, limits=pool)
        return self._own


def checked_base_url(base_url: str) -> str:
    """The URL without its last slash. Raises ValueError for another scheme, a query, or a secret inside."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("base_url is the address of the service, such as http://127.0.0.1:8000")
    if parts.username or parts.password:
        raise ValueError("base_url carries a user or password: give the key as api_key instead")
    if parts.query or parts.fragment:
        raise ValueError("base_url has no query and no fragment")
    return base_url.rstrip("/")


def _outgoing_headers(headers: Mapping[str, str], shown: str | None) -> dict[str, str]:
    sent = {"accept": "application/json", "user-agent": f"muster-client/{__version__}"}
    if shown is not None:
        sent["authorization"] = shown
    return sent | {name.lower(): value for name, value in headers.items()}


@contextmanager
def _translated(request: Request, base_url: str) -> Iterator[None]:
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TimedOut(f"{request.line()}: no answer in time ({type(error).__name__})") from error
    except httpx.LocalProtocolError:
        # Its words repeat the header that cannot be sent, which may be a secret.
        raise ValueError(f"{request.line()}: a header cannot be sent as it is") from None
    except (httpx.DecodingError, httpx.TooManyRedirects) as error:
        raise Unreadable(f"{request.line()}: {type(error).__name__}") from error
    except (httpx.TransportError, OSError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unreachable(f"{request.line()}: no answer from {base_url} ({reason})") from error


async def _chunks(
    request: Request, base_url: str, response: httpx.Response | None, size: int | None
) -> AsyncIterator[bytes]:
    if response is None:
        return
    with _translated(request, base_url):
        async for chunk in response.aiter_bytes(size):
            yield chunk


async def _start_of(response: httpx.Response) -> bytes:
    read = bytearray()
    async for chunk in response.aiter_bytes(CHUNK):
        read += chunk
        if len(read) > ERROR_BODY:
            break
    return bytes(read[:ERROR_BODY])


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
