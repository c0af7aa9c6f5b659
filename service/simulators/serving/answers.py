"""What goes back over the wire, and how it gets there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import orjson

JSON = "application/json"
HTML = "text/html; charset=utf-8"
Headers = tuple[tuple[str, str], ...]
Manner = Literal["plain", "drip", "hang", "reset", "broken"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the body travels: `drip` in `chunk` bytes every `pause` seconds; `hang` after the headers for
    `pause` seconds; `reset` without an answer; `broken`: `keep` of the announced body, then a reset."""

    manner: Manner = "plain"
    chunk: int = 64
    pause: float = 0.0
    keep: float = 0.5


PLAIN = Delivery()


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; `rows` is how many documents it carries, for the request log."""

    status: int
    body: bytes | AsyncIterator[bytes]
    media_type: str = JSON
    headers: Headers = ()
    rows: int | None = None
    delivery: Delivery = field(default=PLAIN)
    own_headers: bool = True

    def but(self, **changes: object) -> Answer:
        """The same answer with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are those of the fields

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> Answer:
        return replace(self, headers=(*self.headers, *headers))


def json_answer(payload: object, status: int = 200, rows: int | None = None) -> Answer:
    return Answer(status, orjson.dumps(payload), rows=rows)


async def whole(answer: Answer) -> bytes:
    """The body as bytes, however it was going to travel."""
    if isinstance(answer.body, bytes):
        return answer.body
    return b"".join([chunk async for chunk in answer.body])


def html(status: int, text: str, headers: Headers = ()) -> Answer:
    return Answer(status, text.encode(), HTML, headers)
