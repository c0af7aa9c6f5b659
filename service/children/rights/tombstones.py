"""Tombstones outside of the database: a backup that is older than an erasure does not have its tombstone.

One JSON object per line, with nothing about the child but its number.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Row

from service.children.queries import erasures
from service.core.database import Database
from service.core.errors import FieldError, Invalid


class Tombstone(BaseModel):
    """That a child was erased, when, and by which request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    child_id: int
    erased_at: datetime
    request_id: UUID


async def tombstones(database: Database) -> list[str]:
    """All of them as lines, oldest first."""
    async with database.read() as conn:
        rows = await erasures.select_tombstones(conn)
    return [_line(row) for row in rows]


async def learn(database: Database, lines: Iterable[str]) -> int:
    """Set the tombstones of a file again; how many it has. Raises `Invalid` for a line that is none."""
    kept = [_read(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    async with database.write() as conn:
        for one in kept:
            await erasures.add_tombstone(conn, one.child_id, one.erased_at, one.request_id)
    return len(kept)


async def risen(database: Database) -> Sequence[int]:
    """The numbers of the children that a restore brought back."""
    async with database.read() as conn:
        return [row.child_id for row in await erasures.select_risen(conn)]


def _line(row: Row[Any]) -> str:
    return orjson.dumps(row._asdict(), default=str).decode()


def _read(number: int, line: str) -> Tombstone:
    try:
        return Tombstone.model_validate_json(line)
    except ValidationError:
        detail = f"line {number} is no tombstone; they are written by `muster erase children --list`"
        raise Invalid(detail, errors=[FieldError(f"/{number}", "bad_tombstone", detail)]) from None
