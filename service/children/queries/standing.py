"""How somebody stands to a child, in one statement."""

from collections.abc import Sequence
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
    statement = _of_one(way_of(caller), lock=lock)
    return (await conn.execute(statement, {**asked_by(caller), "child": child_id})).one_or_none()


async def select_standings(
    conn: ReadConnection, caller: Caller, child_ids: Sequence[int]
) -> Sequence[Row[int, bool, str, bool, str | None]]:
    """The same of several children at once, in the order of their numbers."""
    statement = _standing(way_of(caller)).where(Child.id.in_(child_ids)).order_by(Child.id)
    return (await conn.execute(statement, asked_by(caller))).all()


async def select_owner(conn: ReadConnection, owner: Select[int]) -> int | None:
    """The child that a row belongs to, whoever asks: for the audit of a refusal."""
    return (await conn.execute(owner)).scalars().first()


@cache
def _of_one(way: Way, *, lock: bool) -> Select[int, bool, str, bool, str | None]:
    child = Child.id == bindparam("child", type_=BigInteger, required=True)
    statement = _standing(way).where(child)
    return statement.with_for_update(of=Child) if lock else statement


def _standing(way: Way) -> Select[int, bool, str, bool, str | None]:
    return select(
        Child.id,
        Child.is_active,
        Child.timezone,
        Child.restricted_at.is_not(None).label("restricted"),
        level_at(way, Child.id).label("level"),
    ).where(Child.deleted_at.is_(None))
