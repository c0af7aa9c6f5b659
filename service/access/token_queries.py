"""Every SQL statement about refresh tokens; the connection comes first, nothing here commits.

A family is one sign-in. Whoever gives or ends a token holds its person first, so nothing is ended while its
successor is being made.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update

from service.access.models import AuthUser, RefreshToken
from service.access.queries import AnyRow
from service.core.database import WriteConnection


async def lock_owner(conn: WriteConnection, token_hash: bytes) -> int | None:
    """Hold the person of a refresh token, whatever has become of it; None when there is none."""
    owner = select(RefreshToken.user_id).where(RefreshToken.token_hash == token_hash).scalar_subquery()
    held = select(AuthUser.id).where(AuthUser.id == owner).with_for_update()
    return (await conn.execute(held)).scalar_one_or_none()


async def select_token(conn: WriteConnection, token_hash: bytes) -> AnyRow | None:
    """A refresh token, how it stands (`used`, `revoked`, `expired`), and its person's right to go on."""
    statement = (
        select(
            RefreshToken.id,
            RefreshToken.user_id,
            RefreshToken.family_id,
            RefreshToken.scopes,
            RefreshToken.signed_in_at,
            RefreshToken.used_at.is_not(None).label("used"),
            RefreshToken.revoked_at.is_not(None).label("revoked"),
            (RefreshToken.expires_at <= func.now()).label("expired"),
            AuthUser.token_version,
            ((AuthUser.status == "active") & AuthUser.is_active & AuthUser.deleted_at.is_(None)).label(
                "good"
            ),
        )
        .join(AuthUser, AuthUser.id == RefreshToken.user_id)
        .where(RefreshToken.token_hash == token_hash)
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_token(
    conn: WriteConnection,
    *,
    token_hash: bytes,
    person: int,
    family: UUID,
    scopes: Sequence[str] | None,
    signed_in_at: datetime | None,
    sliding: timedelta,
    longest: timedelta,
    network: str | None,
    user_agent_hash: str | None,
) -> AnyRow:
    """Add a token that ends after `sliding`, at the latest `longest` after the password was given."""
    began: Any = func.now() if signed_in_at is None else literal(signed_in_at)
    statement = (
        insert(RefreshToken)
        .values(
            token_hash=token_hash,
            user_id=person,
            family_id=family,
            scopes=None if scopes is None else list(scopes),
            signed_in_at=began,
            expires_at=func.least(func.now() + literal(sliding), began + literal(longest)),
            network=network,
            user_agent_hash=user_agent_hash,
        )
        .returning(RefreshToken.id, RefreshToken.signed_in_at)
    )
    return (await conn.execute(statement)).one()


async def use_token(conn: WriteConnection, token_id: UUID, successor: UUID) -> None:
    """Note that a token was exchanged for its successor."""
    statement = update(RefreshToken).where(RefreshToken.id == token_id)
    await conn.execute(statement.values(used_at=func.clock_timestamp(), replaced_by=successor))


async def revoke_family(conn: WriteConnection, family: UUID) -> int:
    """End a sign-in: none of its tokens is good any more; how many were."""
    statement = update(RefreshToken).where(
        RefreshToken.family_id == family, RefreshToken.revoked_at.is_(None)
    )
    return (await conn.execute(statement.values(revoked_at=func.now()))).rowcount


async def revoke_all(conn: WriteConnection, person: int) -> int:
    """End every sign-in of a person; how many tokens that were."""
    statement = update(RefreshToken).where(RefreshToken.user_id == person, RefreshToken.revoked_at.is_(None))
    return (await conn.execute(statement.values(revoked_at=func.now()))).rowcount


async def delete_ended(conn: WriteConnection, kept: timedelta) -> int:
    """Delete tokens that ended longer ago than `kept`; how many. Access tokens of them ended long before."""
    ended = delete(RefreshToken).where(RefreshToken.expires_at < func.now() - literal(kept))
    return (await conn.execute(ended)).rowcount
