"""Sealing anew what an older secret key sealed, so that the key can be withdrawn (spec E7)."""

from collections.abc import Mapping
from typing import Any, Final

from service.children.queries.resealing import PARTS, SealedPart, count_older, put_sealed, select_older
from service.children.rules.sealed import place_of
from service.core.database import Database
from service.core.sealing import NotOpened, Sealer
from service.core.tasks import JobContext
from service.core.telemetry import get_logger

AT_ONCE: Final = 200
log = get_logger("service.children")


async def reseal(context: JobContext) -> dict[str, Any]:
    """Seal everything with the first secret key. `rows_left` need the older ones still: do not withdraw them.

    Those are rows that somebody was just writing, and fields that none of our keys opens.
    """
    database, sealer = context.runtime.database, Sealer.of(context.runtime.settings)
    for part in PARTS:
        context.counts["rows_updated"] += await _resealed(database, part, sealer)
        async with database.read() as conn:
            context.counts["rows_left"] += await count_older(conn, part, sealer.name)
    context.partial = context.counts["rows_left"] > 0
    return dict(context.counts)


async def _resealed(database: Database, part: SealedPart, sealer: Sealer) -> int:
    """In short transactions; how many rows are written anew."""
    after = written = 0
    while True:
        async with database.write() as conn:
            rows = await select_older(conn, part, sealer.name, after, AT_ONCE)
            renewed = [values for row in rows if (values := _renewed(part, sealer, row)) is not None]
            if renewed:
                await put_sealed(conn, part, renewed)
        written += len(renewed)
        if len(rows) < AT_ONCE:
            return written
        after = rows[-1]["key"]


def _renewed(part: SealedPart, sealer: Sealer, row: Mapping[Any, Any]) -> dict[str, Any] | None:
    """The row's fields sealed anew; None where one of them does not open, which stays as it is."""
    values: dict[str, Any] = {"new_key": row["key"]}
    for field in part.fields:
        sealed, place = row[field], place_of(row["child"], field)
        try:
            values[f"new_{field}"] = (
                None if sealed is None else sealer.seal(sealer.open(sealed, place), place)
            )
        except NotOpened:
            log.error("sealed_text_not_opened", field=field, child_id=row["child"])
            return None
    return values
