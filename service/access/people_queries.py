"""Every SQL statement about people and their profiles; the connection comes first, nothing here commits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, literal, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.access.models import ApiKey, AuthUser, DeskRole, OneTimeToken, ProfessionalProfile
from service.access.queries import AnyRow
from service.core.database import ReadConnection, WriteConnection

_LOCKED = func.coalesce(AuthUser.locked_until > func.now(), False)
"""Judged by the database's clock alone: one clock for all replicas."""
_MAY_SIGN_IN = (AuthUser.status == "active") & AuthUser.is_active & AuthUser.deleted_at.is_(None)
_SIGNING_IN: tuple[Any, ...] = (
    AuthUser.id,
    AuthUser.email,
    AuthUser.hashed_password,
    AuthUser.status,
    AuthUser.is_active,
    AuthUser.token_version,
    AuthUser.language,
    _LOCKED.label("locked"),
)
_PROFILE: tuple[Any, ...] = (
    AuthUser.id,
    AuthUser.email,
    AuthUser.is_verified.label("email_verified"),
    AuthUser.first_name,
    AuthUser.last_name,
    AuthUser.phone,
    AuthUser.role,
    AuthUser.timezone,
    AuthUser.language,
    AuthUser.last_login_at,
    AuthUser.version,
)


async def insert_person(conn: WriteConnection, values: Mapping[str, Any]) -> int | None:
    """Add a person; None when the address is taken."""
    statement = upsert(AuthUser).values(**values).on_conflict_do_nothing().returning(AuthUser.id)
    return (await conn.execute(statement)).scalar_one_or_none()


async def select_by_email(conn: ReadConnection, email: str) -> AnyRow | None:
    """Who has this address: what is needed to check a password, and the language of a mail."""
    statement = select(*_SIGNING_IN).where(AuthUser.email == email, AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement)).one_or_none()


async def select_by_id(conn: ReadConnection, person: int) -> AnyRow | None:
    """The same of a person."""
    statement = select(*_SIGNING_IN).where(AuthUser.id == person, AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement)).one_or_none()


async def lock_person(conn: WriteConnection, person: int) -> AnyRow | None:
    """A person, held until the transaction ends: whoever gives or ends their tokens waits for each other."""
    statement = select(*_SIGNING_IN).where(AuthUser.id == person, AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement.with_for_update())).one_or_none()


async def note_sign_in(
    conn: WriteConnection, person: int, token_version: int, kept: str, fresh: str | None
) -> bool:
    """Note that a person proved the password `kept`; False when it, or their right, has gone meanwhile."""
    values: dict[str, Any] = {"last_login_at": func.now(), "failed_login_attempts": 0, "locked_until": None}
    if fresh is not None:
        values["hashed_password"] = fresh
    statement = (
        update(AuthUser)
        .where(
            AuthUser.id == person,
            AuthUser.token_version == token_version,
            AuthUser.hashed_password == kept,
            _MAY_SIGN_IN,
            ~_LOCKED,
        )
        .values(**values)
    )
    return (await conn.execute(statement)).rowcount == 1


async def note_failure(conn: WriteConnection, person: int | None, most: int, locked: timedelta) -> None:
    """Count a wrong password; with the `most`-th the account is locked. One that is locked stays as it is."""
    before = case((AuthUser.locked_until <= func.now(), 0), else_=AuthUser.failed_login_attempts)
    await conn.execute(
        update(AuthUser)
        .where(AuthUser.id == person, ~_LOCKED)
        .values(
            failed_login_attempts=before + 1,
            locked_until=case((before + 1 >= most, func.now() + literal(locked)), else_=null()),
        )
    )


async def set_password(conn: WriteConnection, person: int, kept: str) -> None:
    """Set the password: every token and session of before ends, a lock as well."""
    await conn.execute(
        update(AuthUser)
        .where(AuthUser.id == person)
        .values(
            hashed_password=kept,
            token_version=AuthUser.token_version + 1,
            failed_login_attempts=0,
            locked_until=None,
            version=AuthUser.version + 1,
        )
    )


async def raise_token_version(conn: WriteConnection, person: int) -> None:
    """Every access token and browser session of before is no longer good."""
    await conn.execute(
        update(AuthUser).where(AuthUser.id == person).values(token_version=AuthUser.token_version + 1)
    )


async def raise_version(conn: WriteConnection, person: int) -> None:
    """What admins see of a person has changed."""
    await conn.execute(update(AuthUser).where(AuthUser.id == person).values(version=AuthUser.version + 1))


async def verify_email(conn: WriteConnection, person: int) -> None:
    """The address is theirs. It makes a pending account active, never one that was stopped."""
    status = case((AuthUser.status == "pending", "active"), else_=AuthUser.status)
    await conn.execute(
        update(AuthUser)
        .where(AuthUser.id == person)
        .values(
            is_verified=True,
            email_verified_at=func.coalesce(AuthUser.email_verified_at, func.now()),
            status=status,
            version=AuthUser.version + 1,
        )
    )


async def insert_one_time(
    conn: WriteConnection, token_hash: bytes, person: int, purpose: str, lifetime: timedelta
) -> None:
    """Add a token for one mail."""
    await conn.execute(
        insert(OneTimeToken).values(
            token_hash=token_hash, user_id=person, purpose=purpose, expires_at=func.now() + literal(lifetime)
        )
    )


