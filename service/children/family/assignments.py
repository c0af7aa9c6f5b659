"""Professionals' access to a child: invited by guardians, taken or declined, ended by either (spec D4)."""

from typing import Any, cast

from sqlalchemy import Row, func

from service.access.answering import require_version
from service.children.door import LevelTooLow, admit, hide
from service.children.family.call import Call
from service.children.family.consents import give
from service.children.family.recording import recorded
from service.children.queries import around
from service.children.queries.consents import standing_consent
from service.children.queries.paged import read_page
from service.children.rules.permissions import Action, may
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid
from service.schemas.children.around import (
    AroundAsk,
    AssignmentAsk,
    AssignmentPatch,
    AssignmentsAsk,
    AssignmentShown,
)
from service.schemas.children.words import Level
from service.schemas.envelope import Listing

Answer = tuple[AssignmentShown, dict[str, str]]
_GUARDS = frozenset({"primary", "full", "read_only", "break_glass"})


async def page_of(
    conn: ReadConnection, call: Call, child_id: int, ask: AroundAsk
) -> Listing[AssignmentShown]:
    """The assignments of a child to its guardians, to a professional their own."""
    standing = await admit(conn, call.caller, child_id, Action.READ, "assignment.read")
    own = standing.level not in _GUARDS
    statement = around.assignments_of(call.caller, child_id, own=own)
    return await _page(conn, call, ask, f"children.assignments/{child_id}", statement)


async def own_page(conn: ReadConnection, call: Call, ask: AssignmentsAsk) -> Listing[AssignmentShown]:
    """The assignments of a professional, invitations first of all: by number, newest first."""
    statement = around.own_assignments(call.caller, ask.status)
    return await _page(conn, call, ask, "children.assignments", statement)


async def _page(
    conn: ReadConnection, call: Call, ask: AroundAsk, name: str, statement: Any
) -> Listing[AssignmentShown]:
    listed = name, around.ASSIGNMENTS, statement
    rows, page = await read_page(conn, call.caller, call.cursors, ask, listed)
    items = [AssignmentShown.model_validate(row._asdict()) for row in rows]
    return Listing[AssignmentShown](items=items, page=page)


async def invite(conn: WriteConnection, call: Call, child_id: int, asked: AssignmentAsk) -> Answer:
    """Invite a professional, with the consent to share where it is asked for.

    Raises `Invalid` (`not_verified`) and `Conflict` (`consent_required`, `already_active`).
    """
    standing = await admit(conn, call.caller, child_id, Action.INVITE, "assignment.invite", lock=True)
    if not standing.is_active:
        raise Conflict("this child is archived; restore it first", code="archived")
    professional = asked.professional_id
    if asked.ends_at is not None and asked.ends_at <= call.now:
        _refuse("/body/ends_at", "not_in_future", "the access would be over before it begins")
    if not await around.is_verified_professional(conn, professional):
        _refuse("/body/professional_id", "not_verified", "this is no professional with a verified licence")
    if asked.grant_consent:
        await give(conn, call, child_id, "share_professional", professional)
    await _require_consent(conn, child_id, professional)
    values = asked.model_dump(include={"professional_id", "access_level", "ends_at", "reason"})
    made = await around.insert_assignment(conn, {**values, "child_id": child_id, "invited_by": call.person})
    if made is None:
        raise Conflict("this professional is invited or active already", code="already_active")
    return await _changed(conn, call, made, child_id, "assignment.invite", sorted(values))


async def change(
    conn: WriteConnection, call: Call, assignment_id: int, asked: AssignmentPatch, if_match: str | None
) -> Answer:
    """Accept, decline or end an assignment.

    Raises `Hidden`, `LevelTooLow`, `PreconditionFailed`, `Conflict` and `Invalid`.
    """
    what = f"assignment.{asked.action}"
    row = await around.lock_assignment(conn, call.caller, assignment_id)
    if row is None:
        await hide(conn, call.caller, what, around.owner_of_assignment(assignment_id))
    _require_allowed(call, row, asked.action, what)
    require_version(row.version, if_match)
    values = await _values(conn, call, row, asked.action)
    if asked.reason is not None:
        values["reason"] = asked.reason
    await around.update_assignment(conn, assignment_id, values)
    return await _changed(conn, call, assignment_id, row.child_id, what, sorted(values.keys() - {"version"}))


def _require_allowed(call: Call, row: Row[Any], action: str, what: str) -> None:
    """The professional decides about an invitation; both sides may end."""
    if row.professional_id == call.caller.person:
        return
    level = cast(Level, row.level)
    if action == "end" and may(level, Action.INVITE):
        return
    raise LevelTooLow(call.caller, what, row.child_id, level)


async def _values(conn: WriteConnection, call: Call, row: Row[Any], action: str) -> dict[str, Any]:
    open_for = {"accept": {"invited"}, "decline": {"invited"}, "end": {"invited", "active"}}
    if row.status not in open_for[action]:
        raise Conflict(f"this assignment is {row.status}", code="invalid_transition")
    if action == "decline":
        return {"status": "declined"}
    if action == "end":
        return around.ended()
    if row.restricted or not row.is_active or (row.ends_at is not None and row.ends_at <= call.now):
        raise Conflict("this invitation cannot be taken now", code="not_available")
    if not await around.is_verified_professional(conn, row.professional_id):
        raise Invalid("your licence has not been verified", code="not_verified")
    await _require_consent(conn, row.child_id, row.professional_id)
    return {"status": "active", "starts_at": func.now()}


async def _require_consent(conn: WriteConnection, child_id: int, professional: int) -> None:
    if await standing_consent(conn, child_id, "share_professional", professional) is None:
        detail = "a guardian has to consent to sharing with this professional; `grant_consent` does both"
        raise Conflict(detail, code="consent_required")


async def _changed(
    conn: WriteConnection, call: Call, assignment_id: int, child_id: int, what: str, changed: list[str]
) -> Answer:
    await recorded(conn, call, what, child_id, changed, subject=f"assignment:{assignment_id}")
    row = await around.select_assignment(conn, assignment_id)
    shown = AssignmentShown.model_validate(row._asdict())
    return shown, await call.changed(conn, [child_id])


def _refuse(pointer: str, code: str, detail: str) -> None:
    raise Invalid(detail, code=code, errors=[FieldError(pointer, code, detail)])
