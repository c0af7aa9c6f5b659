"""Who was told ahead that an appliance goes off the run."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range

from service.core.database import ReadConnection, WriteConnection
from service.crew.models import Warned


async def was_told(conn: ReadConnection, appliance_id: int, start: datetime, end: datetime) -> bool:
    """Whether a part of this stretch was told of before: one that moved is no new one."""
    stretch = func.tstzrange(Warned.starts_at, Warned.ends_at, type_=TSTZRANGE)
    told = select(Warned.id).where(
        Warned.appliance_id == appliance_id, stretch.overlaps(Range(start, end)), Warned.ends_at > start
    )
    return (await conn.execute(told.limit(1))).first() is not None


async def add_told(
    conn: WriteConnection, appliance_id: int, start: datetime, end: datetime, crew_ids: Collection[int]
) -> None:
    """These people have been told of the stretch."""
    told = insert(Warned).values(
        appliance_id=appliance_id, starts_at=start, ends_at=end, crew_ids=sorted(crew_ids)
    )
    await conn.execute(told)
