"""Sends requests and says how they ended; the load test's only door to HTTP.

Bare aiohttp: 108 µs of CPU a request, where the client's way through httpx takes 420 to 1,540. A generator
that is slower than the service measures itself.
"""

import json
from types import TracebackType
from typing import Self
from uuid import uuid4

import aiohttp

from service.monitoring.loadtest.plan import READING
from service.monitoring.loadtest.schedule import Call
from service.monitoring.loadtest.statistics import TIMEOUT, Answered

NO_ANSWER = "no answer"
"""The connection could not be made."""
CUT_OFF = "connection lost"
"""It was made, and ended before the answer did."""


class Sender:
    """Requests to one address with one key; as many connections as there are requests in flight."""

    def __init__(self, url: str, key: str | None, *, timeout: float) -> None:
        self._url = url
        self._headers = {"accept": "application/json", "user-agent": "muster-loadtest"}
        if key is not None:
            self._headers["authorization"] = f"Bearer {key}"
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0)  # the run bounds what is in flight, and counts the rest
        self._session = aiohttp.ClientSession(
            base_url=self._url, connector=connector, headers=self._headers, timeout=self._timeout
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, call: Call) -> Answered:
        """Send one request and read all of its answer."""
        status, body, error = await self._exchange(call)
        if error is not None:
            return Answered(error)
        return Answered(None if call.is_expected(status) else f"status {status}", len(body))

    async def fetch(self, call: Call) -> tuple[int, bytes]:
        """Status and body of one request; status 0 where there is no answer."""
        status, body, _ = await self._exchange(call)
        return status, body

    async def _exchange(self, call: Call) -> tuple[int, bytes, str | None]:
        assert self._session is not None
        try:
            async with self._session.request(
                call.method,
                call.path,
                params=call.query,
                headers=_headers(call),
                data=_body(call),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read(), None
        except TimeoutError:
            return 0, b"", TIMEOUT
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL):
            return 0, b"", NO_ANSWER
        except (aiohttp.ClientError, OSError):
            return 0, b"", CUT_OFF


def _headers(call: Call) -> dict[str, str]:
    headers = dict(call.headers)
    if call.method not in READING:
        headers.setdefault("Idempotency-Key", uuid4().hex)
        if call.body is not None:
            headers.setdefault("Content-Type", "application/json")
    return headers


def _body(call: Call) -> bytes | None:
    return None if call.body is None else json.dumps(call.body).encode()
