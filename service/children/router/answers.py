"""How routes of this desk answer: never kept by anybody, with the version that `If-Match` names."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.children.door import note_reading
from service.children.family.call import Call
from service.core.idempotency import Answered
from service.core.inbound import CallerDep, RuntimeDep
from service.core.paging import next_link
from service.schemas.children.family import ChildSummary
from service.schemas.envelope import Listing

NO_STORE: Final[dict[str, str]] = {"Cache-Control": "no-store"}

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The version that is changed (its ETag).")
]


async def _call(runtime: RuntimeDep, caller: CallerDep) -> Call:
    return Call(runtime, caller)


CallDep = Annotated[Call, Depends(_call)]


def versioned(version: int) -> dict[str, str]:
    """The strong ETag of a thing at this version."""
    return {"ETag": f'"{version}"'}


def read(content: BaseModel | Mapping[str, Any], **headers: str) -> Response:
    """The answer of a reading."""
    body = content.model_dump_json(by_alias=True) if isinstance(content, BaseModel) else orjson.dumps(content)
    return Response(body, headers={**NO_STORE, **headers}, media_type="application/json")


def read_page(request: Request, listing: Listing[Any]) -> Response:
    """The answer of a list, with the link to its next page."""
    return read(listing, **next_link(str(request.url), listing.page.next))


def written(
    content: BaseModel | Mapping[str, Any], headers: Mapping[str, str], status: int = 200
) -> Answered:
    """The answer of a write; `headers` of what it raised."""
    return Answered(content, status, {**NO_STORE, **headers})


async def note_list(call: Call, what: str, listing: Listing[ChildSummary]) -> None:
    """Put into the audit which children a list showed."""
    children = [item.id for item in listing.items]
    await note_reading(call.runtime.database, call.caller, what, child_ids=children)
