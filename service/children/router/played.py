"""What the routes of sessions, activities and points have in common: who asks, ids, answers, writes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.inbound import CallerDep, RuntimeDep
from service.core.paging import Cursors, next_link
from service.core.runtime import Runtime
from service.core.versions import token
from service.schemas.envelope import Listing

READS: Final = "sessions:read"
WRITES: Final = "sessions:write"
_LARGEST: Final = 2**63 - 1
NO_STORE: Final = {"Cache-Control": "no-store"}
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The version that is changed (ETag).")]


def existing(number: int) -> int:
    """The number of a row; 0, which no row has, for one that no row can have."""
    return number if number <= _LARGEST else 0


async def _child(child_id: int) -> int:
    return existing(child_id)


async def _session(session_id: int) -> int:
    return existing(session_id)


async def _activity(activity_id: int) -> int:
    return existing(activity_id)


ChildId = Annotated[int, Depends(_child)]
SessionId = Annotated[int, Depends(_session)]
ActivityId = Annotated[int, Depends(_activity)]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody who is known."""

    request: Request
    runtime: Runtime
    caller: Caller

    @property
    def policy(self) -> str:
        """The privacy policy that holds."""
        return self.runtime.settings.children.policy_version

    @property
    def cursors(self) -> Cursors:
        """What signs the places of lists."""
        return Cursors.of(self.runtime.settings)


async def _call(request: Request, runtime: RuntimeDep, caller: CallerDep) -> Call:
    return Call(request, runtime, caller)


CallDep = Annotated[Call, Depends(_call)]
Deed = Callable[[WriteConnection], Awaitable[tuple[Answered, list[str]]]]


async def write(call: Call, deed: Deed) -> Response:
    """Do it once, raise the data versions it names as the transaction's last statement, and answer."""

    async def effect(conn: WriteConnection) -> Answered:
        answered, scopes = await deed(conn)
        raised = await call.runtime.versions.raise_in(conn, scopes)
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(answered.content, answered.status, {**NO_STORE, **seen, **answered.headers})

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


def versioned(version: int) -> dict[str, str]:
    """The strong ETag that names a version."""
    return {"ETag": f'"{version}"'}


def answer(content: BaseModel, headers: Mapping[str, str] | None = None) -> Response:
    """What was read; nobody on the way keeps it."""
    body = content.model_dump_json(by_alias=True)
    return Response(body, headers={**NO_STORE, **(headers or {})}, media_type="application/json")


def answer_page(call: Call, listing: Listing[Any]) -> Response:
    """A page, with the link to the next one."""
    return answer(listing, next_link(str(call.request.url), listing.page.next))
