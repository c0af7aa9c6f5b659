"""Which style a code means (A.6): by the mapping file, by itself, or by the part before `/` or `-`."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

# Of several versions of a mapping the newest counts: 10 after 9, and a word after all numbers. All kinds are
# named because the key begins with them: without, every code would read every mapping.
_MAPPED: Final = """
    (SELECT a.style_id FROM mill.style_aliases a
     WHERE a.kind IN ('fstyle', 'gstyle', 'cfbase', 'legacy') AND a.alias_code = c.code
     ORDER BY a.method = 'manual' DESC, lpad(coalesce(a.version, ''), 20, '0') DESC, a.style_id LIMIT 1)
"""
_ITSELF: Final = "(SELECT s.id FROM mill.styles s WHERE s.style_code = c.code)"
_BASE: Final = """
    (SELECT s.id FROM mill.styles s WHERE s.style_code = rtrim(split_part(c.code, '/', 1))),
    (SELECT s.id FROM mill.styles s WHERE s.style_code = rtrim(split_part(c.code, '-', 1)))
"""
_MEANT: Final = f"coalesce({_MAPPED}, {_ITSELF}, {_BASE})"
_NAME: Final = """
    CREATE TEMPORARY TABLE named_styles ON COMMIT DROP AS
    SELECT c.code, {meant} AS style_id
    FROM (SELECT DISTINCT style_code AS code FROM incoming WHERE style_code IS NOT NULL) c
"""
_ASKED: Final = text(f"""
    SELECT c.code, s.style_code FROM unnest(CAST(:names AS text[])) AS c (code)
    JOIN mill.styles s ON s.id = {_MEANT}
""")  # noqa: S608  constants of this file


async def select_named(conn: ReadConnection, names: Sequence[str]) -> dict[str, str]:
    """By name the code of the style it means, as in files; a name that means none is not among them."""
    rows = await conn.execute(_ASKED, {"names": sorted(set(names))})
    return {row.code: row.style_code for row in rows}


async def name_styles(conn: WriteConnection, *, as_they_are: bool = False) -> None:
    """The styles that the codes of the file mean, as a table of the transaction.

    `as_they_are`: the file speaks of styles themselves, not of what is sold: no mapping, no part of a code.
    """
    await conn.execute(text(_NAME.format(meant=_ITSELF if as_they_are else _MEANT)))
    await conn.execute(text("ANALYZE named_styles"))


async def select_unknown_styles(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Good rows whose code means no style of ours: line and code."""
    statement = text("""
        SELECT i.row_no, i.style_code FROM incoming i JOIN named_styles n ON n.code = i.style_code
        WHERE NOT i.bad AND n.style_id IS NULL ORDER BY i.row_no
    """)
    return (await conn.execute(statement)).all()


_STUBS: Final = text("""
    WITH made AS (
        INSERT INTO mill.styles (style_code, status)
        SELECT DISTINCT i.style_code, 'unknown' FROM incoming i JOIN named_styles n ON n.code = i.style_code
        WHERE NOT i.bad AND n.style_id IS NULL ORDER BY 1
        ON CONFLICT (style_code) DO UPDATE SET style_code = excluded.style_code
        RETURNING id, style_code)
    UPDATE named_styles n SET style_id = made.id FROM made WHERE n.code = made.style_code
""")


async def insert_stub_styles(conn: WriteConnection) -> int:
    """Styles that only this file knows: without recipe, so that nothing can be planned of them."""
    return (await conn.execute(_STUBS)).rowcount


_AGAIN: Final = """
    UPDATE mill.{table} t SET style_id = m.style_id
    FROM (SELECT c.code, {meant} AS style_id
          FROM (SELECT DISTINCT {code} AS code FROM mill.{table} WHERE {code} IS NOT NULL) c) m
    WHERE m.code = t.{code} AND m.style_id IS DISTINCT FROM t.style_id AND m.style_id IS NOT NULL
"""


async def name_again(conn: WriteConnection) -> int:
    """Sales and rolls whose code means another style since styles or mappings have come; how many."""
    told = (("sales_activity", "alias_code"), ("stage_inventory", "style_code"))
    changed = 0
    for table, code in told:
        statement = text(_AGAIN.format(table=table, code=code, meant=_MEANT))
        changed += (await conn.execute(statement)).rowcount
    return changed
