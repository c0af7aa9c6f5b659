"""The stall's ledger: a report of any length, with a column of every kind, that is read block by block."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import AwareDatetime, Field
from sqlalchemy import text

from service.core.database import ReadConnection
from service.reporting import BuildContext, Built, Completeness, Report, Streamed
from service.schemas.envelope import Ask, Wire

ZONE = "America/Mexico_City"
THROUGH = datetime(2026, 10, 31, 18, 30, tzinfo=UTC)


def stands_on(_: Any) -> tuple[str, ...]:
    """The data versions of the stall."""
    return ("stall/sales",)


class LedgerAsk(Ask):
    """How long the ledger is."""

    rows: int = Field(3, ge=1, le=20_000_000)


class LedgerRow(Wire):
    """One line of the till's ledger, with a column of every kind."""

    number: int
    item: str
    sold_on: date
    sold_at: AwareDatetime
    punched_at: datetime
    open_seconds: int = Field(description="How long the stall was open.")
    price: Decimal
    paid: bool


LEDGER_SQL = """
    SELECT n AS number, 'item ' || n AS item, DATE '2026-10-01' + n % 30 AS sold_on,
           TIMESTAMPTZ '2026-10-01 12:00:00Z' + n * INTERVAL '1 second' AS sold_at,
           TIMESTAMP '2026-10-01 06:30:00' AS punched_at, 90000 + n % 60 AS open_seconds,
           n::numeric / 4 AS price, n % 2 = 0 AS paid
    FROM generate_series(1, :rows) AS n
"""


async def stream_ledger(conn: ReadConnection, asked: LedgerAsk, _: BuildContext) -> Streamed:
    """Lines that nobody holds."""
    result = await conn.stream(text(LEDGER_SQL), {"rows": asked.rows})

    async def blocks() -> AsyncIterator[list[Mapping[str, Any]]]:
        async for part in result.mappings().partitions(500):
            yield [dict(row) for row in part]

    built = Built(
        rows=(),
        completeness=Completeness(complete=False, reasons=["the ledger was never closed"], as_of=THROUGH),
        timezone=ZONE,
        summary={"lines": asked.rows},
    )
    return Streamed(built=built, blocks=blocks(), total=asked.rows)


async def build_ledger(conn: ReadConnection, asked: LedgerAsk, context: BuildContext) -> Built:
    """The same lines at once."""
    return await (await stream_ledger(conn, asked, context)).gathered()


LEDGER = Report(
    name="ledger",
    title="Ledger",
    description="Every line of the till.",
    params=LedgerAsk,
    row=LedgerRow,
    build=build_ledger,
    stream=stream_ledger,
    scope=stands_on,
    lifetime=timedelta(0),
    example={
        "params": {"rows": 1},
        "items": [
            {
                "number": 1, "item": "item 1", "sold_on": "2026-10-02", "sold_at": "2026-10-01T12:00:01Z",
                "punched_at": "2026-10-01T06:30:00", "open_seconds": 90001, "price": "0.25", "paid": False,
            }
        ],
    },
)  # fmt: skip
