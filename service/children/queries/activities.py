"""Activities: each statement that reads one stays within what the caller may see."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.children.models import Activity, Child
from service.children.queries.pages import from_day, to_day
from service.children.queries.visibility import level_at, visible
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.children import activities as wire

WHOLE: Final = [getattr(Activity, name) for name in wire.Activity.model_fields]
"""The columns of an activity as it travels."""
NEWEST_FIRST: Final = [
    SortKey("completed_at", Activity.completed_at.expression, descending=True),
    SortKey("id", Activity.id.expression, descending=True),
]


async def select_activity(conn: ReadConnection, caller: Caller, activity_id: int) -> Row[Any] | None:
    """An activity that the caller may see, and how the caller stands to its child."""
    found: Row[Any] | None = (await conn.execute(_seen(caller, activity_id))).one_or_none()
    return found


async def hold_activity(conn: WriteConnection, caller: Caller, activity_id: int) -> Row[Any] | None:
    """The same, held until the transaction ends."""
    held = _seen(caller, activity_id).add_columns(Activity.created_by).with_for_update(of=Activity)
    found: Row[Any] | None = (await conn.execute(held)).one_or_none()
    return found


def owner_of(activity_id: int) -> Select[Any]:
    """Whose activity it is, whoever asks: for the audit of a refusal."""
    return select(Activity.child_id).where(Activity.id == activity_id, Activity.deleted_at.is_(None))


async def insert_activity(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any] | None:
    """Keep an activity; None where there is one of the same client id."""
    statement = insert(Activity).values(**values)
    once = statement.on_conflict_do_nothing(index_elements=[Activity.child_id, Activity.client_activity_id])
    return (await conn.execute(once.returning(*WHOLE))).one_or_none()


async def select_same(conn: WriteConnection, child_id: int, client_id: UUID) -> Row[Any]:
    """The activity of a child with this client id, also a voided one."""
    columns: list[Any] = [*WHOLE, Activity.deleted_at]
    statement = select(*columns).where(
        Activity.child_id == child_id, Activity.client_activity_id == client_id
    )
    found: Row[Any] = (await conn.execute(statement)).one()
    return found


async def update_activity(conn: WriteConnection, activity_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """Change an activity that is held; the row as it is then, one version on."""
    changed = {**values, "version": Activity.version + 1, "updated_at": func.clock_timestamp()}
    statement = update(Activity).where(Activity.id == activity_id).values(**changed)
    told: Row[Any] = (await conn.execute(statement.returning(*WHOLE))).one()
    return told


def activities_like(child_id: int, ask: wire.ActivitiesAsk) -> Select[Any]:
    """A child's activities by these filters."""
    table = Activity
    statement = select(*WHOLE).where(table.child_id == child_id, table.deleted_at.is_(None))
    if ask.from_ is not None:
        statement = statement.where(from_day(table.completed_at.expression, child_id, ask.from_))
    if ask.to is not None:
        statement = statement.where(to_day(table.completed_at.expression, child_id, ask.to))
    if ask.activity_type is not None:
        statement = statement.where(table.activity_type == ask.activity_type)
    if ask.verified is not None:
        either = or_(table.verified_by_parent, table.verified_by_professional)
        statement = statement.where(either if ask.verified else ~either)
    return statement


def _seen(caller: Caller, activity_id: int) -> Select[Any]:
    columns: list[Any] = [
        level_at(caller, Activity.child_id).label("level"),
        Child.is_active.label("child_is_active"),
        Child.timezone.label("child_timezone"),
        Child.restricted_at.is_not(None).label("child_restricted"),
        *WHOLE,
    ]
    return (
        select(*columns)
        .join(Child, Child.id == Activity.child_id)
        .where(
            Activity.id == activity_id,
            Activity.deleted_at.is_(None),
            Child.deleted_at.is_(None),
            visible(caller, Activity.child_id.expression),
        )
    )
