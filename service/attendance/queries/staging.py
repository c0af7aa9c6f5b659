"""Statements of an import: rows staged in a temporary table, looked at as a whole, then merged by number.

The table lives as long as its transaction: an import that breaks off leaves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from service.attendance.queries.punches import CHECKINS, STAGE
from service.core.database import WriteConnection, copy_rows

_COLUMNS = ("number", "line", "title", *CHECKINS.columns)
_DUPLICATES = "import_duplicate"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A staged row whose name came before; `conflicting`: the rows of that name differ, and none is kept."""

    line: int
    title: str
    first_line: int
    conflicting: bool


async def open_stage(conn: WriteConnection) -> None:
    """Make the temporary table."""
    columns = ", ".join(f"{name} {kind}" for name, kind in CHECKINS.columns.items())
    await conn.execute(
        text(f"""
            CREATE TEMPORARY TABLE {STAGE} (number int PRIMARY KEY, line int, title text, {columns})
            ON COMMIT DROP
        """)
    )


async def stage_rows(conn: WriteConnection, rows: Sequence[Sequence[Any]]) -> None:
    """COPY rows: number, line, title of the column, then the columns of a check-in."""
    await copy_rows(conn, STAGE, _COLUMNS, rows)


async def set_duplicates_aside(conn: WriteConnection) -> int:
    """Keep the first of rows that say the same, none of rows that contradict each other; how many went."""
    others = ", ".join(name for name in CHECKINS.columns if name != "upstream_name")
    await conn.execute(text(f"ANALYZE {STAGE}"))
    await conn.execute(
        text(f"""
            CREATE TEMPORARY TABLE {_DUPLICATES} ON COMMIT DROP AS
            SELECT number, line, title, first_line, conflicting,
                   row_number() OVER (ORDER BY number)::int AS place
            FROM (
                SELECT number, line, title, row_number() OVER later AS place,
                       min(line) OVER named AS first_line,
                       min(said) OVER named <> max(said) OVER named AS conflicting
                FROM (
                    SELECT number, line, title, upstream_name, md5(ROW({others})::text) AS said
                    FROM {STAGE}
                    WHERE upstream_name IN (
                        SELECT upstream_name FROM {STAGE} GROUP BY upstream_name HAVING count(*) > 1
                    )
                ) AS repeated
                WINDOW named AS (PARTITION BY upstream_name),
                       later AS (PARTITION BY upstream_name ORDER BY number)
            ) AS judged
            WHERE conflicting OR place > 1
        """)  # noqa: S608 - names of the constants above
    )
    gone = text(f"""
        DELETE FROM {STAGE} AS s USING {_DUPLICATES} AS d WHERE s.number = d.number
    """)  # noqa: S608 - names of the constants above
    return (await conn.execute(gone)).rowcount


async def select_duplicates(conn: WriteConnection, after: int, most: int) -> list[Duplicate]:
    """Some of the rows that were set aside, in the file's order."""
    query = text(f"""
        SELECT line, title, first_line, conflicting FROM {_DUPLICATES}
        WHERE place > :after AND place <= :last ORDER BY place
    """)  # noqa: S608 - a constant above
    rows = await conn.execute(query, {"after": after, "last": after + most})
    return [Duplicate(*row) for row in rows]
