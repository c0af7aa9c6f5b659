"""The statements on `muster.baseline`: connection first, never commits."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.monitoring.models import Baseline

_TABLE = Baseline.__table__.c
_REQUESTS = _TABLE.report["requests"].as_integer().label("requests")
_SHOWN: tuple[Any, ...] = (
    _TABLE.id,
    _TABLE.name,
    _TABLE.note,
    _TABLE.created_by,
    _TABLE.created_at,
    _REQUESTS,
)
NEWEST_FIRST = (
    SortKey("created_at", _TABLE.created_at, descending=True),
    SortKey("id", _TABLE.id, descending=True),
)


def all_baselines() -> Select[Any]:
    """Every baseline without its report, to be narrowed to a page by `NEWEST_FIRST`."""
    return select(*_SHOWN)


async def insert_baseline(conn: WriteConnection, values: dict[str, Any]) -> Row[Any] | None:
    """Keep one; None when its name is taken."""
    statement = insert(Baseline).values(**values).on_conflict_do_nothing(index_elements=["name"])
    return await _one(conn, statement.returning(*_SHOWN))


async def find_baseline(conn: ReadConnection, wanted: str, *, by_name: bool = False) -> Row[Any] | None:
    """One with its report, by id, or also by name."""
    mine = _TABLE.name == wanted
    try:
        by_id = _TABLE.id == UUID(wanted)
    except ValueError:
        if not by_name:
            return None
    else:
        mine = by_id | mine if by_name else by_id
    statement = select(*_SHOWN, _TABLE.report).where(mine).order_by(_TABLE.name == wanted).limit(1)
    return await _one(conn, statement)


async def count_baselines(conn: ReadConnection) -> int:
    """How many are kept."""
    return int((await conn.execute(select(func.count()).select_from(Baseline))).scalar_one())


async def delete_baseline(conn: WriteConnection, baseline_id: UUID) -> None:
    """Forget one."""
    await conn.execute(delete(Baseline).where(_TABLE.id == baseline_id))


async def _one(conn: ReadConnection, statement: Any) -> Row[Any] | None:
    found: Row[Any] | None = (await conn.execute(statement)).one_or_none()
    return found
