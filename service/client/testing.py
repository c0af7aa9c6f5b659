"""A Muster that is not there: test code that uses the client, without a server.

    fake = FakeMuster()
    fake.answer("/v1/attendance/reports/monthly-sheet", ReportAnswer(...))
    fake.listing("/v1/attendance/days", [Day(...), ...])
    fake.fail("/v1/attendance/days", status=503, times=2)
    async with fake.client() as muster:
        ...
    assert fake.requests[-1].query == {"site": "Villas"}

Everything between the method and the socket is the real client: paging, retries, ETags, errors.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import BaseModel
from pydantic_core import to_json

from service.client._client import MusterClient
from service.client._credentials import REFRESH, TOKEN
from service.client._message import wire_text
from service.client._options import Backoff
from service.client.sync import MusterClientSync
from service.schemas.envelope import FieldProblem, Listing, Meta, Page, Problem

BASE_URL = "http://muster.invalid"
AT_ONCE = Backoff(first=0.0, longest=0.0)
TOKENS = {"access_token": "fake", "refresh_token": "fake", "expires_in": 900, "token_type": "bearer"}


@dataclass(frozen=True)
class FakeRequest:
    """A request that reached the fake; of a repeated query parameter it has the first value."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: Any = None


Answering = Callable[[FakeRequest], object]
_Responding = Callable[[httpx.Request], httpx.Response]


@dataclass
class _Failure:
    method: str
    path: re.Pattern[str]
    answer: _Responding
    times: int | None


class FakeMuster:
    """Answers what it was told to. ``requests`` holds what reached it, failures included.

    Paths may have the service's own ``{placeholders}``, which stand for any one segment. What it was not told
    is 404, as a problem document. The newest telling wins; failures come before answers.
    """

    def __init__(self) -> None:
        self.requests: list[FakeRequest] = []
        self._answers: list[tuple[str, re.Pattern[str], int, Answering]] = []
        self._failures: list[_Failure] = []
        for path in (TOKEN, REFRESH):
            self.answer(path, TOKENS, method="POST")

    def client(self, **settings: Any) -> MusterClient:
        """An async client of this fake that does not wait between retries; settings as of `MusterClient`.

        With ``email`` and ``password`` it signs in as a person, whoever that is.
        """
        return MusterClient(BASE_URL, _key(settings), **self._with_transport(settings))

    def client_sync(self, **settings: Any) -> MusterClientSync:
        """A blocking client of this fake."""
        return MusterClientSync(BASE_URL, _key(settings), **self._with_transport(settings))

    def answer(
        self, path: str, answer: BaseModel | object | Answering, *, method: str = "GET", status: int = 200
    ) -> None:
        """Answer ``path`` with a model, plain data, text, bytes, or what a function of the request gives."""
        give: Answering = answer if callable(answer) else lambda _: answer
        self._answers.insert(0, (method.upper(), _pattern(path), status, give))

    def listing(
        self, path: str, rows: Sequence[object], *, limit: int = 100, meta: Meta | None = None
    ) -> None:
        """Answer ``path`` as a list of ``rows``, in pages of ``limit`` unless the request says otherwise."""

        def page(request: FakeRequest) -> Listing[Any]:
            size = int(request.query.get("limit", limit))
            start = int(request.query.get("cursor", "at-0").removeprefix("at-"))
            following = start + size if start + size < len(rows) else None
            where = Page(
                next=None if following is None else f"at-{following}",
                has_more=following is not None,
                limit=size,
            )
            return Listing[Any](items=list(rows[start : start + size]), page=where, meta=meta)

        self.answer(path, page)

    def fail(
        self,
        path: str,
        *,
        status: int | None = None,
        method: str = "GET",
        times: int | None = None,
        code: str = "told_to_fail",
        detail: str | None = None,
        retry_after: int | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        """Fail the next ``times`` requests of ``path`` (None: all of them).

        With ``status`` as a problem document; without, as a connection that is reset.
        """
        answer: _Responding = _reset
        if status is not None:
            title = httpx.codes.get_reason_phrase(status) or "Error"
            problem = Problem(title=title, status=status, code=code, detail=detail, errors=list(errors))
            answer = _problem(problem, retry_after)
        self._failures.insert(0, _Failure(method.upper(), _pattern(path), answer, times))

    def _with_transport(self, settings: dict[str, Any]) -> dict[str, Any]:
        return {"backoff": AT_ONCE, "transport": httpx.MockTransport(self._handle), **settings}

    def _handle(self, request: httpx.Request) -> httpx.Response:
        seen = _seen(request)
        self.requests.append(seen)
        path = request.url.raw_path.decode().partition("?")[0]
        for failure in self._failures:
            if failure.times != 0 and failure.method == seen.method and failure.path.fullmatch(path):
                failure.times = None if failure.times is None else failure.times - 1
                return failure.answer(request)
        for method, pattern, status, give in self._answers:
            if method == seen.method and pattern.fullmatch(path):
                return _response(status, give(seen), request)
        detail = f"the fake was not told what {seen.method} {seen.path} answers"
        return _problem(Problem(title="Not found", status=404, code="not_found", detail=detail), None)(
            request
        )


def _key(settings: Mapping[str, Any]) -> str | None:
    return None if "email" in settings else "mst_fake"


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _seen(request: httpx.Request) -> FakeRequest:
    headers = {name.lower(): value for name, value in request.headers.items() if name != "authorization"}
    is_json = headers.get("content-type", "").startswith("application/json")
    body = json.loads(request.content) if is_json else request.content or None
    return FakeRequest(request.method, request.url.path, dict(request.url.params), headers, body)


def _response(status: int, content: object, request: httpx.Request) -> httpx.Response:
    if content is None:
        return httpx.Response(204 if status == 200 else status)
    if isinstance(content, str | bytes):
        return httpx.Response(status, content=content)
    body = to_json(content, by_alias=True)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.method == "GET" and request.headers.get("if-none-match") == etag:
        return httpx.Response(304, headers={"etag": etag})
    return httpx.Response(status, content=body, headers={"etag": etag, "content-type": "application/json"})


def _problem(problem: Problem, retry_after: int | None) -> _Responding:
    headers = {"content-type": "application/problem+json", "x-request-id": "fake"}
    if retry_after is not None:
        headers["retry-after"] = wire_text(retry_after)
    body = problem.model_dump_json().encode()
    return lambda _: httpx.Response(problem.status, content=body, headers=headers)


def _reset(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("connection reset by peer", request=request)
