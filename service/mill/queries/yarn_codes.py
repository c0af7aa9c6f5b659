"""Codes of yarns that begin like another: near matches for who asks for one that there is not."""

from sqlalchemy import text

from service.core.database import ReadConnection

_NEAR = text("""
    SELECT yarn_code FROM mill.yarns ORDER BY left(yarn_code, 2) = left(:code, 2) DESC, yarn_code LIMIT 2000
""")


async def select_codes(conn: ReadConnection, code: str) -> list[str]:
    """At most 2,000, those with the same beginning first."""
    return list((await conn.execute(_NEAR, {"code": code})).scalars())
