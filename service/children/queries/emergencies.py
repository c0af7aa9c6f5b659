"""Grants to read a child in an emergency."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, func, insert, literal, select

from service.access.models import AuthUser
from service.children.models import BreakGlass, Child, Guardian
from service.core.database import ReadConnection, WriteConnection


async def insert_grant(
    conn: WriteConnection, child_id: int, person: int, reason: str, lifetime: timedelta
) -> Row[UUID, datetime] | None:
    """Open a child's record to a person; `id`, `expires_at`. None where there is no such child."""
    there = select(Child.id, literal(person), literal(reason), func.now() + lifetime)
    statement = (
        insert(BreakGlass)
        .from_select(
            ["child_id", "user_id", "reason", "expires_at"],
            there.where(Child.id == child_id, Child.deleted_at.is_(None)),
        )
        .returning(BreakGlass.id, BreakGlass.expires_at)
    )
    return (await conn.execute(statement)).one_or_none()


async def select_primary(conn: ReadConnection, child_id: int) -> Row[str, str, str] | None:
    """Where the primary guardian of a child is written to: `email`, `language`, `timezone`."""
    statement = (
        select(AuthUser.email, AuthUser.language, AuthUser.timezone)
        .join(Guardian, Guardian.user_id == AuthUser.id)
        .where(Guardian.child_id == child_id, Guardian.access == "primary")
    )
    return (await conn.execute(statement)).one_or_none()


async def select_reason(conn: ReadConnection, grant: UUID) -> str | None:
    """Why a record was opened."""
    statement = select(BreakGlass.reason).where(BreakGlass.id == grant)
    return (await conn.execute(statement)).scalar_one_or_none()
