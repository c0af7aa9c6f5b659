"""Who stands around a child: guardians, professionals, consents; every reading within the predicate."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, case, delete, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from service.access.models import AuthUser, ProfessionalProfile
from service.children.models import CareAssignment, Child, Consent, Guardian
from service.children.queries.visibility import level_at, visible
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey

OPEN: Final = ("invited", "active")
GUARDIANS: Final = (SortKey("user_id", Guardian.__table__.c.user_id),)
ASSIGNMENTS: Final = (SortKey("id", CareAssignment.__table__.c.id, descending=True),)
_Inviter = aliased(AuthUser)
_Professional = aliased(AuthUser)


def _name(person: Any) -> ColumnElement[str]:
    named: ColumnElement[str] = func.btrim(person.first_name + " " + person.last_name)
    return named


def guardians_of(caller: Caller, child_id: int) -> Any:
    """Those who stand by a child, with what is known of how to reach them."""
    return (
        select(
            Guardian.user_id,
            _name(AuthUser).label("name"),
            Guardian.relation,
            Guardian.access,
            AuthUser.phone,
            AuthUser.email,
            Guardian.created_at,
        )
        .join(AuthUser, AuthUser.id == Guardian.user_id)
        .where(Guardian.child_id == child_id, visible(caller, Guardian.child_id))
    )


async def select_guardian(conn: ReadConnection, child_id: int, person: int) -> Row[Any] | None:
    """One of them, with their name."""
    statement = (
        select(Guardian.user_id, _name(AuthUser).label("name"), Guardian.relation, Guardian.access)
        .add_columns(AuthUser.phone, AuthUser.email, Guardian.created_at)
        .join(AuthUser, AuthUser.id == Guardian.user_id)
        .where(Guardian.child_id == child_id, Guardian.user_id == person)
    )
    found: Row[Any] | None = (await conn.execute(statement)).one_or_none()
    return found


async def find_parent(conn: ReadConnection, email: str) -> int | None:
    """The person of a parent's account that may be used; None: there is no such one."""
    statement = select(AuthUser.id).where(
        AuthUser.email == email,
        AuthUser.role == "parent",
        AuthUser.status == "active",
        AuthUser.is_active,
        AuthUser.is_verified,
    )
    return (await conn.execute(statement)).scalar_one_or_none()


async def set_access(conn: WriteConnection, child_id: int, person: int, access: str) -> None:
    """Give a guardian another access."""
    one = (Guardian.child_id == child_id, Guardian.user_id == person)
    await conn.execute(update(Guardian).where(*one).values(access=access))


async def delete_guardian(conn: WriteConnection, child_id: int, person: int) -> None:
    """Let somebody no longer stand by a child."""
    one = (Guardian.child_id == child_id, Guardian.user_id == person)
    await conn.execute(delete(Guardian).where(*one))


async def is_verified_professional(conn: ReadConnection, person: int) -> bool:
    """Whether somebody is a professional whose licence an admin has verified."""
    found = select(
        exists().where(
            ProfessionalProfile.user_id == person,
            ProfessionalProfile.is_verified,
            AuthUser.id == ProfessionalProfile.user_id,
            AuthUser.role == "professional",
            AuthUser.status == "active",
        )
    )
    return bool((await conn.execute(found)).scalar_one())


def _assignments() -> Any:
    return (
        select(
            CareAssignment.id,
            CareAssignment.child_id,
            CareAssignment.professional_id,
            _name(_Professional).label("professional_name"),
            CareAssignment.access_level,
            CareAssignment.status,
            CareAssignment.invited_by,
            _name(_Inviter).label("invited_by_name"),
            CareAssignment.starts_at,
            CareAssignment.ends_at,
            CareAssignment.reason,
            CareAssignment.created_at,
            CareAssignment.version,
        )
        .join(_Professional, _Professional.id == CareAssignment.professional_id)
        .join(_Inviter, _Inviter.id == CareAssignment.invited_by)
    )


def assignments_of(caller: Caller, child_id: int, *, own: bool) -> Any:
    """The assignments of a child, newest first; `own`: only those of who asks."""
    statement = _assignments().where(
        CareAssignment.child_id == child_id, visible(caller, CareAssignment.child_id)
    )
    if own:
        statement = statement.where(CareAssignment.professional_id == caller.person)
    return statement


