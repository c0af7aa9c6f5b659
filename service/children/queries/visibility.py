"""Who may see which child: one predicate, inside every statement of the desk (spec E4.1).

A child is visible to its guardians; to a verified professional with an active assignment and the guardians'
consent, while the child is neither archived nor restricted; and by an open emergency grant. A key or token
that is bound to children sees no others, and only what its owner sees.
"""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import SQLCoreOperations

from service.access.models import ProfessionalProfile
from service.children.models import BreakGlass, CareAssignment, Child, Consent, Guardian
from service.core.auth import Caller

Reach = Select[int, str] | CompoundSelect[int, str]
_NOBODY: Final = -1


def reach(caller: Caller) -> Reach:
    """The children a caller may see: `child_id` and `level` (of a device's key: `key`)."""
    if caller.break_glass is not None:
        return _within(_by_break_glass(caller), caller)
    person = _NOBODY if caller.person is None else caller.person
    seen = union_all(_as_guardian(person), _as_professional(person))
    return _within(seen, caller)


def visible(caller: Caller, child_id: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """The predicate: whether the caller may see the child of this column."""
    reached = reach(caller).subquery()
    return child_id.in_(select(reached.c.child_id))


def level_at(caller: Caller, child_id: SQLCoreOperations[int]) -> ColumnElement[str | None]:
    """What the caller is to the child of this column; null where it is not visible."""
    reached = reach(caller).subquery()
    found = select(reached.c.level).where(reached.c.child_id == child_id).limit(1)
    return found.correlate_except(reached).scalar_subquery()


def _as_guardian(person: int) -> Select[int, str]:
    return (
        select(Guardian.child_id.label("child_id"), Guardian.access.label("level"))
        .join(Child, Child.id == Guardian.child_id)
        .where(Guardian.user_id == person, Child.deleted_at.is_(None))
    )


def _as_professional(person: int) -> Select[int, str]:
    now = func.now()
    consented = exists().where(
        Consent.child_id == CareAssignment.child_id,
        Consent.purpose == "share_professional",
        Consent.grantee_user_id == CareAssignment.professional_id,
        Consent.withdrawn_at.is_(None),
    )
    verified = exists().where(
        ProfessionalProfile.user_id == CareAssignment.professional_id, ProfessionalProfile.is_verified
    )
    return (
        select(CareAssignment.child_id, CareAssignment.access_level)
        .join(Child, Child.id == CareAssignment.child_id)
        .where(
            CareAssignment.professional_id == person,
            CareAssignment.status == "active",
            CareAssignment.starts_at <= now,
            or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > now),
            Child.deleted_at.is_(None),
            Child.is_active,
            Child.restricted_at.is_(None),
            consented,
            verified,
        )
    )


def _by_break_glass(caller: Caller) -> Select[int, str]:
    return (
        select(BreakGlass.child_id.label("child_id"), literal("break_glass").label("level"))
        .join(Child, Child.id == BreakGlass.child_id)
        .where(
            BreakGlass.id == caller.break_glass,
            BreakGlass.user_id == caller.person,
            BreakGlass.expires_at > func.now(),
            Child.deleted_at.is_(None),
        )
    )


def _within(seen: Reach, caller: Caller) -> Reach:
    """Of what is seen what the credential is bound to; a device acts as `key`, whoever owns it."""
    if caller.bound is None:
        # A key of a person that is bound to nothing would be that person for ever: it sees nobody.
        return seen if caller.kind != "key" else select(seen.subquery()).where(false())
    reached = seen.subquery()
    level = reached.c.level if caller.break_glass is not None else literal("key")
    return select(reached.c.child_id, level.label("level")).where(
        reached.c.child_id.in_(sorted(caller.bound))
    )
