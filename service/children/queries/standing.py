"""How somebody stands to a child, in one statement."""

from functools import cache
from typing import Final

from sqlalchemy import BigInteger, Row, Select, bindparam, select

from service.children.models import Child
from service.children.queries.visibility import Way, asked_by, level_at, way_of
from service.core.auth import Caller
from service.core.database import ReadConnection

LARGEST: Final = 2**63 - 1
"""A larger number is nobody's, and the driver would refuse to ask for it."""


async def select_standing(
    conn: ReadConnection, caller: Caller, child_id: int, *, lock: bool = False
) -> Row[int, bool, str, bool, str | None] | None:
    """`level` (null: not visible), `is_active`, `restricted` of a child; None where there is none.

    `lock` keeps the child's row from changing until the transaction ends, for writes that rest on it.
    """
    if child_id > LARGEST:
        return None
    statement = _standing(way_of(caller), lock=lock)
    return (await conn.execute(statement, {**asked_by(caller), "child": child_id})).one_or_none()


@cache
def _standing(way: Way, *, lock: bool) -> Select[int, bool, str, bool, str | None]:
    statement = select(
        Child.id,
        Child.is_active,
        Child.timezone,
        Child.restricted_at.is_not(None).label("restricted"),
        level_at(way, Child.id).label("level"),
    ).where(Child.id == bindparam("child", type_=BigInteger, required=True), Child.deleted_at.is_(None))
    return statement.with_for_update(of=Child) if lock else statement


async def select_owner(conn: ReadConnection, owner: Select[int]) -> int | None:
    """The child that a row belongs to, whoever asks: for the audit of a refusal."""
    return (await conn.execute(owner)).scalars().first()
