"""Every SQL statement of access; the connection comes first, nothing here commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Row,
    Select,
    Text,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.dialects.postgresql import insert as upsert

from service.access.models import ApiKey, Audit, AuthUser, BrowserSession, DeskRole, RefreshToken, SignInLink
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey

CHANNEL = "muster_access"
"""PostgreSQL channel that says: rights have changed, forget what you remember."""

_ENDED = ApiKey.expires_at <= func.now()
"""Expiry is judged by the database's clock alone: one clock for all replicas."""
_OWNER_STOPPED = ApiKey.owner_id.is_not(None) & ~exists().where(
    AuthUser.id == ApiKey.owner_id,
    AuthUser.status == "active",
    AuthUser.is_active,
    AuthUser.deleted_at.is_(None),
)
"""A device acts for its owner, so it may do nothing while they may not."""
_STATE = case(
    (or_(ApiKey.revoked_at.is_not(None), _OWNER_STOPPED), "revoked"), (_ENDED, "expired"), else_="active"
)
_SHOWN: tuple[Any, ...] = (
    ApiKey.id,
    ApiKey.name,
    ApiKey.scopes,
    ApiKey.sites,
    ApiKey.owner_id,
    ApiKey.child_ids,
    _STATE.label("state"),
    ApiKey.created_by,
    ApiKey.created_at,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    ApiKey.last_used_at,
)
_BEARER: tuple[Any, ...] = (
    ApiKey.id,
    ApiKey.name,
    ApiKey.scopes,
    ApiKey.sites,
    ApiKey.owner_id,
    ApiKey.child_ids,
    _STATE.label("state"),
)
_ROLES_HELD = (
    select(
        func.jsonb_object_agg(
            DeskRole.desk, func.jsonb_build_array(DeskRole.role, func.to_jsonb(DeskRole.places))
        )
    )
    .where(DeskRole.user_id == AuthUser.id)
    .scalar_subquery()
)
_PERSON: tuple[Any, ...] = (
    AuthUser.id,
    func.concat_ws(" ", AuthUser.first_name, AuthUser.last_name).label("name"),
    AuthUser.role,
    AuthUser.status,
    AuthUser.is_active,
    AuthUser.token_version,
    func.coalesce(_ROLES_HELD, func.jsonb_build_object()).label("desks"),
)

_KEYS = ApiKey.__table__.c
KEY_ORDER = (SortKey("created_at", _KEYS.created_at), SortKey("id", _KEYS.id))
AnyRow = Row[*tuple[Any, ...]]


async def announce(conn: WriteConnection) -> None:
    """Tell every replica, once this transaction has committed, that rights have changed."""
    await conn.execute(select(func.pg_notify(CHANNEL, "")))


async def insert_key(conn: WriteConnection, values: Mapping[str, Any]) -> AnyRow | None:
    """Add a key; None when its id is taken.

    It is read afterwards: in RETURNING its state would ask for the owner of any key, not of this one.
    """
    statement = upsert(ApiKey).values(**values).on_conflict_do_nothing().returning(ApiKey.id)
    key_id = (await conn.execute(statement)).scalar_one_or_none()
    return None if key_id is None else await select_key(conn, key_id)


async def select_key(conn: ReadConnection, key_id: str, owner: int | None = None) -> AnyRow | None:
    """A key as it is shown; with `owner` only if it is theirs."""
    return (await conn.execute(keys(owner).where(ApiKey.id == key_id))).one_or_none()


def keys(owner: int | None = None) -> Select[*tuple[Any, ...]]:
    """All keys, or those of a person, to be narrowed to a page by `KEY_ORDER`."""
    statement = select(*_SHOWN)
    return statement if owner is None else statement.where(ApiKey.owner_id == owner)


async def rows(conn: ReadConnection, statement: Select[*tuple[Any, ...]]) -> Sequence[AnyRow]:
    """The rows of a statement built here."""
    return (await conn.execute(statement)).all()


