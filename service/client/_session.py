"""A call from beginning to end: headers, attempts, remembered ETags, versions of writes, the reading."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

from service.client._attempts import Attempts
from service.client._credentials import Person
from service.client._memory import RememberedAnswers, WrittenVersions
from service.client._message import Answer, Request
from service.client._options import CallOptions, Limits
from service.client._reading import accepted, checked_complete, read
from service.client._retry import IDEMPOTENCY_KEY
from service.client._transport import Transport
from service.client.errors import MusterError, TimedOut

T = TypeVar("T")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TIMEOUT = 30.0
RETRIES = 2
SILENCE = 45.0
"""Seconds after which an event stream is taken for dead: the service gives a sign of life every 15 s."""

Take = Callable[[AsyncIterator[bytes]], Awaitable[T]]


class Closing(Protocol):
    """What lasts until it is closed."""

    async def aclose(self) -> None:
        """End it. A second time does nothing."""


@dataclass(frozen=True)
class Shared:
    """What a client and its ``with_options`` views have in common."""

    transport: Transport
    attempts: Attempts
    answers: RememberedAnswers = field(default_factory=RememberedAnswers)
    written: WrittenVersions = field(default_factory=WrittenVersions)
    background: set[asyncio.Task[Any]] = field(default_factory=set)
    streams: WeakSet[Closing] = field(default_factory=WeakSet)


class Session:
    """Makes calls with ``options`` as their defaults."""

    def __init__(self, shared: Shared, options: CallOptions) -> None:
        self._shared = shared
        self.options = options

    def with_options(self, options: CallOptions) -> Session:
        """The same connection, slots and memory with other defaults."""
        return Session(self._shared, options.over(self.options))

    async def answer(self, request: Request, options: CallOptions | None = None) -> Answer:
        """The raw answer, below 400. Raises the errors of `service.client.errors`."""
        chosen = self.chosen(options)
        prepared = self._prepared(request, chosen)
        known = None if chosen.fresh else self._shared.answers.get(prepared)
        sent = _conditional(prepared, known)
        limits = _limits(chosen)

        async def attempt(end: float | None) -> Answer:
            answer = await self._shared.transport.exchange(sent, _seconds(limits.timeout, end))
            return accepted(answer, sent)

        answer = await self._shared.attempts.run(sent, limits, attempt)
        return self._remembered(prepared, answer, known)

    async def parsed(self, result: type[T], request: Request, options: CallOptions | None = None) -> T:
        """The answer as ``result``. Raises `IncompleteData` where completeness is required and not given."""
        value: T = read(result, await self.answer(request, options), request)
        return checked_complete(value) if self.chosen(options).require_complete else value

    async def consume(self, request: Request, options: CallOptions | None, take: Take[T]) -> T:
        """Stream one answer into ``take``, which begins anew at each retry.

        Only a deadline given with the call bounds the whole; the client's own is meant for small answers.
        """
        chosen = self.chosen(options)
        prepared = self._prepared(request, chosen)
        limits = replace(_limits(chosen), deadline=options.deadline if options else None)

        async def attempt(end: float | None) -> T:
            try:
                async with asyncio.timeout_at(end):
                    return await self._streamed(prepared, limits.timeout, take)
            except TimeoutError as error:
                raise TimedOut(f"{request.line()}: not finished before the deadline") from error

        return await self._shared.attempts.run(prepared, limits, attempt)

    @asynccontextmanager
    async def listening(
        self, request: Request, options: CallOptions | None
    ) -> AsyncIterator[tuple[Answer, AsyncIterator[bytes]]]:
        """One attempt at an answer that goes on and on: its head and its chunks; it takes no slot."""
        chosen = self.chosen(options)
        prepared = self._prepared(request, chosen)
        silent = max(_limits(chosen).timeout, SILENCE)
        async with self._shared.transport.stream(prepared, silent, at_once=True) as (head, chunks):
            yield accepted(head, prepared), chunks

    def wait_before(
        self, number: int, error: MusterError, request: Request, options: CallOptions | None
    ) -> float | None:
        """Seconds before retry ``number`` (from 0) of what failed; None where it is not tried again."""
        return self._shared.attempts.wait_before(number, error, request, _limits(self.chosen(options)))

    def chosen(self, options: CallOptions | None) -> CallOptions:
        """The options of a call: its own over the defaults."""
        return options.over(self.options) if options else self.options

    def closes(self, stream: Closing) -> None:
        """Close it with the client at the latest, unless it is forgotten before."""
        self._shared.streams.add(stream)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A background task that ends with the client at the latest; its failure is told to who awaits it."""
        task = asyncio.get_running_loop().create_task(work)
        self._shared.background.add(task)
        task.add_done_callback(self._ended)
        return task

    async def sign_out(self) -> None:
        """Forget a person's sign-in, here and at the service."""
        shown, bare = self._shared.transport.credential, self._shared.transport.bare
        if isinstance(shown, Person):
            await shown.sign_out(bare)
        self._shared.answers.clear()

    async def aclose(self) -> None:
        """End streams and background tasks and close what is ours. A second time does nothing."""
        for stream in list(self._shared.streams):
            await stream.aclose()
        tasks = list(self._shared.background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._shared.answers.clear()
        await self._shared.transport.aclose()

    def __repr__(self) -> str:
        return f"Session({self._shared.transport.base_url!r}, {self.options!r})"

    async def _streamed(self, request: Request, timeout: float, take: Take[T]) -> T:
        async with self._shared.transport.stream(request, timeout) as (head, chunks):
            accepted(head, request)
            return await take(chunks)

    def _remembered(self, request: Request, answer: Answer, known: Answer | None) -> Answer:
        if answer.status == 304 and known is not None:
            return Answer(known.status, {**known.headers, **answer.headers}, known.body)
        self._shared.answers.put(request, answer)
        if request.method not in READING:
            self._shared.written.note(answer.data_version)
        return answer

    def _prepared(self, request: Request, chosen: CallOptions) -> Request:
        headers = {name.lower(): value for name, value in {**request.headers, **chosen.headers}.items()}
        if request.method == "POST":
            headers.setdefault(IDEMPOTENCY_KEY, chosen.idempotency_key or uuid.uuid4().hex)
        minimum = chosen.min_data_version or self._shared.written.token()
        if request.method in READING and minimum:
            headers.setdefault("min-data-version", minimum)
        return replace(request, headers=headers)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._shared.background.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen: a prefetched page nobody asks for is no warning


def _conditional(request: Request, known: Answer | None) -> Request:
    if known is None or "if-none-match" in request.headers:
        return request
    return replace(request, headers={**request.headers, "if-none-match": known.headers["etag"]})


def _limits(chosen: CallOptions) -> Limits:
    timeout = TIMEOUT if chosen.timeout is None else chosen.timeout
    return Limits(timeout, chosen.deadline, RETRIES if chosen.retries is None else chosen.retries)


def _seconds(timeout: float, end: float | None) -> float:
    if end is None:
        return timeout
    return min(timeout, end - asyncio.get_running_loop().time())
