"""Statements on rule sets as versioned data; a version is never changed, only made active or not."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from service.core.database import ReadConnection, WriteConnection


async def select_version(conn: ReadConnection, name: str, version: int | None) -> Row[Any] | None:
    """One version of a rule set, active or not; without a number the newest."""
    statement = text("""
        SELECT id, name, version, parameters, active, created_by, created_at FROM attendance.rule_set
        WHERE name = :name AND (CAST(:version AS int) IS NULL OR version = :version)
        ORDER BY version DESC LIMIT 1
    """)
    return (await conn.execute(statement, {"name": name, "version": version})).one_or_none()


async def select_names(conn: ReadConnection) -> list[str]:
    """Every name, whether a version of it is active or not."""
    return list((await conn.execute(text("SELECT DISTINCT name FROM attendance.rule_set"))).scalars())


async def insert_version(conn: WriteConnection, name: str, parameters: Mapping[str, Any], who: str) -> int:
    """The next version of a rule set, not active; its number."""
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('attendance.rule_set', 0))"))
    last = await conn.scalar(
        text("SELECT max(version) FROM attendance.rule_set WHERE name = :name"), {"name": name}
    )
    version = int(last or 0) + 1
    statement = text("""
        INSERT INTO attendance.rule_set (name, version, parameters, active, created_by)
        VALUES (:name, :version, :parameters, false, :who)
    """).bindparams(bindparam("parameters", type_=JSONB))
    values = {"name": name, "version": version, "who": who}
    await conn.execute(statement, {**values, "parameters": {**parameters, "name": name, "version": version}})
    return version


async def activate_version(conn: WriteConnection, name: str, version: int | None) -> list[int]:
    """Let days be judged by this version of a name alone (None: by none); versions whose state changed."""
    statement = text("""
        UPDATE attendance.rule_set SET active = coalesce(version = CAST(:version AS int), false)
        WHERE name = :name AND active IS DISTINCT FROM coalesce(version = CAST(:version AS int), false)
        RETURNING version
    """)
    return list((await conn.execute(statement, {"name": name, "version": version})).scalars())
