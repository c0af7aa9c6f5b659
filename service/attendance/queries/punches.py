"""Statements for the large mirrors, check-ins and the upstream's attendance: COPY, or merge by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

from service.core.database import ReadConnection, WriteConnection, copy_rows

Values = Mapping[str, Any]
STAGE = "import_row"
"""The temporary table that an import stages its rows in (`queries/staging.py`)."""


@dataclass(frozen=True, slots=True)
class LargeTable:
    """One large mirror: its columns with their SQL types; on the `judged` ones a day's result depends."""

    name: str
    columns: Mapping[str, str]
    judged: tuple[str, ...]

    @property
    def copied(self) -> list[str]:
        """The columns a first load writes."""
        return ["source_id", *self.columns]


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that a merge made or changed: whose day it is, and whose it was (None: it is new)."""

    upstream_name: str
    person_id: int | None
    day: date
    was_person_id: int | None
    was_day: date | None
    is_new: bool
    judged: bool


CHECKINS = LargeTable(
    "checkin",
    {
        "upstream_name": "text",
        "person_id": "int",
        "unknown_person": "text",
        "local_time": "timestamp",
        "day": "date",
        "at": "timestamptz",
        "log_type": "text",
        "device_id": "int",
        "skip": "bool",
        "upstream_modified": "timestamp",
    },
    ("person_id", "local_time", "at", "log_type", "device_id", "skip"),
)
ATTENDANCE = LargeTable(
    "upstream_attendance",
    {
        "upstream_name": "text",
        "person_id": "int",
        "day": "date",
        "status": "text",
        "other_half": "text",
        "shift_name": "text",
        "hours": "numeric",
        "in_time": "timestamp",
        "out_time": "timestamp",
        "late": "bool",
        "early": "bool",
        "leave_type": "text",
        "docstatus": "int",
        "upstream_modified": "timestamp",
    },
    ("person_id", "day", "status", "shift_name", "docstatus"),
)


async def relax_commit(conn: WriteConnection) -> None:
    """Do not wait for the disk at this transaction's commit.

    A crash of the server may then undo the last few pages, each together with its checkpoint: they are read
    again. The next ordinary commit makes all of them durable.
    """
    await conn.execute(text("SET LOCAL synchronous_commit = off"))


async def copy_page(conn: WriteConnection, table: LargeTable, source_id: int, rows: Sequence[Values]) -> int:
    """COPY rows hoped to be new; a unique violation ends the transaction (275 k rows/s against 95)."""
    values = itemgetter(*table.columns)
    records = [(source_id, *values(row)) for row in rows]
    return await copy_rows(conn, table.name, table.copied, records, schema="attendance")


async def merge_page(
    conn: WriteConnection, table: LargeTable, source_id: int, rows: Sequence[Values]
) -> list[Touched]:
    """Insert or update rows by upstream name; gives only those that are new or differ now.

    An unchanged row is not written. A row that comes back from the dead loses its tombstone.
    """
    unique = {row["upstream_name"]: row for row in rows}
    columns: dict[str, Any] = {column: [row[column] for row in unique.values()] for column in table.columns}
    names = ", ".join(table.columns)
    arrays = ", ".join(f"CAST(:{column} AS {kind}[])" for column, kind in table.columns.items())
    page = f"SELECT * FROM unnest({arrays}) AS t ({names})"  # noqa: S608 - names of the constants above
    touched = await conn.execute(_merge(table, page), columns | {"source_id": source_id})
    return [Touched(**row) for row in touched.mappings()]


async def merge_staged(
    conn: WriteConnection, table: LargeTable, source_id: int, first: int, last: int
) -> list[Touched]:
    """As `merge_page`, with the staged rows of these numbers (both included); no name comes twice."""
    names = ", ".join(table.columns)
    page = f"SELECT {names} FROM {STAGE} WHERE number BETWEEN :first AND :last"  # noqa: S608 - as above
    values = {"source_id": source_id, "first": first, "last": last}
    return [Touched(**row) for row in (await conn.execute(_merge(table, page), values)).mappings()]


def _merge(table: LargeTable, page: str) -> TextClause:
    names = ", ".join(table.columns)
    others = [column for column in table.columns if column != "upstream_name"]
    sets = ", ".join(f"{column} = excluded.{column}" for column in others)
    known = ", ".join(f"known.{column}" for column in others)
    given = ", ".join(f"excluded.{column}" for column in others)
    old = ", ".join(f"b.{column}" for column in table.judged)
    new = ", ".join(f"m.{column}" for column in table.judged)
    returned = ", ".join(dict.fromkeys(("upstream_name", "person_id", "day", *table.judged)))
    qualified = ", ".join(f"known.{column}" for column in returned.split(", "))
    # `before` and the merge see the same snapshot, so it holds the rows as they were.
    return text(f"""
        WITH page AS ({page}),
        before AS (
            SELECT {returned}, deleted_at FROM attendance.{table.name}
            WHERE source_id = :source_id AND upstream_name IN (SELECT upstream_name FROM page)
        ),
        merged AS (
            INSERT INTO attendance.{table.name} AS known (source_id, {names})
            SELECT :source_id, {names} FROM page ORDER BY upstream_name
            ON CONFLICT (source_id, upstream_name) DO UPDATE SET {sets}, deleted_at = NULL
            WHERE ({known}) IS DISTINCT FROM ({given}) OR known.deleted_at IS NOT NULL
            RETURNING {qualified}
        )
        SELECT m.upstream_name, m.person_id, m.day, b.person_id AS was_person_id, b.day AS was_day,
               b.upstream_name IS NULL AS is_new,
               b.upstream_name IS NULL OR b.deleted_at IS NOT NULL
                   OR ({old}) IS DISTINCT FROM ({new}) AS judged
        FROM merged AS m LEFT JOIN before AS b USING (upstream_name)
    """)  # noqa: S608 - names of the constants above


def days_of(touched: Iterable[Touched]) -> list[tuple[int, date]]:
    """(person, date) of rows whose change matters to a day, as they are and as they were."""
    days: list[tuple[int, date]] = []
    for row in touched:
        if row.judged and row.person_id is not None:
            days.append((row.person_id, row.day))
        if row.judged and row.was_person_id is not None and row.was_day is not None:
            days.append((row.was_person_id, row.was_day))
    return days


async def live_in_window(
    conn: ReadConnection, table: LargeTable, source_id: int, start: datetime, end: datetime
) -> set[str]:
    """The upstream names of rows with `start` <= time < `end` (of days, for attendance) not tombstoned."""
    when = "local_time" if "local_time" in table.columns else "day"
    statement = text(f"""
        SELECT upstream_name FROM attendance.{table.name}
        WHERE source_id = :source_id AND {when} >= :start AND {when} < :end AND deleted_at IS NULL
    """)  # noqa: S608 - names of the constants above
    rows = await conn.execute(statement, {"source_id": source_id, "start": start, "end": end})
    return set(rows.scalars())


async def touched_scopes(conn: ReadConnection, table: LargeTable) -> list[tuple[date, str | None]]:
    """Every (first of month, site name) that rows of a table fall into: what a first load touches."""
    statement = text(f"""
        SELECT DISTINCT c.month, s.name AS site
        FROM (
            SELECT DISTINCT date_trunc('month', day)::date AS month, person_id FROM attendance.{table.name}
        ) AS c
        LEFT JOIN attendance.person AS p ON p.id = c.person_id
        LEFT JOIN attendance.site AS s ON s.id = p.site_id
    """)  # noqa: S608 - names of the constants above
    return [(row.month, row.site) for row in await conn.execute(statement)]
