"""Skills and their other writings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_ALIASES = text("SELECT alias, code FROM crew.skill_alias")
_SKILLS = text("""
    SELECT s.code, s.label,
           array(SELECT a.alias FROM crew.skill_alias a WHERE a.code = s.code ORDER BY 1) AS aliases
    FROM crew.skill s ORDER BY s.code
""")
_PUT = text("""
    INSERT INTO crew.skill_alias AS a (alias, code) SELECT :alias, code FROM crew.skill WHERE code = :code
    ON CONFLICT (alias) DO UPDATE SET code = excluded.code
    RETURNING a.code
""")
_DELETE = text("DELETE FROM crew.skill_alias WHERE alias = :alias RETURNING code")


async def select_aliases(conn: ReadConnection) -> dict[str, str]:
    """The code that each other writing stands for."""
    return {row.alias: row.code for row in await conn.execute(_ALIASES)}


async def select_skills(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Every skill that was ever met, with its other writings."""
    return (await conn.execute(_SKILLS)).all()


async def put_alias(conn: WriteConnection, alias: str, code: str) -> bool:
    """Read `alias` as a skill from now on; False: there is no such skill."""
    return (await conn.execute(_PUT, {"alias": alias, "code": code})).one_or_none() is not None


async def delete_alias(conn: WriteConnection, alias: str) -> str | None:
    """The skill it stood for; None: it was no other writing."""
    return (await conn.execute(_DELETE, {"alias": alias})).scalar_one_or_none()
