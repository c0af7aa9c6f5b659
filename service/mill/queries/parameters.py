"""Planning parameters as they hold, and as they held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection
from service.mill.rules.parameters import Parameters

_IN_FORCE = text("""
    SELECT DISTINCT ON (name) name, value, valid_from FROM mill.planning_params
    WHERE valid_from <= coalesce(CAST(:at AS timestamptz), clock_timestamp()) ORDER BY name, valid_from DESC
""")
_PUT = text("""
    INSERT INTO mill.planning_params (name, valid_from, value, set_by, reason)
    SELECT name, clock_timestamp(), value, :who, :reason
    FROM jsonb_each(CAST(:values AS jsonb)) AS one (name, value)
""")
_PAST = text("""
    SELECT name, value, valid_from, set_by, reason FROM mill.planning_params ORDER BY valid_from DESC, name
    LIMIT :most
""")


_COUNT = text("SELECT count(*) FROM mill.planning_params")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('mill/parameters', 0))")


@dataclass(frozen=True, slots=True)
class InForce:
    """A set of parameters and since when nothing of it changed (None: never set, all are defaults)."""

    values: Parameters
    since: datetime | None

    @property
    def version(self) -> str:
        """What an answer names as the version of its rules."""
        return f"mill-parameters/{'defaults' if self.since is None else self.since.isoformat()}"


async def select_parameters(conn: ReadConnection, at: datetime | None = None) -> InForce:
    """The set that holds now, or held at an instant."""
    rows = (await conn.execute(_IN_FORCE, {"at": at})).all()
    values = Parameters.from_values({row.name: row.value for row in rows if row.value is not None})
    return InForce(values, max((row.valid_from for row in rows), default=None))


async def insert_parameters(
    conn: WriteConnection, values: Mapping[str, Any], who: str, reason: str | None
) -> None:
    """Put values in force from now on; null takes a name back to its default."""
    await conn.execute(_PUT, {"values": orjson.dumps(dict(values)).decode(), "who": who, "reason": reason})


async def select_past(conn: ReadConnection, most: int) -> Sequence[Row[Any]]:
    """What was ever set, the newest first."""
    return (await conn.execute(_PAST, {"most": most})).all()


async def count_settings(conn: ReadConnection) -> int:
    """How often anything was ever set: the version of the set."""
    count: int = (await conn.execute(_COUNT)).scalar_one()
    return count


async def lock_parameters(conn: WriteConnection) -> None:
    """One who sets parameters at a time, to the end of the transaction."""
    await conn.execute(_LOCK)
