"""COPY in and out, over the driver's connection and inside SQLAlchemy's transaction."""

from collections.abc import AsyncIterable, Iterable, Sequence
from typing import Any, cast

import asyncpg
from sqlalchemy import text

from service.core.database.connections import ReadConnection, WriteConnection
from service.core.database.measuring import measured


async def driver_in_transaction(conn: WriteConnection) -> asyncpg.Connection:
    """The asyncpg connection, inside SQLAlchemy's transaction.

    SQLAlchemy sends BEGIN with its first statement; COPY or an enqueue before that would commit by itself.
    """
    return await _driver(conn)


async def copy_rows(
    conn: WriteConnection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    schema: str | None = None,
) -> int:
    """COPY rows into a table within the transaction of `conn`; returns how many."""
    driver = await _driver(conn)
    with measured(conn, _copy_in(table, columns, schema)) as copied:
        answer = await driver.copy_records_to_table(
            table, records=rows, columns=list(columns), schema_name=schema
        )
        copied.rows = int(answer.split()[-1])
    return copied.rows


async def copy_bytes(
    conn: WriteConnection, table: str, columns: Sequence[str], source: AsyncIterable[bytes]
) -> int:
    """COPY rows in binary form into a table within the transaction of `conn`; returns how many."""
    driver = await _driver(conn)
    with measured(conn, _copy_in(table, columns, None)) as copied:
        answer = await driver.copy_to_table(table, source=source, columns=list(columns), format="binary")
        copied.rows = int(answer.split()[-1])
    return copied.rows


async def copy_out(conn: ReadConnection, query: str, *arguments: Any) -> bytes:
    """Binary COPY of a query's rows, for decoding in NumPy (month matrix: 1.15 x `psql COPY`)."""
    driver = await _driver(conn)
    parts: list[bytes] = []

    async def collect(part: bytes) -> None:
        parts.append(part)

    with measured(conn, f"COPY ({query}) TO STDOUT") as copied:
        answer = await driver.copy_from_query(query, *arguments, output=collect, format="binary")
        copied.rows = int(answer.split()[-1])
    return b"".join(parts)


async def _driver(conn: ReadConnection) -> asyncpg.Connection:
    raw = await conn.get_raw_connection()
    driver = cast(asyncpg.Connection, raw.driver_connection)
    if not driver.is_in_transaction():
        await conn.execute(text("SELECT 1"))
    return driver


def _copy_in(table: str, columns: Sequence[str], schema: str | None) -> str:
    named = f"{schema}.{table}" if schema else table
    return f"COPY {named} ({', '.join(columns)}) FROM STDIN"
