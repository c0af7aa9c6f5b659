"""Points: each award once per source, with the child's points in the same statement (spec D7.13)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, select, text

from service.children.models import PointLedger
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.children.points import LedgerAsk, PointEntry

LISTED: Final = [getattr(PointLedger, name) for name in PointEntry.model_fields]
NEWEST_FIRST: Final = [SortKey("id", PointLedger.id.expression, descending=True)]

# A source that was awarded before gives no row, so nothing is added. The child's row is updated once even
# where several awards are its own: an UPDATE takes one of several joined rows and forgets the others.
_AWARD = text("""
    WITH award AS (
        INSERT INTO children.point_ledger (child_id, source_type, source_id, points, reason, actor_user_id)
        SELECT child_id, :source_type, source_id, points, CAST(:reason AS text), CAST(:actor AS bigint)
        FROM unnest(CAST(:children AS bigint[]), CAST(:sources AS bigint[]), CAST(:points AS integer[]))
             AS given (child_id, source_id, points)
        ON CONFLICT (child_id, source_type, source_id) WHERE source_id IS NOT NULL DO NOTHING
        RETURNING child_id, points
    ), added AS (SELECT child_id, sum(points)::integer AS points FROM award GROUP BY child_id)
    UPDATE children.children AS child SET points = child.points + added.points
    FROM added WHERE child.id = added.child_id
    RETURNING child.id AS child_id, added.points AS added, child.points AS total, child.level
""")
# The adjustment names the entry that it takes back: ids of sessions and activities are not unique together.
_TAKE_BACK = text("""
    WITH award AS (
        SELECT id, child_id, points FROM children.point_ledger
        WHERE child_id = :child AND source_type = :source_type AND source_id = :source
    ), taken AS (
        INSERT INTO children.point_ledger (child_id, source_type, source_id, points, reason, actor_user_id)
        SELECT child_id, 'adjustment', id, -points, :reason, CAST(:actor AS bigint) FROM award
        ON CONFLICT (child_id, source_type, source_id) WHERE source_id IS NOT NULL DO NOTHING
        RETURNING child_id, points
    )
    UPDATE children.children AS child SET points = child.points + taken.points
    FROM taken WHERE child.id = taken.child_id
    RETURNING -taken.points AS taken
""")
_DRIFT = text("""
    SELECT child.id, child.points, coalesce(entries.points, 0) AS entries
    FROM children.children AS child
    LEFT JOIN (SELECT child_id, sum(points) AS points FROM children.point_ledger GROUP BY child_id) AS entries
        ON entries.child_id = child.id
    WHERE child.points <> coalesce(entries.points, 0)
    ORDER BY child.id
""")


async def award(
    conn: WriteConnection,
    source_type: str,
    awards: Sequence[tuple[int, int | None, int]],
    *,
    reason: str | None = None,
    actor: int | None = None,
) -> Sequence[Row[Any]]:
    """Add awards (child, source, points) to the ledger and to the children's points.

    Of each child that got any: `child_id`, `added`, `total`, `level`. Children get theirs in the order of
    the statement's own choice: who awards to several holds their rows before.
    """
    children, sources, points = zip(*awards, strict=True)
    given = {
        "source_type": source_type,
        "children": list(children),
        "sources": list(sources),
        "points": list(points),
        "reason": reason,
        "actor": actor,
    }
    return (await conn.execute(_AWARD, given)).all()


async def take_back(
    conn: WriteConnection, child_id: int, source_type: str, source_id: int, reason: str, actor: int | None
) -> int:
    """Adjust the ledger by what a source had brought; how many points that was."""
    asked = {
        "child": child_id,
        "source_type": source_type,
        "source": source_id,
        "reason": reason,
        "actor": actor,
    }
    return (await conn.execute(_TAKE_BACK, asked)).scalar_one_or_none() or 0


def entries_like(child_id: int, ask: LedgerAsk) -> Select[Any]:
    """A child's ledger by these filters."""
    statement = select(*LISTED).where(PointLedger.child_id == child_id)
    if ask.source_type is not None:
        statement = statement.where(PointLedger.source_type == ask.source_type)
    return statement


async def select_drift(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Children whose points are not the sum of their ledger: `id`, `points`, `entries`."""
    return (await conn.execute(_DRIFT)).all()
