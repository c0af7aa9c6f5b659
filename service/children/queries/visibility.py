"""Who may see which child: one predicate, inside every statement of the desk (spec E4.1).

A child is visible to its guardians; to a verified professional with an active assignment and the guardians'
consent, while the child is neither archived nor restricted; and by an open emergency grant. A key or token
that is bound to children sees no others, and only those for which its owner may play.

To write the predicate takes five times as long as to run it. So statements that are asked often are written
once for each `Way` that callers come by, with `asked_by(caller)` in their execution; they name nobody, and
without these values they are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
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
from service.children.rules.permissions import ALLOWED, Action
from service.core.auth import Caller

Reach = Select[int, str] | CompoundSelect[int, str]
_NOBODY: Final = -1
_PLAYERS: Final = sorted(ALLOWED[Action.PLAY] - {"key"})
"""Whose devices play."""


@dataclass(frozen=True, slots=True)
class Way:
    """How callers come to children, without who they are: what makes one predicate differ from another."""

    by_break_glass: bool
    is_key: bool
    is_bound: bool


def way_of(caller: Caller) -> Way:
    """The way that a caller comes by."""
    return Way(caller.break_glass is not None, caller.kind == "key", caller.bound is not None)


def asked_by(caller: Caller) -> dict[str, Any]:
    """The values that a statement written for `way_of(caller)` is executed with."""
    return {
        "reach_person": _NOBODY if caller.person is None else caller.person,
        "reach_grant": caller.break_glass,
        "reach_bound": sorted(caller.bound or ()),
    }


@dataclass(frozen=True, slots=True)
class _Asker:
    """A way, and the columns of who asks: values where they are known, else names to be filled."""

    way: Way
    person: ColumnElement[int]
    grant: ColumnElement[Any]
    bound: Sequence[int] | BindParameter[Any]


def _asker(of: Caller | Way) -> _Asker:
    if isinstance(of, Way):
        return _Asker(
            of,
            bindparam("reach_person", type_=BigInteger, required=True),
            bindparam("reach_grant", type_=BreakGlass.id.type, required=True),
            bindparam("reach_bound", type_=BigInteger, required=True, expanding=True),
        )
    values = asked_by(of)
    person, grant = values["reach_person"], values["reach_grant"]
    return _Asker(
        way_of(of),
        literal(person, BigInteger),
        literal(grant, BreakGlass.id.type),
        values["reach_bound"],
    )


def reach(caller: Caller | Way) -> Reach:
    """The children a caller may see: `child_id` and `level` (of a device's key: `key`)."""
    asker = _asker(caller)
    if asker.way.by_break_glass:
        return _within(_by_break_glass(asker), asker)
    seen = union_all(_as_guardian(asker.person), _as_professional(asker.person))
    return _within(seen, asker)


def visible(caller: Caller | Way, child_id: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """The predicate: whether the caller may see the child of this column."""
    reached = reach(caller).subquery()
    return child_id.in_(select(reached.c.child_id))


def level_at(caller: Caller | Way, child_id: SQLCoreOperations[int]) -> ColumnElement[str | None]:
    """What the caller is to the child of this column; null where it is not visible."""
    reached = reach(caller).subquery()
    found = select(reached.c.level).where(reached.c.child_id == child_id).limit(1)
    return found.correlate_except(reached).scalar_subquery()


def _as_guardian(person: ColumnElement[int]) -> Select[int, str]:
    return (
        select(Guardian.child_id.label("child_id"), Guardian.access.label("level"))
        .join(Child, Child.id == Guardian.child_id)
        .where(Guardian.user_id == person, Child.deleted_at.is_(None))
    )


def _as_professional(person: ColumnElement[int]) -> Select[int, str]:
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


def _by_break_glass(asker: _Asker) -> Select[int, str]:
    return (
        select(BreakGlass.child_id.label("child_id"), literal("break_glass").label("level"))
        .join(Child, Child.id == BreakGlass.child_id)
        .where(
            BreakGlass.id == asker.grant,
            BreakGlass.user_id == asker.person,
            BreakGlass.expires_at > func.now(),
            Child.deleted_at.is_(None),
        )
    )


def _within(seen: Reach, asker: _Asker) -> Reach:
    """Of what is seen what the credential is bound to; a device acts as `key`, for owners who may play."""
    if not asker.way.is_bound:
        # A key of a person that is bound to nothing would be that person for ever: it sees nobody.
        return select(seen.subquery()).where(false()) if asker.way.is_key else seen
    reached = seen.subquery()
    bound = reached.c.child_id.in_(asker.bound)
    if asker.way.by_break_glass:
        return select(reached.c.child_id, reached.c.level).where(bound)
    # It was given by who might play; its owner may since have come to be one who reads.
    plays = reached.c.level.in_(_PLAYERS)
    return select(reached.c.child_id, literal("key").label("level")).where(bound, plays)
