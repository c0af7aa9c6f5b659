"""Restriction of a child's record (spec E6): guardians read it, nobody else does anything with it."""

from service.access.answering import require_version
from service.children.door import admit
from service.children.family.call import Call
from service.children.family.profile import Brief, known_child
from service.children.family.recording import recorded, restrict_for_itself
from service.children.family.shown import brief
from service.children.queries import profiles
from service.children.queries.consents import erasure_is_open
from service.children.rules.permissions import Action
from service.core.database import WriteConnection
from service.core.errors import Conflict


async def restrict(conn: WriteConnection, call: Call, child_id: int, if_match: str | None) -> Brief:
    """Restrict a record; one that is restricted stays so, also where an erasure that did it is called off."""
    standing = await admit(conn, call.caller, child_id, Action.CONSENT, "child.restrict", lock=True)
    known = await known_child(conn, call, child_id)
    require_version(known.child.version, if_match)
    await restrict_for_itself(conn, call, child_id, restricted=standing.restricted)
    if standing.restricted:
        return brief(known, call), {}
    return brief(await known_child(conn, call, child_id), call), await call.changed(conn, [child_id])


async def lift(conn: WriteConnection, call: Call, child_id: int) -> dict[str, str]:
    """Let a record be used again.

    Raises `Conflict`: without consent to processing (`consent_required`), before an erasure
    (`erasure_pending`).
    """
    standing = await admit(conn, call.caller, child_id, Action.CONSENT, "child.unrestrict", lock=True)
    if not standing.restricted:
        return {}
    known = await known_child(conn, call, child_id)
    if known.agreed_on is None:
        detail = "without consent to processing this record can only be read; give it first"
        raise Conflict(detail, code="consent_required")
    if await erasure_is_open(conn, child_id):
        raise Conflict("this child is about to be erased; cancel that first", code="erasure_pending")
    await profiles.update_child(conn, child_id, {"restricted_at": None})
    await recorded(conn, call, "child.unrestrict", child_id, ["restricted_at"])
    return await call.changed(conn, [child_id])
