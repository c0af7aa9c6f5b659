"""Deeds at a child as the audit has them: names of fields, never values."""

from collections.abc import Sequence

from sqlalchemy import func

from service.access import audit
from service.children.family.call import Call
from service.children.queries import profiles
from service.children.queries.erasures import keep_restricted
from service.core.database import WriteConnection


async def recorded(
    conn: WriteConnection,
    call: Call,
    what: str,
    child_id: int,
    changed: Sequence[str],
    *,
    subject: str | None = None,
) -> None:
    """Put a deed at a child, or at something of its, into the audit within the transaction."""
    named = subject or f"child:{child_id}"
    await audit.record(conn, call.caller, what, named, child_id=child_id, changed_fields=changed)


async def restrict_for_itself(conn: WriteConnection, call: Call, child_id: int, *, restricted: bool) -> None:
    """Restrict the record of a child that is held; the restriction of an open erasure then outlives it."""
    if restricted:
        await keep_restricted(conn, child_id)
        return
    await profiles.update_child(conn, child_id, {"restricted_at": func.now()})
    await recorded(conn, call, "child.restrict", child_id, ["restricted_at"])
