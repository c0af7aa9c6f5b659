"""The statements on `muster.flag`. Takes a connection first, never commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, text
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.core.models import FlagState


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A share (percent) that somebody set at run time."""

    share: int
    reason: str
    changed_by: str
    changed_at: datetime


# One statement, so that rows and version are of one moment also in autocommit.
_READ = text("""
    SELECT known.version, flag.name, flag.share, flag.reason, flag.changed_by, flag.changed_at
    FROM (SELECT coalesce(max(version), 0) AS version FROM muster.data_version WHERE scope = :scope) AS known
    LEFT JOIN muster.flag ON true
""")


async def select_flags(conn: ReadConnection, scope: str) -> tuple[dict[str, FlagRow], int]:
    """The changed flags by name, and the data version of `scope` they are of."""
    rows = (await conn.execute(_READ, {"scope": scope})).all()
    found = {
        row.name: FlagRow(row.share, row.reason, row.changed_by, row.changed_at)
        for row in rows
        if row.name is not None
    }
    return found, rows[0].version


async def upsert_flag(conn: WriteConnection, name: str, share: int, reason: str, who: str) -> bool:
    """Set a share; False when it was set so, for that reason, already."""
    values: dict[str, Any] = {"share": share, "reason": reason, "changed_by": who, "changed_at": func.now()}
    row = insert(FlagState).values(name=name, **values)
    other = or_(FlagState.share != share, FlagState.reason != reason)
    changed = row.on_conflict_do_update(index_elements=["name"], set_=values, where=other)
    return (await conn.execute(changed)).rowcount > 0


async def delete_flag(conn: WriteConnection, name: str) -> bool:
    """Go back to the setting; False when that was in force already."""
    return (await conn.execute(delete(FlagState).where(FlagState.name == name))).rowcount > 0
