"""From an answer to the value that the caller was promised, or to the error that says why not."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from service.client._message import Answer, Request
from service.client.errors import IncompleteData, Unreadable
from service.schemas.envelope import Meta

T = TypeVar("T")


def accepted(answer: Answer, request: Request) -> Answer:
    """The answer, if it is one. Raises `Refused` for 400 or more.

    A redirect is `Unreadable`: following it could carry the key to another host.
    """
    if answer.status >= 400:
        raise answer.refused()
    if 300 <= answer.status < 400 and answer.status != 304:
        raise Unreadable(f"{request.line()}: redirected ({answer.status}); check the base_url")
    return answer


def read(result: Any, answer: Answer, request: Request) -> Any:
    """The body as ``result``: text, bytes, None, or JSON that fits the type. Raises `Unreadable`."""
    if result is type(None):
        return None
    if result is bytes:
        return answer.body
    if result is str:
        return answer.body.decode(errors="replace")
    try:
        return _adapter(result).validate_json(answer.body)
    except ValidationError as error:
        raise Unreadable(_misfit(error, answer, request)) from error


def checked_complete(value: T) -> T:
    """The value, if its ``meta`` states that it is complete or it has none. Raises `IncompleteData`."""
    meta = getattr(value, "meta", None)
    if isinstance(meta, Meta) and not meta.complete:
        raise IncompleteData(value, meta)
    return value


@lru_cache(maxsize=512)
def _adapter(result: Any) -> TypeAdapter[Any]:
    return TypeAdapter(result)


def _misfit(error: ValidationError, answer: Answer, request: Request) -> str:
    """Where it does not fit, without the values: they may be about people."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole body"
    said = f"{request.line()}: the answer does not fit the contract at {where}: {first['msg']}"
    return f"{said} [request {answer.request_id}]" if answer.request_id else said
