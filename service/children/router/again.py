"""Kept answers of writes: given again only to who still sees the children they are about (spec E3, 404)."""

from collections.abc import Collection
from typing import Final

from fastapi import Request
from starlette.responses import Response

from service.children.door import hide
from service.children.queries.repeated import OWNED, all_seen, owner_named
from service.children.queries.standing import select_owner
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Effect, Still, write_once
from service.core.runtime import Runtime

REPEATED: Final = "answer.repeat"


async def write_seen(runtime: Runtime, request: Request, caller: Caller, effect: Effect) -> Response:
    """Do it once; an answer that was kept is given again while the child is seen."""
    return await write_once(runtime.database, request, caller.id, effect, still=while_seen(request, caller))


def while_seen(request: Request, caller: Caller) -> Still:
    """Refuse a kept answer about a child that the caller sees no more, as any request about it is refused.

    The child is the one that the path names, itself or by a thing of its own; of one that was added, the
    one that the answer says was.
    """

    async def still(conn: WriteConnection, kept: Response) -> bool:
        child = await _told_of(conn, request, kept)
        if child is not None and not await all_seen(conn, caller, [child]):
            await hide(conn, caller, REPEATED, child)
        return True

    return still


def while_all_seen(caller: Caller, child_ids: Collection[int]) -> Still:
    """Decide a batch anew where one of its children is seen no more: each item has an id of its own."""

    async def still(conn: WriteConnection, _: Response) -> bool:
        return await all_seen(conn, caller, child_ids)

    return still


async def _told_of(conn: ReadConnection, request: Request, kept: Response) -> int | None:
    named = request.path_params
    if "child_id" in named:
        return int(named["child_id"])
    for name in OWNED.keys() & named.keys():
        return await select_owner(conn, owner_named(name, named[name])) or _GONE
    made = kept.headers.get("location", "").rpartition("/")[2]
    return int(made) if made.isdecimal() else None


_GONE: Final = 0
"""No child has this number: what the path names went with its child."""
