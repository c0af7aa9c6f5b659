"""Every SQL statement of the history; the connection comes first, nothing here commits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_WRITE: Final = text("""
    WITH written AS (
        INSERT INTO muster.figure_history AS kept (instance, seconds, slot, at, figures)
        SELECT :instance, seconds, slot, to_timestamp(at), figures
        FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS span (seconds integer, slot integer, at double precision, figures jsonb)
        ON CONFLICT (instance, seconds, slot) DO UPDATE SET at = excluded.at, figures = excluded.figures
        WHERE excluded.at > kept.at
            OR kept.at > now() + interval '1 minute'
            OR excluded.at = kept.at
                AND CAST(excluded.figures ->> 'covered' AS double precision)
                    >= CAST(kept.figures ->> 'covered' AS double precision)
    )
    SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)
""")
_CLOCK: Final = text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)")
_SPANS: Final = text("""
    SELECT instance, CAST(extract(epoch FROM at) AS bigint) / seconds AS number,
           CAST(figures AS text) AS figures
    FROM muster.figure_history
    WHERE seconds = :seconds AND at >= to_timestamp(:start) AND at <= to_timestamp(:end)
        AND (CAST(:instance AS text) IS NULL OR instance = :instance)
    ORDER BY at
""")
_INSTANCES: Final = text("""
    SELECT instance AS name, max(at) AS newest FROM muster.figure_history GROUP BY instance ORDER BY instance
""")
_FORGET: Final = text("""
    DELETE FROM muster.figure_history
    WHERE at < now() - CASE seconds WHEN 3600 THEN interval '31 days' ELSE interval '2 days' END
""")


async def write_spans(conn: WriteConnection, instance: str, rows: Sequence[Mapping[str, Any]]) -> float:
    """Write spans into their slots and tell the database's time.

    A slot is taken over by a newer round, by more knowledge of the same span, or from a span of the future,
    which only a clock that was set back can have left.
    """
    values = {"instance": instance, "rows": orjson.dumps(list(rows)).decode()}
    return float((await conn.execute(_WRITE, values)).scalar_one())


async def select_clock(conn: ReadConnection) -> float:
    """The database's time, in seconds since 1970."""
    return float((await conn.execute(_CLOCK)).scalar_one())


async def select_spans(
    conn: ReadConnection, seconds: int, start: float, end: float, instance: str | None = None
) -> Sequence[Row[Any]]:
    """Spans that begin between two instants (both included), oldest first; `figures` as JSON text."""
    values = {"seconds": seconds, "start": start, "end": end, "instance": instance}
    return (await conn.execute(_SPANS, values)).all()


async def select_instances(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Every installation whose history is kept, with the beginning of its newest span."""
    return (await conn.execute(_INSTANCES)).all()


async def forget_spans(conn: WriteConnection) -> int:
    """Remove what no range shows any more, such as installations that are gone; how many spans that was.

    What lives overwrites its own slots, so only holes and the dead are found.
    """
    return (await conn.execute(_FORGET)).rowcount
