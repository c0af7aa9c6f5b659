"""Rows of a file on their way in: a table of the transaction, and what is checked over all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection, copy_rows


async def make_incoming(conn: WriteConnection, columns: Mapping[str, str]) -> None:
    """An empty table of these columns and types, beside the line; `bad`: the row is rejected."""
    shown = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    await conn.execute(
        text(f"CREATE TEMPORARY TABLE incoming (row_no int, bad boolean, {shown}) ON COMMIT DROP")
    )


async def copy_incoming(conn: WriteConnection, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """More rows: line, whether it is bad, the columns."""
    return await copy_rows(conn, "incoming", ("row_no", "bad", *columns), rows)


async def index_incoming(conn: WriteConnection, key: Sequence[str]) -> None:
    """All rows are in: let the planner know, and find them by their key."""
    if key:
        await conn.execute(text(f"CREATE INDEX ON incoming ({', '.join(key)})"))
    await conn.execute(text("ANALYZE incoming"))


async def select_repeated(
    conn: ReadConnection, key: Sequence[str], columns: Sequence[str]
) -> Sequence[Row[Any]]:
    """Rows whose key comes more than once: line, the key's first column, its first line, whether all cells
    are the same.
    """
    keys = ", ".join(key)
    known = " AND ".join(f"{name} IS NOT NULL" for name in key)
    statement = f"""
        WITH twice AS (
            SELECT {keys}, min(row_no) AS first FROM incoming
            WHERE {known} GROUP BY {keys} HAVING count(*) > 1),
        judged AS (
            SELECT {keys}, first, count(DISTINCT (bad, {", ".join(columns)})) = 1 AS same
            FROM incoming JOIN twice USING ({keys}) GROUP BY {keys}, first)
        SELECT row_no, {key[0]} AS key, first, same FROM incoming JOIN judged USING ({keys}) ORDER BY row_no
    """  # noqa: S608  built of the names above only
    return (await conn.execute(text(statement))).all()


async def reject_incoming(conn: WriteConnection, rows: Iterable[int]) -> None:
    """Take rows out of what will be stored."""
    numbers = sorted(rows)
    if numbers:
        statement = text("UPDATE incoming SET bad = true WHERE row_no = ANY (CAST(:rows AS int[]))")
        await conn.execute(statement, {"rows": numbers})


async def select_incoming(conn: ReadConnection, *columns: str) -> Sequence[Row[Any]]:
    """Good rows in their order: line and the columns."""
    names = ", ".join(columns)
    statement = text(f"SELECT row_no, {names} FROM incoming WHERE NOT bad ORDER BY row_no")  # noqa: S608  names of columns
    return (await conn.execute(statement)).all()


async def select_unknown_yarns(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Good rows whose yarn is none of ours: line and code."""
    statement = text("""
        SELECT i.row_no, i.yarn_code FROM incoming i
        WHERE NOT i.bad AND i.yarn_code IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM mill.yarns y WHERE y.yarn_code = i.yarn_code)
        ORDER BY i.row_no
    """)
    return (await conn.execute(statement)).all()


async def insert_stub_yarns(conn: WriteConnection) -> int:
    """Yarns that only this file knows, not active: nobody has a stock of them."""
    statement = text("""
        INSERT INTO mill.yarns (yarn_code, active)
        SELECT DISTINCT i.yarn_code, false FROM incoming i WHERE NOT i.bad AND i.yarn_code IS NOT NULL
        ORDER BY 1 ON CONFLICT (yarn_code) DO NOTHING
    """)
    return (await conn.execute(statement)).rowcount