def own_assignments(caller: Caller, status: str | None) -> Any:
    """The assignments of who asks, invitations among them: those come before one sees the child."""
    statement = (
        _assignments()
        .join(Child, Child.id == CareAssignment.child_id)
        .where(CareAssignment.professional_id == caller.person, Child.deleted_at.is_(None))
    )
    if status is not None:
        statement = statement.where(CareAssignment.status == status)
    return statement


async def lock_assignment(conn: WriteConnection, caller: Caller, assignment_id: int) -> Row[Any] | None:
    """An assignment that concerns who asks, held: their own, or of a child they see (`level`)."""
    statement: Any = (
        select(
            CareAssignment.id,
            CareAssignment.child_id,
            CareAssignment.professional_id,
            CareAssignment.status,
            CareAssignment.starts_at,
            CareAssignment.ends_at,
            CareAssignment.version,
            Child.is_active,
            Child.restricted_at.is_not(None).label("restricted"),
            Child.timezone,
            level_at(caller, CareAssignment.child_id).label("level"),
        )
        .join(Child, Child.id == CareAssignment.child_id)
        .where(
            CareAssignment.id == assignment_id,
            Child.deleted_at.is_(None),
            or_(
                CareAssignment.professional_id == caller.person,
                visible(caller, CareAssignment.child_id),
            ),
        )
        .with_for_update(of=CareAssignment)
    )
    found: Row[Any] | None = (await conn.execute(statement)).one_or_none()
    return found


def owner_of_assignment(assignment_id: int) -> Select[int]:
    """Whose an assignment is, whoever asks."""
    return select(CareAssignment.child_id).where(CareAssignment.id == assignment_id)


async def insert_assignment(conn: WriteConnection, values: Mapping[str, Any]) -> int | None:
    """Invite a professional; None where one of theirs is open already."""
    row = upsert(CareAssignment).values(**values)
    open_one = row.on_conflict_do_nothing(
        index_elements=["child_id", "professional_id"],
        index_where=text("status IN ('invited', 'active')"),  # as the index says it
    )
    return (await conn.execute(open_one.returning(CareAssignment.id))).scalar_one_or_none()


async def update_assignment(conn: WriteConnection, assignment_id: int, values: Mapping[str, Any]) -> None:
    """Change an assignment; its version is raised."""
    changed = update(CareAssignment).where(CareAssignment.id == assignment_id)
    values = {**values, "version": CareAssignment.version + 1, "updated_at": func.now()}
    await conn.execute(changed.values(**values))


async def select_assignment(conn: ReadConnection, assignment_id: int) -> Row[Any]:
    """An assignment that is known to concern who asks, as it is shown."""
    found: Row[Any] = (await conn.execute(_assignments().where(CareAssignment.id == assignment_id))).one()
    return found


def ended() -> dict[str, Any]:
    """The values of an assignment that ends now; one that had not begun keeps its dates."""
    begun = CareAssignment.starts_at < func.now()
    return {
        "status": "ended",
        "ends_at": case((begun, func.now()), else_=CareAssignment.ends_at),
        "version": CareAssignment.version + 1,
        "updated_at": func.now(),
    }


async def end_assignments_of(conn: WriteConnection, child_id: int, professional: int) -> list[int]:
    """End what is open of a professional at a child; the numbers of what was ended."""
    open_ones = (
        CareAssignment.child_id == child_id,
        CareAssignment.professional_id == professional,
        CareAssignment.status.in_(OPEN),
    )
    ending = update(CareAssignment).where(*open_ones).values(**ended()).returning(CareAssignment.id)
    return list((await conn.execute(ending)).scalars())


async def end_expired(conn: WriteConnection) -> Sequence[Row[Any]]:
    """End assignments past their end, and those whose consent has been withdrawn; which they were."""
    consented = exists().where(
        Consent.child_id == CareAssignment.child_id,
        Consent.purpose == "share_professional",
        Consent.grantee_user_id == CareAssignment.professional_id,
        Consent.withdrawn_at.is_(None),
    )
    over = or_(CareAssignment.ends_at <= func.now(), (CareAssignment.status == "active") & ~consented)
    values = ended() | {"ends_at": func.coalesce(CareAssignment.ends_at, func.now())}
    ending: Any = (
        update(CareAssignment)
        .where(CareAssignment.status.in_(OPEN), over)
        .values(**values)
        .returning(CareAssignment.id, CareAssignment.child_id)
    )
    found: Sequence[Row[Any]] = (await conn.execute(ending)).all()
    return found
