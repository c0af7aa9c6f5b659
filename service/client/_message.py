"""Requests and answers as plain data, and how values are written into them."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from service.client._retry import parse_retry_after
from service.client.errors import Refused, Unreadable, refusal
from service.schemas.envelope import Problem

Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``path`` is relative to the client's base URL."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        # A credential must never travel to another host, so neither an absolute URL nor `//host` is a path.
        if not self.path.startswith("/") or self.path.startswith(("//", "/\\")):
            raise ValueError(f"a path begins with exactly one slash: {self.path!r}")

    def line(self) -> str:
        """Method and path, for error messages: without the query, which may hold names of people."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``headers`` with lower-case names, ``body`` decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as Python data. Raises `Unreadable` when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unreadable(f"answer {self.status} is not JSON ({len(self.body)} bytes)") from error

    @property
    def request_id(self) -> str | None:
        """The id under which the service logged this request."""
        return self.headers.get("x-request-id")

    @property
    def data_version(self) -> str | None:
        """The ``Data-Version`` of the data that was read or written."""
        return self.headers.get("data-version")

    def refused(self) -> Refused:
        """This answer of 400 or more as the error to raise."""
        wait = parse_retry_after(self.headers.get("retry-after"))
        return refusal(self.status, self._problem(), request_id=self.request_id, retry_after=wait)

    def _problem(self) -> Problem | None:
        try:
            return Problem.model_validate_json(self.body)
        except ValidationError:
            return None


def segment(value: object) -> str:
    """A value as one path segment. Raises ValueError where it would change the path: empty, ``.``, ``..``."""
    text = wire_text(value)
    if text in {"", ".", ".."}:
        raise ValueError(f"{text!r} cannot be part of a path")
    return quote(text, safe="")


def query_pairs(query: Query) -> tuple[tuple[str, str], ...]:
    """Query parameters as sorted pairs: None is left out, a sequence is repeated."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        several = isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes)
        values = value if several else (value,)
        pairs += [(name, wire_text(one)) for one in values if one is not None]
    return tuple(sorted(pairs))


def wire_text(value: object) -> str:
    """A scalar as it is written in a URL or a header: ISO dates and instants, ``true``/``false``."""
    if isinstance(value, enum.Enum):
        return wire_text(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def etag_text(value: str | int | None) -> str | None:
    """What ``If-Match`` says: an ETag as it came, or the ``version`` of what is changed."""
    return f'"{value}"' if isinstance(value, int) else value


def encode_form(body: BaseModel | Mapping[str, Any]) -> bytes:
    """A form's fields as ``application/x-www-form-urlencoded``; what is None or was not set is left out."""
    fields = (
        body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if isinstance(body, BaseModel)
        else body
    )
    return urlencode(query_pairs(fields)).encode()


def encode_body(body: object) -> tuple[bytes | None, str | None]:
    """Body bytes and their content type: models and plain data as JSON, bytes as they are, None for none.

    Of a model only the fields that were set are sent, so that a default stays the server's to decide.
    """
    if body is None:
        return None, None
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True, exclude_unset=True).encode(), "application/json"
    return to_json(body, by_alias=True), "application/json"
