"""The client's only door to HTTP: one request, one answer, and httpx's errors translated into ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from service import __version__
from service.client._message import Answer, Request
from service.client.errors import TimedOut, Unreachable, Unreadable

HTTPClient = httpx.AsyncClient
HTTPTransport = httpx.AsyncBaseTransport

CONNECT_TIMEOUT = 10.0
CHUNK = 256 * 1024
ERROR_BODY = 1024 * 1024
"""Of an error's body at most 1 MiB is read: a problem document has some hundred bytes."""


class Transport:
    """Sends requests with the caller's key to one base URL, over the HTTP client it was given or makes."""

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr | None = None,
        *,
        http: HTTPClient | None = None,
        transport: HTTPTransport | None = None,
        concurrency: int = 20,
    ) -> None:
        self.base_url = checked_base_url(base_url)
        self._key = checked_key(api_key)
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

    @asynccontextmanager
    async def stream(
        self, request: Request, timeout: float
    ) -> AsyncIterator[tuple[Answer, AsyncIterator[bytes]]]:
        """Send and give the head at once, the body in chunks; ``timeout`` bounds each wait, not the whole.

        The body of an error (400 or more) is read into the `Answer`; there are no chunks then.
        """
        async with self._open(request, timeout) as response:
            refused = response.status_code >= 400
            body = await _start_of(response) if refused else b""
            chunks = _chunks(request, self.base_url, None if refused else response)
            yield Answer(response.status_code, _headers(response), body), chunks

    async def aclose(self) -> None:
        """Close the HTTP client if this object made it. A second time does nothing."""
        self._closed = True
        own, self._own = self._own, None
        if own is not None:
            await own.aclose()

    @asynccontextmanager
    async def _open(self, request: Request, timeout: float) -> AsyncIterator[httpx.Response]:
        http = self._http()
        outgoing = http.build_request(
            request.method,
            self.base_url + request.path,
            params=list(request.query) or None,
            headers=self._outgoing_headers(request.headers),
            content=request.body,
            timeout=httpx.Timeout(timeout, connect=min(CONNECT_TIMEOUT, timeout)),
        )
        with _translated(request, self.base_url):
            response = await http.send(outgoing, stream=True, follow_redirects=False)
        try:
            yield response
        finally:
            await response.aclose()

    def _outgoing_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        sent = {"accept": "application/json", "user-agent": f"muster-client/{__version__}"}
        if self._key is not None:
            sent["authorization"] = f"Bearer {self._key.get_secret_value()}"
        return sent | {name.lower(): value for name, value in headers.items()}

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


def checked_key(api_key: SecretStr | None) -> SecretStr | None:
    """The key, if it can stand in a header. The error does not repeat it: HTTP libraries would."""
    if api_key is None:
        return None
    text = api_key.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("api_key is empty or holds a space, a line break or another character no key has")
    return api_key


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


async def _chunks(request: Request, base_url: str, response: httpx.Response | None) -> AsyncIterator[bytes]:
    if response is None:
        return
    with _translated(request, base_url):
        async for chunk in response.aiter_bytes(CHUNK):
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
