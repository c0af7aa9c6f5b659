"""Every SQL statement of the administration of people; the connection comes first, nothing here commits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, case, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from service.access.models import AuthUser, DeskRole, ProfessionalProfile
from service.access.queries import AnyRow
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.administration import PeopleAsk, ProfessionalsAsk

_NAME: Final = func.concat_ws(" ", AuthUser.first_name, AuthUser.last_name)
_HELD: Final = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "desk", DeskRole.desk, "role", DeskRole.role, "places", func.to_jsonb(DeskRole.places)
                ),
                DeskRole.desk,
            )
        )
    )
    .where(DeskRole.user_id == AuthUser.id)
    .scalar_subquery()
)
_LICENCE: Final = (
    select(
        func.jsonb_build_object(
            "type", ProfessionalProfile.license_type, "number", ProfessionalProfile.license_number,
            "state", ProfessionalProfile.license_state, "ends_on", ProfessionalProfile.license_expiry,
        )
    )
    .where(ProfessionalProfile.user_id == AuthUser.id, ProfessionalProfile.license_number.is_not(None))
    .scalar_subquery()
)  # fmt: skip
_VERIFIED: Final = (
    select(ProfessionalProfile.is_verified)
    .where(ProfessionalProfile.user_id == AuthUser.id)
    .scalar_subquery()
)
_PERSON: Final[tuple[Any, ...]] = (
    AuthUser.id,
    AuthUser.email,
    AuthUser.first_name,
    AuthUser.last_name,
    AuthUser.role,
    AuthUser.status,
    AuthUser.is_verified.label("email_verified"),
    case((AuthUser.role == "professional", _LICENCE)).label("licence"),
    case((AuthUser.role == "professional", func.coalesce(_VERIFIED, literal(False)))).label(
        "licence_verified"
    ),
    func.coalesce(_HELD, func.jsonb_build_array()).label("desks"),
    AuthUser.last_login_at,
    AuthUser.created_at,
    AuthUser.version,
)
PEOPLE_ORDER: Final = (SortKey("id", AuthUser.__table__.c.id),)
FOUND_ORDER: Final = (
    SortKey("last_name", AuthUser.__table__.c.last_name),
    SortKey("id", AuthUser.__table__.c.id),
)


def people(ask: PeopleAsk) -> Select[*tuple[Any, ...]]:
    """The people who are asked for, erased ones never, to be narrowed to a page by `PEOPLE_ORDER`."""
    statement = select(*_PERSON).where(AuthUser.deleted_at.is_(None))
    if ask.q is not None:
        statement = statement.where(_NAME.icontains(ask.q, autoescape=True))
    if ask.role is not None:
        statement = statement.where(AuthUser.role == ask.role)
    if ask.status is not None:
        statement = statement.where(AuthUser.status == ask.status)
    return statement


async def select_person(conn: ReadConnection, person: int) -> AnyRow | None:
    """A person as admins see them."""
    statement = select(*_PERSON).where(AuthUser.id == person, AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement)).one_or_none()


async def hold_admins(conn: WriteConnection) -> list[int]:
    """The admins who may act; they are held first, so that two do not stop each other at once."""
    acting = select(AuthUser.id).where(
        AuthUser.role == "admin",
        AuthUser.status == "active",
        AuthUser.is_active,
        AuthUser.deleted_at.is_(None),
    )
    return list((await conn.execute(acting.order_by(AuthUser.id).with_for_update())).scalars())


async def set_status(conn: WriteConnection, person: int, status: str) -> None:
    """Stop a person or let them act again; every token and session of before ends."""
    await conn.execute(
        update(AuthUser)
        .where(AuthUser.id == person)
        .values(
            status=status,
            token_version=AuthUser.token_version + 1,
            failed_login_attempts=0,
            locked_until=None,
            version=AuthUser.version + 1,
        )
    )


async def select_role(conn: WriteConnection, person: int, desk: str) -> AnyRow | None:
    """What a person may do at a desk."""
    statement = select(DeskRole.role, DeskRole.places).where(
        DeskRole.user_id == person, DeskRole.desk == desk
    )
    return (await conn.execute(statement)).one_or_none()


async def put_role(
    conn: WriteConnection, person: int, desk: str, role: str, places: Sequence[str] | None, by: str
) -> None:
    """Give a person a role at a desk, in place of the one they have."""
    values: Mapping[str, Any] = {
        "role": role, "places": None if places is None else list(places), "granted_by": by,
        "granted_at": func.now(),
    }  # fmt: skip
    given = upsert(DeskRole).values(user_id=person, desk=desk, **values)
    await conn.execute(given.on_conflict_do_update(index_elements=["user_id", "desk"], set_=values))


async def delete_role(conn: WriteConnection, person: int, desk: str) -> None:
    """Take a person's role at a desk."""
    await conn.execute(delete(DeskRole).where(DeskRole.user_id == person, DeskRole.desk == desk))


async def select_licence(conn: WriteConnection, person: int) -> AnyRow | None:
    """The licence of a professional, held until the transaction ends."""
    statement = (
        select(
            ProfessionalProfile.license_number,
            ProfessionalProfile.is_verified,
            (ProfessionalProfile.license_expiry < func.current_date()).label("ended"),
        )
        .join(AuthUser, AuthUser.id == ProfessionalProfile.user_id)
        .where(
            ProfessionalProfile.user_id == person,
            AuthUser.role == "professional",
            AuthUser.deleted_at.is_(None),
        )
    )
    return (await conn.execute(statement.with_for_update(of=ProfessionalProfile))).one_or_none()


async def set_verified(conn: WriteConnection, person: int, by: str | None) -> None:
    """The licence is verified by somebody; None: by nobody any more."""
    await conn.execute(
        update(ProfessionalProfile)
        .where(ProfessionalProfile.user_id == person)
        .values(
            is_verified=by is not None,
            verified_at=None if by is None else func.now(),
            verified_by=by,
            version=ProfessionalProfile.version + 1,
            updated_at=func.now(),
        )
    )


def professionals(ask: ProfessionalsAsk) -> Select[*tuple[Any, ...]]:
    """Verified professionals who may act, to be narrowed to a page by `FOUND_ORDER`."""
    profile = ProfessionalProfile
    statement = (
        select(
            AuthUser.id,
            AuthUser.last_name,
            _NAME.label("name"),
            profile.primary_specialty,
            profile.clinic_name,
            profile.location,
            profile.languages_spoken,
            profile.accepts_new_patients,
        )
        .join(profile, profile.user_id == AuthUser.id)
        .where(
            AuthUser.role == "professional",
            AuthUser.status == "active",
            AuthUser.is_active,
            AuthUser.deleted_at.is_(None),
            profile.is_verified,
        )
    )
    if ask.q is not None:
        named = _NAME.icontains(ask.q, autoescape=True)
        statement = statement.where(or_(named, profile.clinic_name.icontains(ask.q, autoescape=True)))
    for column, part in ((profile.primary_specialty, ask.specialty), (profile.location, ask.location)):
        if part is not None:
            statement = statement.where(column.icontains(part, autoescape=True))
    if ask.accepts_new_patients is not None:
        statement = statement.where(profile.accepts_new_patients == ask.accepts_new_patients)
    return statement
