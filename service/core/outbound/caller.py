"""One upstream group's caller: the walk of a call through pause, slot, breaker, wire and reader."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Generic, Protocol, Self, TypeVar
from weakref import ref

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from service.core.errors import UpstreamSilent
from service.core.outbound.addresses import public_socket
from service.core.outbound.answers import Answer, Unusable, read_plainly
from service.core.outbound.body import ACCEPT_ENCODING, read_bounded
from service.core.outbound.breaker import OPEN, Breaker
from service.core.outbound.contacts import CONTACTS, Contact
from service.core.outbound.failures import TRANSPORT_ERRORS, misled, overdue, unusable_from
from service.core.outbound.http_dates import retry_after_seconds, seconds_from_now
from service.core.outbound.pace import Pace
from service.core.outbound.statistics import OutboundStatistics
from service.core.retries import RetryPolicy, retried
from service.core.telemetry import OPERATIONS, correlation_id, get_logger, happened, request_id, timings

T = TypeVar("T")
MAX_BYTES = 32 * 1024 * 1024
MOST_REDIRECTS = 10

log = get_logger("service.outbound")


class OutboundSettings(Protocol):
    """The part of an upstream's settings that every upstream has (seconds, calls, repeats)."""

    @property
    def total_timeout(self) -> float: ...
    @property
    def connect_timeout(self) -> float: ...
    @property
    def max_in_flight(self) -> int: ...
    @property
    def retries(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One question. `repeatable`: asking twice does no harm (every GET; a POST if the caller knows so).

    `follow`: redirects are followed, at most ten; what was posted is not carried to another origin.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    content: bytes | None = None
    repeatable: bool = True
    follow: bool = False


@dataclass(frozen=True, slots=True)
class _Question(Generic[T]):
    ask: Callable[[], Call]
    read: Callable[[Answer], T]
    max_bytes: int
    failed: Callable[[Unusable], None] | None


class Outbound:
    """Calls to one upstream: bounded in number, bytes and time, retried in one place, guarded by a breaker.

    `settings.total_timeout` bounds one attempt from its slot to the last byte of the body; a call with its
    retries has its own deadline. `public_only`: no connection to a private address is made, for targets that
    callers choose. `cookies`: a jar for systems with a session; without one no cookie is kept. `pace`: shared
    by all callers that one system shall meet as one. Errors: `UpstreamSilent`, `UpstreamGarbled`,
    `UpstreamRefused`.
    """

    def __init__(
        self,
        group: str,
        settings: OutboundSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        policy: RetryPolicy | None = None,
        breaker: Breaker | None = None,
        statistics: OutboundStatistics | None = None,
        public_only: bool = False,
        cookies: CookieJar | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.group = group
        self.policy = policy or RetryPolicy(attempts=settings.retries + 1)
        self.breaker = breaker or Breaker()
        self.statistics = statistics or OutboundStatistics()
        self._attempt_seconds = settings.total_timeout
        self._pace = pace or Pace(settings.max_in_flight)
        self._client = _client(settings, transport or _transport(settings, public_only), cookies)
        CONTACTS[group] = Contact(self.breaker, self.statistics, _paused_of(ref(self)))

    @property
    def paused_seconds(self) -> float:
        """How long it asked to be left alone from now; 0 outside an event loop."""
        try:
            return max(0.0, self._pace.pause_until - asyncio.get_running_loop().time())
        except RuntimeError:
            return 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; closing twice is fine."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The answer to a GET; any status but 2xx is an error."""
        call = Call(url, params or {}, headers or {})
        return await self.fetch(call, read_plainly, deadline=deadline, max_bytes=max_bytes)

    async def fetch(
        self,
        call: Call | Callable[[], Call],
        read: Callable[[Answer], T],
        *,
        deadline: float | None = None,
        max_bytes: int = MAX_BYTES,
        failed: Callable[[Unusable], None] | None = None,
    ) -> T:
        """Ask, and let `read` make something of the answer; `read` raises `Unusable` where it cannot.

        `call` may be made anew for each attempt (GET only), after `failed` has seen why the last one failed:
        a pager asks for fewer rows then, and sets `retry` on a failure that a smaller question avoids.
        `deadline`: seconds for the call with all its retries (default: what the attempts may take in all).
        Raises the error of the last attempt.
        """
        policy = self.policy
        if isinstance(call, Call) and not call.repeatable:
            policy = replace(policy, attempts=1)
        seconds = deadline if deadline is not None else self._attempt_seconds * policy.attempts + policy.cap
        ask = (lambda: call) if isinstance(call, Call) else call
        question = _Question(ask, read, max_bytes, failed)

        async def attempt(number: int) -> T:
            self.statistics.retries += number > 1
            return await self._attempt(question)

        try:
            async with asyncio.timeout(seconds):
                return await retried(attempt, policy, seconds=seconds)
        except Unusable as failure:
            raise failure.error from failure
        except TimeoutError as error:
            raise UpstreamSilent(
                f"the upstream did not answer within {seconds:g} s", code="upstream_deadline"
            ) from error

    async def _attempt(self, question: "_Question[T]") -> T:
        async with self._slot():
            await self._pace.turn()
            started = time.perf_counter()
            kind = "cancelled"
            try:
                with self.breaker.attempt():
                    answer = await self._send(question.ask(), question.max_bytes)
                    result = self._judge(answer, question.read)
                kind = "ok"
                return result
            except Unusable as failure:
                kind = failure.kind
                self._note_failure(failure)
                if question.failed is not None:
                    question.failed(failure)
                raise
            finally:
                self._count(kind, time.perf_counter() - started)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        async with self._pace.slots:
            await asyncio.sleep(max(0.0, self._pace.pause_until - asyncio.get_running_loop().time()))
            self.statistics.in_flight += 1
            try:
                yield
            finally:
                self.statistics.in_flight -= 1

    async def _send(self, call: Call, max_bytes: int) -> Answer:
        try:
            async with asyncio.timeout(self._attempt_seconds):
                return await self._exchange(call, max_bytes)
        except TimeoutError as error:
            raise overdue(self._attempt_seconds) from error
        except TRANSPORT_ERRORS as error:
            raise unusable_from(error) from error

    async def _exchange(self, call: Call, max_bytes: int) -> Answer:
        ids = {"X-Request-Id": request_id() or "-", "X-Correlation-Id": correlation_id() or "-"}
        headers = {**call.headers, **ids}
        request = self._client.build_request(
            call.method, call.url, params=dict(call.params) or None, headers=headers, content=call.content
        )
        response = await self._client.send(request, stream=True)
        if call.follow:
            response = await self._followed(response)
        try:
            body = await read_bounded(response, max_bytes)
        finally:
            await response.aclose()
        return Answer(response.status_code, dict(response.headers), body, str(response.url))

    async def _followed(self, response: httpx.Response) -> httpx.Response:
        """Where redirects lead. Their bodies are not read: httpx itself would, without a bound."""
        for _hop in range(MOST_REDIRECTS):
            following = response.next_request
            if following is None:
                return response
            await response.aclose()
            if following.method not in ("GET", "HEAD") and not _same_origin(response.url, following.url):
                raise misled("sends what was posted on to another system")
            await self._pace.turn()
            response = await self._client.send(following, stream=True)
        await response.aclose()
        raise misled(f"redirects more than {MOST_REDIRECTS} times")

    def _judge(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        self.statistics.bytes += len(answer.body)
        self.statistics.last_answer = datetime.now(UTC)
        self._note_headers(answer)
        try:
            return read(answer)
        except Unusable as failure:
            if failure.retry and failure.wait is None:
                failure.wait = retry_after_seconds(answer.headers.get("retry-after"))
            if failure.wait is not None and failure.wait <= self.policy.retry_after_ceiling:
                self._pause(failure.wait)
            raise

    def _pause(self, seconds: float) -> None:
        # One budget for the whole site (spec E.5): who is told to wait tells all the others.
        self._pace.pause_until = max(self._pace.pause_until, asyncio.get_running_loop().time() + seconds)

    def _note_headers(self, answer: Answer) -> None:
        ahead = seconds_from_now(answer.headers.get("date"))
        # The header is cut to whole seconds: half a second is its middle.
        self.statistics.clock_ahead = None if ahead is None else ahead + 0.5
        found = {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit-")}
        if found:
            self.statistics.rate_limit = found

    def _note_failure(self, failure: Unusable) -> None:
        self.statistics.last_failure = datetime.now(UTC)
        self.statistics.last_failure_detail = failure.error.detail
        log.warning(
            "upstream_failed", group=self.group, kind=failure.kind, retry=failure.retry, wait=failure.wait
        )

    def _count(self, kind: str, seconds: float) -> None:
        self.statistics.outcomes[kind] += 1
        happened(f"upstream.{self.group}", kind)
        timings().add("upstream", seconds)
        if kind not in ("cancelled", OPEN):  # those were not the upstream's doing
            OPERATIONS.record(f"upstream.{self.group}", seconds, failed=kind != "ok")


def _paused_of(found: "ref[Outbound]") -> Callable[[], float]:
    # Its connections are not kept alive for a health page.
    def paused() -> float:
        outbound = found()
        return 0.0 if outbound is None else outbound.paused_seconds

    return paused


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _client(
    settings: OutboundSettings, transport: httpx.AsyncBaseTransport, cookies: CookieJar | None
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        timeout=httpx.Timeout(settings.total_timeout, connect=settings.connect_timeout),
        headers={"Accept-Encoding": ACCEPT_ENCODING, "User-Agent": "muster"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())) if cookies is None else cookies,
        follow_redirects=False,
    )


def _transport(settings: OutboundSettings, public_only: bool) -> AiohttpTransport:
    def session() -> aiohttp.ClientSession:
        # Frappe sends five cookies of a guest session with every answer: none is kept.
        connector = aiohttp.TCPConnector(
            limit=settings.max_in_flight,
            keepalive_timeout=30,
            ssl=context,
            socket_factory=public_socket if public_only else None,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    context = _trust()
    return AiohttpTransport(verify=context, client=session)


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    # Reading the certificate authorities takes some 20 ms: once a process, not once a run.
    return httpx.create_ssl_context()
