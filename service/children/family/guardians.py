"""Guardians of a child: brought in and taken out by the primary one, who can hand that over (spec D4)."""

from typing import Any

from sqlalchemy import Row

from service.children.door import Standing, admit
from service.children.family.call import Call
from service.children.family.recording import recorded
from service.children.queries import around, profiles
from service.children.queries.paged import read_page
from service.children.rules.permissions import Action
from service.children.rules.shown_fields import sees_email, sees_phone
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotFound
from service.schemas.children.around import AroundAsk, GuardianAsk, GuardianShown
from service.schemas.children.words import Level
from service.schemas.envelope import Listing

Answer = tuple[GuardianShown, dict[str, str]]


async def page_of(conn: ReadConnection, call: Call, child_id: int, ask: AroundAsk) -> Listing[GuardianShown]:
    """Those who stand by a child, as far as who asks may know them."""
    standing = await admit(conn, call.caller, child_id, Action.READ, "guardian.read")
    listed = f"children.guardians/{child_id}", around.GUARDIANS, around.guardians_of(call.caller, child_id)
    rows, page = await read_page(conn, call.caller, call.cursors, ask, listed)
    return Listing[GuardianShown](items=[_shown(row, call, standing.level) for row in rows], page=page)


async def add(conn: WriteConnection, call: Call, child_id: int, asked: GuardianAsk) -> Answer:
    """Let somebody stand by a child.

    Raises `Invalid` (`unknown_person`), which does not tell what kind of account there is, and `Conflict`.
    """
    await _manage(conn, call, child_id, "guardian.add")
    person = await around.find_parent(conn, asked.email)
    if person is None:
        detail = "nobody has a verified parent's account with this address"
        raise Invalid(detail, errors=[FieldError("/body/email", "unknown_person", detail)])
    if await around.select_guardian(conn, child_id, person) is not None:
        raise Conflict("this person stands by the child already", code="already_guardian")
    await profiles.insert_guardian(conn, child_id, person, asked.relation, asked.access)
    return await _changed(conn, call, child_id, person, "guardian.add")


async def remove(conn: WriteConnection, call: Call, child_id: int, person: int) -> dict[str, str]:
    """Let somebody no longer stand by a child. Raises `Conflict` (`last_primary`)."""
    await _manage(conn, call, child_id, "guardian.remove")
    guardian = await _guardian(conn, child_id, person)
    if guardian.access == "primary":
        detail = "a child has one primary guardian; hand that over first"
        raise Conflict(detail, code="last_primary")
    await around.delete_guardian(conn, child_id, person)
    subject = f"person:{person}"
    await recorded(conn, call, "guardian.remove", child_id, ["access"], subject=subject)
    return await call.changed(conn, [child_id])


async def hand_over(conn: WriteConnection, call: Call, child_id: int, person: int) -> Answer:
    """Make another guardian the primary one; who was it keeps full access."""
    await _manage(conn, call, child_id, "guardian.transfer")
    guardian = await _guardian(conn, child_id, person)
    if guardian.access == "primary":
        raise Conflict("this is the primary guardian already", code="already_primary")
    await around.set_access(conn, child_id, call.person, "full")
    await around.set_access(conn, child_id, person, "primary")
    await profiles.update_child(conn, child_id, {"parent_id": person})
    return await _changed(conn, call, child_id, person, "guardian.transfer")


async def _manage(conn: WriteConnection, call: Call, child_id: int, what: str) -> Standing:
    return await admit(conn, call.caller, child_id, Action.MANAGE_GUARDIANS, what, lock=True)


async def _guardian(conn: ReadConnection, child_id: int, person: int) -> Row[Any]:
    guardian = await around.select_guardian(conn, child_id, person)
    if guardian is None:
        raise NotFound("this person does not stand by the child")
    return guardian


async def _changed(conn: WriteConnection, call: Call, child_id: int, person: int, what: str) -> Answer:
    await recorded(conn, call, what, child_id, ["access"], subject=f"person:{person}")
    row = await _guardian(conn, child_id, person)
    return _shown(row, call, "primary"), await call.changed(conn, [child_id])


def _shown(row: Row[Any], call: Call, level: Level) -> GuardianShown:
    own = row.user_id == call.caller.person
    values = row._asdict()
    if not sees_phone(level, own=own):
        values["phone"] = None
    if not sees_email(level, own=own):
        values["email"] = None
    return GuardianShown.model_validate(values)
