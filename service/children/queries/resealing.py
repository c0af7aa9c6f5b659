"""What lies sealed with an older key, to be sealed anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, bindparam, func, or_, select, update

from service.children.models import EmergencyContact, Safety
from service.children.rules.sealed import CONTACT, MEDICAL, Sealed
from service.core.database import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A table with sealed fields, and the column that tells its rows apart."""

    table: type[Safety] | type[EmergencyContact]
    key: str
    fields: tuple[Sealed, ...]

    def column(self, name: str) -> Any:
        """One of its columns."""
        return self.table.__table__.c[name]

    def sealed_otherwise(self, name: bytes) -> ColumnElement[bool]:
        """Whether a row has a field that another key than `name` sealed; null fields are nobody's."""
        fields = (self.column(field) for field in self.fields)
        return or_(*(func.substring(field, 1, len(name)) != name for field in fields))


PARTS: Final = (
    SealedPart(Safety, "child_id", MEDICAL),
    SealedPart(EmergencyContact, "id", CONTACT),
)


async def select_older(
    conn: WriteConnection, part: SealedPart, name: bytes, after: int, most: int
) -> Sequence[RowMapping]:
    """Rows past `after` with a field that is not sealed with the key `name`: `key`, `child` and the fields.

    They are held; rows that somebody else holds are left out.
    """
    key, child = part.column(part.key), part.column("child_id")
    fields = [part.column(field) for field in part.fields]
    statement = (
        select(key.label("key"), child.label("child"), *fields)
        .where(key > after, part.sealed_otherwise(name))
        .order_by(key)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await conn.execute(statement)).mappings().all()


async def put_sealed(conn: WriteConnection, part: SealedPart, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the fields of rows (`key` and the fields, each with `new_` before its name)."""
    values: dict[str, Any] = {field: bindparam(f"new_{field}") for field in part.fields}
    written = update(part.table).where(part.column(part.key) == bindparam("new_key"))
    await conn.execute(written.values(values), rows)


async def count_older(conn: ReadConnection, part: SealedPart, name: bytes) -> int:
    """How many rows have a field that is not sealed with the key `name`."""
    counted = select(func.count()).select_from(part.table).where(part.sealed_otherwise(name))
    return int((await conn.execute(counted)).scalar_one())