async def revoke_keys(
    conn: WriteConnection, *, key_id: str | None = None, name: str | None = None
) -> list[str]:
    """Revoke the live key with this id, or an operator's live keys with this name; the ids that were."""
    named = (ApiKey.name == name) & ApiKey.owner_id.is_(None)  # what guardians call a device is their affair
    chosen = ApiKey.id == key_id if key_id is not None else named
    statement = (
        update(ApiKey)
        .where(chosen, ApiKey.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(ApiKey.id)
    )
    return list((await conn.execute(statement)).scalars())


async def touch_keys(conn: WriteConnection, used: Mapping[str, datetime]) -> None:
    """Set when keys were last used; an older instant never replaces a newer one."""
    seen = select(
        func.unnest(cast(list(used), ARRAY(Text))).label("id"),
        func.unnest(cast(list(used.values()), ARRAY(TIMESTAMP(timezone=True)))).label("at"),
    ).subquery()
    await conn.execute(
        update(ApiKey)
        .where(ApiKey.id == seen.c.id, (ApiKey.last_used_at >= seen.c.at).is_not(True))
        .values(last_used_at=seen.c.at)
    )


async def select_bearer(conn: ReadConnection, key_id: str) -> AnyRow | None:
    """The key behind an id, with the hash of its secret."""
    statement = select(*_BEARER, ApiKey.secret_hash).where(ApiKey.id == key_id)
    return (await conn.execute(statement)).one_or_none()


async def select_person(conn: ReadConnection, person: int, family: UUID | None = None) -> AnyRow | None:
    """A person as a caller: role, state, token version and `desks` (desk to role and places).

    `signed_out`: the sign-in (`family`) that their token is of has ended.
    """
    ended = exists().where(RefreshToken.family_id == family, RefreshToken.revoked_at.is_not(None))
    signed_out = literal(False) if family is None else ended
    statement = select(*_PERSON, signed_out.label("signed_out"))
    return (
        await conn.execute(statement.where(AuthUser.id == person, AuthUser.deleted_at.is_(None)))
    ).one_or_none()


async def select_session(conn: ReadConnection, token_hash: bytes) -> AnyRow | None:
    """What a live session stands for: a key, or a person (`user_id`) and the version of their tokens then."""
    statement = (
        select(
            *_BEARER,
            BrowserSession.user_id,
            BrowserSession.token_version,
            BrowserSession.created_at.label("signed_in_at"),
        )
        .select_from(BrowserSession)
        .outerjoin(ApiKey, BrowserSession.key_id == ApiKey.id)
        .where(
            BrowserSession.token_hash == token_hash,
            BrowserSession.revoked_at.is_(None),
            BrowserSession.expires_at > func.now(),
        )
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_session(
    conn: WriteConnection, *, token_hash: bytes, key_id: str, lifetime: timedelta
) -> datetime | None:
    """Open a session for a live key, never beyond the key's own end; None when the key is no longer live."""
    ends = func.least(func.now() + literal(lifetime), ApiKey.expires_at)
    live = select(literal(token_hash), ApiKey.id, ends).where(
        ApiKey.id == key_id,
        ApiKey.revoked_at.is_(None),
        _ENDED.is_not(True),
    )
    statement = (
        insert(BrowserSession)
        .from_select(["token_hash", "key_id", "expires_at"], live)
        .returning(BrowserSession.expires_at)
    )
    return (await conn.execute(statement)).scalar_one_or_none()


async def insert_person_session(
    conn: WriteConnection, *, token_hash: bytes, person: int, token_version: int, lifetime: timedelta
) -> datetime:
    """Open a session for a person whose password was proved in this transaction; the instant it ends."""
    statement = insert(BrowserSession).values(
        token_hash=token_hash,
        user_id=person,
        token_version=token_version,
        expires_at=func.now() + literal(lifetime),
    )
    return (await conn.execute(statement.returning(BrowserSession.expires_at))).scalar_one()


async def end_session(conn: WriteConnection, token_hash: bytes) -> AnyRow | None:
    """End a live session: the key or person it stood for; None when it was none."""
    statement = (
        update(BrowserSession)
        .where(BrowserSession.token_hash == token_hash, BrowserSession.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(BrowserSession.key_id, BrowserSession.user_id)
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_link(
    conn: WriteConnection, *, token_hash: bytes, key_id: str, target: str, lifetime: timedelta
) -> datetime:
    """Add a sign-in link; the instant it ends."""
    statement = (
        insert(SignInLink)
        .values(
            token_hash=token_hash, key_id=key_id, target=target, expires_at=func.now() + literal(lifetime)
        )
        .returning(SignInLink.expires_at)
    )
    return (await conn.execute(statement)).scalar_one()


async def use_link(conn: WriteConnection, token_hash: bytes) -> AnyRow | None:
    """Use up a live link: its key and target. Of two at once exactly one gets it."""
    statement = (
        update(SignInLink)
        .where(
            SignInLink.token_hash == token_hash,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(SignInLink.key_id, SignInLink.target)
    )
    return (await conn.execute(statement)).one_or_none()


async def select_link_target(conn: ReadConnection, token_hash: bytes) -> str | None:
    """Where a link leads, used or not."""
    statement = select(SignInLink.target).where(SignInLink.token_hash == token_hash)
    return (await conn.execute(statement)).scalar_one_or_none()


async def delete_ended(conn: WriteConnection, kept: timedelta) -> int:
    """Delete sessions and links that ended longer ago than `kept`; how many."""
    before = func.now() - literal(kept)
    sessions = await conn.execute(delete(BrowserSession).where(BrowserSession.expires_at < before))
    links = await conn.execute(delete(SignInLink).where(SignInLink.expires_at < before))
    return sessions.rowcount + links.rowcount


async def insert_audit(conn: WriteConnection, values: Mapping[str, Any]) -> None:
    """Add one audit row."""
    await conn.execute(insert(Audit).values(**values))
