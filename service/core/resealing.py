"""Sealing anew what an older secret key sealed, so that the key can be withdrawn (children spec E7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, RowMapping, bindparam, func, or_, select, update

from service.core.database import Database, ReadConnection, WriteConnection
from service.core.sealing import NotOpened, Sealer
from service.core.tasks import JobContext
from service.core.telemetry import get_logger

AT_ONCE: Final = 200
log = get_logger("service.sealing")


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A table with sealed fields: the column that tells its rows apart, and the one of whom they are about.

    `place(owner, field)` is what a field is bound to.
    """

    table: FromClause
    key: str
    owner: str
    fields: tuple[str, ...]
    place: Callable[[int, Any], str]

    def sealed_otherwise(self, name: bytes) -> ColumnElement[bool]:
        """Whether a row has a field that another key than `name` sealed; null fields are nobody's."""
        fields = (self.table.c[field] for field in self.fields)
        return or_(*(func.substring(field, 1, len(name)) != name for field in fields))


async def reseal(context: JobContext, parts: Sequence[SealedPart]) -> dict[str, Any]:
    """Seal everything with the first secret key. `rows_left` need the older ones still: do not withdraw them.

    Those are rows that somebody was just writing, and fields that none of our keys opens.
    """
    database, sealer = context.runtime.database, Sealer.of(context.runtime.settings)
    for part in parts:
        context.counts["rows_updated"] += await _resealed(database, part, sealer)
        async with database.read() as conn:
            context.counts["rows_left"] += await _count_older(conn, part, sealer.name)
    context.partial = context.counts["rows_left"] > 0
    return dict(context.counts)


async def _resealed(database: Database, part: SealedPart, sealer: Sealer) -> int:
    """In short transactions; how many rows are written anew."""
    after = written = 0
    while True:
        async with database.write() as conn:
            rows = await _select_older(conn, part, sealer.name, after)
            renewed = [values for row in rows if (values := _renewed(part, sealer, row)) is not None]
            if renewed:
                await _put_sealed(conn, part, renewed)
        written += len(renewed)
        if len(rows) < AT_ONCE:
            return written
        after = rows[-1]["key"]


def _renewed(part: SealedPart, sealer: Sealer, row: Mapping[Any, Any]) -> dict[str, Any] | None:
    """The row's fields sealed anew; None where one of them does not open, which stays as it is."""
    values: dict[str, Any] = {"new_key": row["key"]}
    for field in part.fields:
        sealed, place = row[field], part.place(row["owner"], field)
        try:
            anew = None if sealed is None else sealer.seal(sealer.open(sealed, place), place)
        except NotOpened:
            log.error("sealed_text_not_opened", field=field, owner=row["owner"])
            return None
        values[f"new_{field}"] = anew
    return values


async def _select_older(
    conn: WriteConnection, part: SealedPart, name: bytes, after: int
) -> Sequence[RowMapping]:
    """Rows past `after` with a field that is not sealed with the key `name`: `key`, `owner` and the fields.

    They are held; rows that somebody else holds are left out.
    """
    key, owner = part.table.c[part.key], part.table.c[part.owner]
    statement = (
        select(key.label("key"), owner.label("owner"), *(part.table.c[field] for field in part.fields))
        .where(key > after, part.sealed_otherwise(name))
        .order_by(key)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return (await conn.execute(statement)).mappings().all()


async def _put_sealed(conn: WriteConnection, part: SealedPart, rows: Sequence[Mapping[str, Any]]) -> None:
    values: dict[str, Any] = {field: bindparam(f"new_{field}") for field in part.fields}
    written = update(part.table).where(part.table.c[part.key] == bindparam("new_key"))  # type: ignore[arg-type]
    await conn.execute(written.values(values), rows)


async def _count_older(conn: ReadConnection, part: SealedPart, name: bytes) -> int:
    """How many rows have a field that is not sealed with the key `name`."""
    counted = select(func.count()).select_from(part.table).where(part.sealed_otherwise(name))
    return int((await conn.execute(counted)).scalar_one())
