"""What the generated desks stand on: lists, reports and single calls."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic
from urllib.parse import parse_qsl

from typing_extensions import TypeVar

from service.client._download import download
from service.client._events import EventStream
from service.client._message import Query, Request, encode_body, query_pairs, wire_text
from service.client._options import CallOptions
from service.client._paging import PageLike, PageWalk, Rows
from service.client._pending import Pending
from service.client._session import Session
from service.schemas.envelope import Listing

T = TypeVar("T")
S = TypeVar("S")
A = TypeVar("A", bound=PageLike, default=Listing[T])


class ReportCall(Pending[T]):
    """A report: await it for the typed answer, or ``download`` it as a file in another format."""

    def __init__(
        self, session: Session, result: type[T], request: Request, options: CallOptions | None
    ) -> None:
        self._session = session
        self._result = result
        self._request = request
        self._options = options

    async def _call(self) -> T:
        return await self._session.parsed(self._result, self._request, self._options)

    async def download(
        self,
        target: str | os.PathLike[str],
        format: str = "csv",  # noqa: A002
    ) -> Path:
        """Stream the report to a file. ``format`` is one that the report offers: csv, html, …"""
        return await download(self._session, self._request, target, format, self._options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._request.line()}>"


class FileCall(Pending[bytes]):
    """A file: await it for its bytes, or ``download`` it to where it shall lie."""

    def __init__(self, session: Session, request: Request, options: CallOptions | None) -> None:
        self._session = session
        self._request = request
        self._options = options

    async def _call(self) -> bytes:
        return await self._session.parsed(bytes, self._request, self._options)

    async def download(self, target: str | os.PathLike[str]) -> Path:
        """Stream it to a file, which appears only when all of it has arrived."""
        return await download(self._session, self._request, target, None, self._options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._request.line()}>"


class Pages(ReportCall[A], Generic[T, A]):
    """A list: ``await`` gives one page, ``async for`` all rows, each page fetched with the same filters."""

    def __aiter__(self) -> Rows[T]:
        return Rows(self.walk())

    async def pages(self) -> AsyncIterator[A]:
        """All pages, one after the other."""
        walk = self.walk()
        try:
            while (page := await walk.step()) is not None:
                yield page
        finally:
            await walk.aclose()

    def walk(self) -> PageWalk[A]:
        """The pages as an object that can be asked for its cursor."""
        given = dict(self._request.query).get("cursor")
        return PageWalk(self._page, self._session.spawn, given)

    async def _page(self, cursor: str | None) -> A:
        rest = tuple(pair for pair in self._request.query if pair[0] != "cursor")
        query = rest if cursor is None else (*rest, ("cursor", cursor))
        return await self._session.parsed(self._result, replace(self._request, query=query), self._options)


class Desk:
    """One desk's operations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session!r}>"

    async def _call(
        self,
        result: type[T],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, object] | None = None,
        options: CallOptions | None = None,
    ) -> T:
        request = make_request(method, path, query=query, body=body, headers=headers)
        return await self._session.parsed(result, request, options)

    async def _either(self, first: type[T], second: type[S], method: str, path: str, **more: Any) -> T | S:
        """An answer of one of two models: which of them is told by its fields."""
        both: Any = first | second
        answer: T | S = await self._call(both, method, path, **more)
        return answer

    def _report(self, result: type[T], path: str, query: Query, options: CallOptions | None) -> ReportCall[T]:
        return ReportCall(self._session, result, make_request("GET", path, query=query), options)

    def _file(self, path: str, query: Query, options: CallOptions | None) -> FileCall:
        request = make_request("GET", path, query=query, headers={"accept": "*/*"})
        return FileCall(self._session, request, options)

    def _stream(
        self,
        path: str,
        query: Query,
        options: CallOptions | None,
        headers: Mapping[str, object] | None = None,
    ) -> EventStream:
        accepting = {"accept": "text/event-stream", **(headers or {})}
        return EventStream(self._session, make_request("GET", path, query=query, headers=accepting), options)

    def _list(
        self, _row: type[T], page: type[A], path: str, query: Query, options: CallOptions | None
    ) -> Pages[T, A]:
        return Pages(self._session, page, make_request("GET", path, query=query), options)


def make_request(
    method: str,
    path: str,
    *,
    query: Query | None = None,
    body: object = None,
    headers: Mapping[str, Any] | None = None,
) -> Request:
    """A request from Python values. Headers that are None are left out; a query within the path is kept."""
    path, _, inline = path.partition("?")
    pairs = (*parse_qsl(inline, keep_blank_values=True), *query_pairs(query or {}))
    content, kind = encode_body(body)
    sent = {name: wire_text(value) for name, value in (headers or {}).items() if value is not None}
    if kind is not None:
        sent.setdefault("content-type", kind)
    return Request(method.upper(), path, tuple(sorted(pairs)), sent, content)
