"""What the routes of sessions, activities and points have in common: who asks, and how they write."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from service.children.family import call as family
from service.children.router.again import while_seen
from service.children.router.answers import NO_STORE
from service.core.database import WriteConnection
from service.core.idempotency import Answered, Still, write_once
from service.core.inbound import CallerDep, RuntimeDep
from service.core.versions import token

READS: Final = "sessions:read"
WRITES: Final = "sessions:write"


@dataclass(frozen=True, kw_only=True)
class Call(family.Call):
    """The same with the request, whose answer is given again where it is sent again."""

    request: Request


async def _call(request: Request, runtime: RuntimeDep, caller: CallerDep) -> Call:
    return Call(runtime, caller, request=request)


CallDep = Annotated[Call, Depends(_call)]
Deed = Callable[[WriteConnection], Awaitable[tuple[Answered, list[str]]]]


async def write(call: Call, deed: Deed, still: Still | None = None) -> Response:
    """Do it once, raise the data versions it names as the transaction's last statement, and answer.

    An answer that was kept is given again while the child is seen, or as `still` says.
    """

    async def effect(conn: WriteConnection) -> Answered:
        answered, scopes = await deed(conn)
        raised = await call.runtime.versions.raise_in(conn, scopes)
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(answered.content, answered.status, {**NO_STORE, **seen, **answered.headers})

    still = still or while_seen(call.request, call.caller)
    return await write_once(call.runtime.database, call.request, call.caller.id, effect, still=still)
