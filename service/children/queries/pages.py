"""A page of what belongs to one child, with how the caller stands to it, in one statement (spec D5.2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Subquery, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from service.children.models import Child
from service.children.queries.visibility import Way, asked_by, level_at, way_of
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.paging import SortKey


async def select_page(
    conn: ReadConnection, caller: Caller, child_id: int, page: Select[Any], keys: Sequence[SortKey]
) -> tuple[Row[Any] | None, list[Row[Any]]]:
    """How the caller stands to a child (None: there is none) and the rows of a narrowed statement.

    The rows are read only where the child is visible; they need an `id`. Standing: `level`, `restricted`,
    `is_active`, `timezone`, as in `select_standing`.
    """
    standing = _standing(way_of(caller))
    read = page.subquery("page")
    joined = standing.outerjoin(read, standing.c.standing_level.is_not(None))
    asked = {**asked_by(caller), "standing_child": child_id}
    rows = list((await conn.execute(select(standing, read).select_from(joined), asked)).all())
    found = [row for row in rows if row.id is not None]
    # A join keeps no order by contract; to sort again in SQL would be a Sort in every plan.
    found.sort(key=lambda row: [getattr(row, key.name) for key in keys], reverse=keys[0].descending)
    return (rows[0] if rows else None), found


@cache
def _standing(way: Way) -> Subquery:
    child = bindparam("standing_child", type_=BigInteger, required=True)
    return (
        select(
            Child.is_active.label("standing_is_active"),
            Child.timezone.label("standing_timezone"),
            Child.restricted_at.is_not(None).label("standing_restricted"),
            level_at(way, Child.id).label("standing_level"),
        )
        .where(Child.id == child, Child.deleted_at.is_(None))
        .subquery("standing")
    )


def from_day(column: ColumnElement[Any], child_id: int, day: date) -> ColumnElement[bool]:
    """At or after the begin of a day in the child's zone."""
    return column >= _begin(child_id, day)


def to_day(column: ColumnElement[Any], child_id: int, day: date) -> ColumnElement[bool]:
    """Before the end of a day in the child's zone."""
    return column < _begin(child_id, day + timedelta(days=1))


def _begin(child_id: int, day: date) -> ColumnElement[Any]:
    zone = select(Child.timezone).where(Child.id == child_id).scalar_subquery()
    return func.timezone(zone, cast(day, TIMESTAMP()))