async def lock_addressee(conn: WriteConnection, token_hash: bytes, purpose: str) -> AnyRow | None:
    """Hold the person that a token was sent to for this purpose, whether or not it is good still."""
    to = select(OneTimeToken.user_id).where(
        OneTimeToken.token_hash == token_hash, OneTimeToken.purpose == purpose
    )
    statement = select(*_SIGNING_IN).where(AuthUser.id == to.scalar_subquery(), AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement.with_for_update())).one_or_none()


async def use_one_time(conn: WriteConnection, token_hash: bytes) -> bool:
    """Use a token up, if it is good still. Of two at once exactly one gets it."""
    statement = update(OneTimeToken).where(
        OneTimeToken.token_hash == token_hash,
        OneTimeToken.used_at.is_(None),
        OneTimeToken.expires_at > func.now(),
    )
    return (await conn.execute(statement.values(used_at=func.now()))).rowcount == 1


async def end_one_time(conn: WriteConnection, person: int) -> None:
    """What was sent to a person before is no longer good."""
    statement = update(OneTimeToken).where(OneTimeToken.user_id == person, OneTimeToken.used_at.is_(None))
    await conn.execute(statement.values(used_at=func.now()))


async def delete_ended_one_time(conn: WriteConnection, kept: timedelta) -> int:
    """Delete the tokens of mails that ended longer ago than `kept`; how many."""
    ended = delete(OneTimeToken).where(OneTimeToken.expires_at < func.now() - literal(kept))
    return (await conn.execute(ended)).rowcount


async def select_profile(conn: ReadConnection, person: int) -> AnyRow | None:
    """What a person has said about themselves."""
    statement = select(*_PROFILE).where(AuthUser.id == person, AuthUser.deleted_at.is_(None))
    return (await conn.execute(statement)).one_or_none()


async def update_profile(
    conn: WriteConnection, person: int, version: int, values: Mapping[str, Any]
) -> AnyRow | None:
    """Change what a person has said, at this version; None when it is at another one by now."""
    statement = (
        update(AuthUser)
        .where(AuthUser.id == person, AuthUser.version == version)
        .values(**values, version=AuthUser.version + 1)
        .returning(*_PROFILE)
    )
    return (await conn.execute(statement)).one_or_none()


def _professional(person: int) -> Select[*tuple[Any, ...]]:
    columns = [column for column in ProfessionalProfile.__table__.c if column.name != "user_id"]
    return select(*columns).where(ProfessionalProfile.user_id == person)


async def select_professional(conn: ReadConnection, person: int) -> AnyRow | None:
    """The licence and practice of a person."""
    return (await conn.execute(_professional(person))).one_or_none()


async def lock_professional(conn: WriteConnection, person: int) -> AnyRow | None:
    """The same, held until the transaction ends."""
    return (await conn.execute(_professional(person).with_for_update())).one_or_none()


async def put_professional(conn: WriteConnection, person: int, values: Mapping[str, Any]) -> None:
    """Write the licence and practice of a person as a whole."""
    written = upsert(ProfessionalProfile).values(user_id=person, **values)
    changed = {**values, "version": ProfessionalProfile.version + 1, "updated_at": func.now()}
    await conn.execute(written.on_conflict_do_update(index_elements=["user_id"], set_=changed))


async def anonymise(conn: WriteConnection, person: int) -> None:
    """Leave of a person what others' records need: the number (children spec E6)."""
    for table in (OneTimeToken, ProfessionalProfile, DeskRole):
        await conn.execute(delete(table).where(table.user_id == person))
    await conn.execute(
        update(ApiKey)
        .where(ApiKey.owner_id == person)
        .values(revoked_at=func.coalesce(ApiKey.revoked_at, func.now()), name="erased")
    )
    await conn.execute(
        update(AuthUser)
        .where(AuthUser.id == person)
        .values(
            email=f"deleted-{person}@invalid",
            hashed_password=None,
            first_name="",
            last_name="",
            phone=None,
            status="deleted",
            is_active=False,
            is_verified=False,
            token_version=AuthUser.token_version + 1,
            timezone="UTC",
            language="en",
            last_login_at=None,
            deleted_at=func.now(),
            version=AuthUser.version + 1,
        )
    )


def people() -> Select[*tuple[Any, ...]]:
    """All people who are not erased, with their roles at desks."""
    desks = (
        select(func.string_agg(DeskRole.desk + ":" + DeskRole.role, ", "))
        .where(DeskRole.user_id == AuthUser.id)
        .scalar_subquery()
    )
    statement = select(
        AuthUser.id,
        AuthUser.email,
        AuthUser.first_name,
        AuthUser.last_name,
        AuthUser.role,
        AuthUser.status,
        AuthUser.last_login_at,
        _LOCKED.label("locked"),
        desks.label("desks"),
    )
    return statement.where(AuthUser.deleted_at.is_(None)).order_by(AuthUser.id)


async def rename(conn: WriteConnection, person: int, values: Mapping[str, Any]) -> None:
    """Correct the name of somebody who accepts an invitation."""
    await conn.execute(update(AuthUser).where(AuthUser.id == person).values(**values))
