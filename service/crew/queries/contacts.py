"""Contacts of crew members; `version` are the microseconds of the last change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_ROW = """
    crew_id, phone_sealed, email_sealed, position, updated_at,
    (extract(epoch FROM updated_at) * 1000000)::bigint AS version
"""
_SELECT = text(f"SELECT {_ROW} FROM crew.crew_contact WHERE crew_id = :crew_id")  # noqa: S608  our own words
_HOLD = text(f"SELECT {_ROW} FROM crew.crew_contact WHERE crew_id = :crew_id FOR UPDATE")  # noqa: S608  as above
_PUT = text(f"""
    INSERT INTO crew.crew_contact AS c (crew_id, phone_sealed, email_sealed, position)
    VALUES (:crew_id, :phone, :email, :position)
    ON CONFLICT (crew_id) DO UPDATE SET
        phone_sealed = excluded.phone_sealed, email_sealed = excluded.email_sealed,
        position = excluded.position,
        updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
    RETURNING {_ROW}
""")  # noqa: S608  as above
_DELETE = text("DELETE FROM crew.crew_contact WHERE crew_id = :crew_id")


async def select_contact(conn: ReadConnection, crew_id: int) -> Row[Any] | None:
    """The contact of a person."""
    return (await conn.execute(_SELECT, {"crew_id": crew_id})).one_or_none()


async def hold_contact(conn: WriteConnection, crew_id: int) -> Row[Any] | None:
    """The same, held until the transaction ends."""
    return (await conn.execute(_HOLD, {"crew_id": crew_id})).one_or_none()


async def put_contact(conn: WriteConnection, crew_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """The whole contact, sealed."""
    return (await conn.execute(_PUT, {"crew_id": crew_id, **values})).one()


async def delete_contact(conn: WriteConnection, crew_id: int) -> None:
    """Nothing is kept of it."""
    await conn.execute(_DELETE, {"crew_id": crew_id})
