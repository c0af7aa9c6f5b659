"""Erasures are carried out: once an hour, group by group, with proof; and again after a restore (spec E6)."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from service.access import audit
from service.children.queries import erasures
from service.children.queries.scopes import of_activities, of_child, of_sessions, of_writings
from service.core.database import WriteConnection
from service.core.errors import ServiceError
from service.core.runtime import Runtime
from service.core.tasks import JobContext
from service.core.telemetry import get_logger

SYSTEM: Final = "system"
log = get_logger("service.children")


async def carry_out_erasures(context: JobContext) -> dict[str, Any]:
    """Call off what nobody approved, erase what is due, and what a restore brought back.

    One that fails holds up no other; the run is partial then, and the next one tries it again.
    """
    runtime = context.runtime
    context.counts["requests_updated"] = await call_off_lapsed(runtime)
    async with runtime.database.read() as conn:
        due = await erasures.select_due(conn)
        risen = await erasures.select_risen(conn)
    deeds = [(row.child_id, partial(erase, runtime, row.id, row.child_id)) for row in due]
    deeds += [(row.child_id, partial(erase_again, runtime, row)) for row in risen]
    context.counts["children_deleted"] = 0
    for child_id, deed in deeds:
        context.counts["children_deleted"] += await _tried(context, child_id, deed)
        await context.progress(context.counts["children_deleted"], len(deeds), "children")
    return dict(context.counts)


async def _tried(context: JobContext, child_id: int, deed: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await deed()
    except (ServiceError, SQLAlchemyError):
        log.exception("a child could not be erased", child=child_id)
        context.partial = True
        return False


async def call_off_lapsed(runtime: Runtime) -> int:
    """Erasures without an approval in time are off; how many."""
    async with runtime.database.write() as conn:
        lapsed = await erasures.select_lapsed(conn)
        for row in lapsed:
            await erasures.call_off(conn, row)
            await audit.record(conn, SYSTEM, "erase.lapse", f"erasure:{row.id}", child_id=row.child_id)
        await runtime.versions.raise_in(conn, [of_child(row.child_id) for row in lapsed])
    return len(lapsed)


async def erase(runtime: Runtime, request_id: UUID, child_id: int) -> bool:
    """Erase one child and prove it; False where it was called off at the last moment."""
    async with runtime.database.write() as conn:
        if not await erasures.begin(conn, request_id, child_id):
            return False
        await audit.record(conn, SYSTEM, "erase.execute", f"erasure:{request_id}", child_id=child_id)
        await runtime.versions.raise_in(conn, scopes_of(child_id))
    await _delete(runtime, child_id)
    left = await _proved(runtime, child_id)
    async with runtime.database.write() as conn:
        await erasures.finish(conn, request_id, left)
        await audit.record(conn, SYSTEM, "erase.done", f"erasure:{request_id}", child_id=child_id)
    log.info("a child was erased", child=child_id, request=str(request_id))
    return True


async def erase_risen(runtime: Runtime) -> list[int]:
    """Erase again the children that a restore from a backup brought back; their numbers."""
    async with runtime.database.read() as conn:
        risen = await erasures.select_risen(conn)
    return [row.child_id for row in risen if await erase_again(runtime, row)]


async def erase_again(runtime: Runtime, row: erasures.AnyRow) -> bool:
    """Erase a child that a restore brought back, and prove it."""
    child_id = row.child_id
    async with runtime.database.write() as conn:
        await erasures.hide_child(conn, child_id)
        await audit.record(conn, SYSTEM, "erase.again", f"erasure:{row.request_id}", child_id=child_id)
        await runtime.versions.raise_in(conn, scopes_of(child_id))
    await _delete(runtime, child_id)
    await _proved(runtime, child_id)
    log.warning("a child that a restore brought back was erased again", child=child_id)
    return True


def scopes_of(child_id: int) -> Sequence[str]:
    """Every data version of a child."""
    return [of_child(child_id), of_sessions(child_id), of_activities(child_id), of_writings(child_id)]


async def _delete(runtime: Runtime, child_id: int) -> None:
    for name, statements in erasures.groups(child_id):
        async with runtime.database.write(timeout=300) as conn:
            await erasures.execute_group(conn, name, statements)
            if name == "child":
                await _raise(runtime, conn, child_id)


async def _raise(runtime: Runtime, conn: WriteConnection, child_id: int) -> None:
    # Once more: what was worked out between the first raise and the last delete is old, too.
    await runtime.versions.raise_in(conn, scopes_of(child_id))


async def _proved(runtime: Runtime, child_id: int) -> dict[str, int]:
    """The rows that are left: none. Raises `ServiceError` where there are, and the next run tries again."""
    async with runtime.database.snapshot() as conn:
        left = await erasures.count_what_is_left(conn, child_id)
    if any(left.values()):
        tables = ", ".join(name for name, rows in left.items() if rows)
        raise ServiceError(f"child {child_id} is not erased from {tables}", code="erasure_incomplete")
    return left
