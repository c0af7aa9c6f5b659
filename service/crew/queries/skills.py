"""Skills and their other writings."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_ALIASES = text("SELECT alias, code FROM crew.skill_alias")
_SKILLS = text("""
    SELECT s.code, s.label,
           array(SELECT a.alias FROM crew.skill_alias a WHERE a.code = s.code ORDER BY 1) AS aliases
    FROM crew.skill s
    WHERE CAST(:codes AS text[]) IS NULL OR EXISTS (
        SELECT FROM crew.crew_member m JOIN crew.station p ON p.id = m.station_id
        WHERE p.code = ANY (:codes)
          AND (s.code = ANY (m.skills)
               OR m.skills && array(SELECT a.alias FROM crew.skill_alias a WHERE a.code = s.code)))
    ORDER BY s.code
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


async def select_skills(conn: ReadConnection, codes: Collection[str] | None) -> Sequence[Row[Any]]:
    """Every skill that was ever met, or that somebody of these stations has, with its other writings."""
    named = None if codes is None else sorted(codes)
    return (await conn.execute(_SKILLS, {"codes": named})).all()


async def put_alias(conn: WriteConnection, alias: str, code: str) -> bool:
    """Read `alias` as a skill from now on; False: there is no such skill."""
    return (await conn.execute(_PUT, {"alias": alias, "code": code})).one_or_none() is not None


async def delete_alias(conn: WriteConnection, alias: str) -> str | None:
    """The skill it stood for; None: it was no other writing."""
    return (await conn.execute(_DELETE, {"alias": alias})).scalar_one_or_none()
