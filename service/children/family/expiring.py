"""Access that is over is marked so (spec D12); nobody waits for it, the predicate looks at the clock."""

from service.access import audit
from service.children.queries import around, scopes
from service.core.tasks import JobContext


async def end_expired(context: JobContext) -> dict[str, int]:
    """End assignments past their end, or whose consent was withdrawn; how many there were."""
    runtime = context.runtime
    async with runtime.database.write() as conn:
        over = await around.end_expired(conn)
        children = sorted({one.child_id for one in over})
        if children:
            changed = ["status", "ends_at"]
            await audit.record(
                conn, "system", "assignment.expire", "children", child_ids=children, changed_fields=changed
            )
            await runtime.versions.raise_in(conn, [scopes.of_child(child) for child in children])
    context.counts["assignments_updated"] += len(over)
    return {"ended": len(over)}
