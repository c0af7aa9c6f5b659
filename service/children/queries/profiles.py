"""A child with everything that describes it: read as one object, written part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import joinedload, selectinload

from service.access.models import AuthUser
from service.children.models import (
    Activity,
    Child,
    Consent,
    EmergencyContact,
    Guardian,
    Safety,
    SensoryDomain,
    Therapy,
)
from service.children.queries.visibility import Way, asked_by, level_at, visible, way_of
from service.children.rules.completion import LEAST_NOTES
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection, orm

PARTS = {
    "sensory_profile": SensoryDomain,
    "therapies": Therapy,
    "safety_protocols": Safety,
    "emergency_contacts": EmergencyContact,
}
"""The parts of a description that lie in tables of their own, by their name on the wire."""


@dataclass(frozen=True, slots=True)
class Known:
    """A child as somebody may see it: their level, and the consent to processing that stands."""

    child: Child
    level: str
    agreed_on: datetime | None
    agreed_to: str | None


def _child() -> BindParameter[int]:
    return bindparam("child", type_=BigInteger, required=True)


def processing(column: Any) -> Any:
    """A column of the standing consent to processing of the child at hand."""
    return (
        select(column)
        .where(Consent.child_id == Child.id, Consent.purpose == "processing", Consent.withdrawn_at.is_(None))
        .correlate(Child)
        .limit(1)
        .scalar_subquery()
    )


@cache
def _described(way: Way) -> Select[Any]:
    return (
        select(
            Child,
            level_at(way, Child.id).label("level"),
            processing(Consent.granted_at).label("agreed_on"),
            processing(Consent.policy_version).label("agreed_to"),
        )
        .where(Child.id == _child(), visible(way, Child.id))
        .options(
            joinedload(Child.parent).load_only(AuthUser.first_name, AuthUser.last_name),
            selectinload(Child.sensory),
            selectinload(Child.safety),
            selectinload(Child.therapies),
            selectinload(Child.contacts),
        )
    )


async def select_described(conn: ReadConnection, caller: Caller, child_id: int) -> Known | None:
    """A child and all that describes it, in five statements; None where it is absent or not visible."""
    async with orm(conn) as session:
        asked = {**asked_by(caller), "child": child_id}
        row = (await session.execute(_described(way_of(caller)), asked)).one_or_none()
    return None if row is None else Known(row.Child, row.level, row.agreed_on, row.agreed_to)


async def insert_child(conn: WriteConnection, values: Mapping[str, Any]) -> int:
    """Add a child; its number."""
    child_id: int = (await conn.execute(insert(Child).values(**values).returning(Child.id))).scalar_one()
    return child_id


async def update_child(conn: WriteConnection, child_id: int, values: Mapping[str, Any]) -> int:
    """Change a child's own row; its version after it."""
    changed = (
        update(Child)
        .where(Child.id == child_id)
        .values(**values, version=Child.version + 1, updated_at=func.now())
        .returning(Child.version)
    )
    version: int = (await conn.execute(changed)).scalar_one()
    return version


async def replace_part(
    conn: WriteConnection, child_id: int, part: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put rows in the place of those that a part of a child's description has."""
    table: Any = PARTS[part]
    await conn.execute(delete(table).where(table.child_id == child_id))
    if rows:
        await conn.execute(insert(table), [{"child_id": child_id, **row} for row in rows])


async def insert_guardian(
    conn: WriteConnection, child_id: int, person: int, relation: str, access: str
) -> None:
    """Let somebody stand by a child."""
    row = {"child_id": child_id, "user_id": person, "relation": relation, "access": access}
    await conn.execute(insert(Guardian).values(**row))


async def insert_consents(conn: WriteConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record consents, all of them given now."""
    await conn.execute(insert(Consent), list(rows))


async def select_version(conn: ReadConnection, child_id: int) -> int:
    """The version of a child that is known to be there."""
    version: int = (await conn.execute(select(Child.version).where(Child.id == child_id))).scalar_one()
    return version


async def select_completion(conn: ReadConnection, caller: Caller, child_id: int) -> Row[Any] | None:
    """Which parts of a description there are; None where the child is absent or not visible."""
    statement = _completion(way_of(caller))
    rows = await conn.execute(statement, {**asked_by(caller), "child": child_id})
    found: Row[Any] | None = rows.one_or_none()
    return found


@cache
def _completion(way: Way) -> Select[Any]:
    def has(table: Any, *more: Any) -> Any:
        return select(table.child_id).where(table.child_id == Child.id, *more).correlate(Child).exists()

    return select(
        ((Child.date_of_birth.is_not(None)) | (Child.age.is_not(None))).label("basic"),
        (Child.diagnosis.is_not(None) & Child.support_level.is_not(None)).label("clinical"),
        Child.communication_style.is_not(None).label("communication"),
        has(SensoryDomain).label("sensory"),
        (func.coalesce(func.length(Child.behavioral_notes), 0) > LEAST_NOTES).label("behavioral"),
        has(Therapy).label("therapies"),
        has(EmergencyContact).label("emergency_contacts"),
        has(Safety).label("safety"),
        Child.avatar_url.is_not(None).label("avatar"),
        has(Activity, Activity.deleted_at.is_(None)).label("activity"),
    ).where(Child.id == _child(), visible(way, Child.id))
