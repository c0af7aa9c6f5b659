"""What B6 is held against: each question in one plain statement, and as an ORM would ask child by child."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from service.children.models import Activity, Child, GameSession, Guardian, PointLedger
from service.core.database import Database, orm

_SUMMARY = text("""
    SELECT child_id, count(*), avg(score), avg(engagement_score), avg(accuracy_pct)
    FROM children.game_sessions
    WHERE child_id = ANY (CAST(:ids AS bigint[])) AND deleted_at IS NULL
      AND started_at >= :since AND started_at < :until GROUP BY child_id
""")
_SESSIONS = text("""
    SELECT s.* FROM children.game_sessions AS s
    JOIN children.child_guardians AS g ON g.child_id = s.child_id AND g.user_id = 2
    WHERE s.child_id = :child AND s.deleted_at IS NULL
    ORDER BY s.started_at DESC, s.id DESC LIMIT :limit OFFSET :offset
""")
_CHILDREN = text("""
    SELECT c.*, g.access FROM children.children AS c
    JOIN children.child_guardians AS g ON g.child_id = c.id AND g.user_id = 1
    WHERE c.deleted_at IS NULL ORDER BY c.created_at DESC, c.id DESC LIMIT :limit
""")
_DASHBOARD = text("""
    SELECT c.id, c.name, c.points, c.level, s.*, p.*, a.latest FROM children.children AS c
    LEFT JOIN LATERAL (
        SELECT count(*), count(*) FILTER (WHERE started_at >= :week) AS week, max(started_at)
        FROM children.game_sessions AS s
        WHERE s.child_id = c.id AND s.deleted_at IS NULL AND s.started_at >= :since AND s.started_at < :until
    ) AS s ON true
    LEFT JOIN LATERAL (
        SELECT sum(points) AS earned FROM children.point_ledger AS p
        WHERE p.child_id = c.id AND p.created_at >= :week
    ) AS p ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(id) AS latest FROM (
            SELECT id FROM children.activities AS a WHERE a.child_id = c.id AND a.deleted_at IS NULL
            ORDER BY completed_at DESC LIMIT 10) AS ten
    ) AS a ON true
    WHERE c.id = ANY (CAST(:ids AS bigint[]))
""")


class Peers:
    """The same questions in other ways, over 30 days up to a moment."""

    def __init__(self, db: Database, now: datetime, limit: int) -> None:
        self._db = db
        self._window = {"since": now - timedelta(days=29), "until": now + timedelta(days=1)}
        self._week = {"week": now - timedelta(days=7)}
        self._limit = limit

    async def _all(self, statement: Any, **values: Any) -> None:
        async with self._db.read() as conn:
            (await conn.execute(statement, values)).all()

    async def summary(self, ids: Sequence[int]) -> None:
        """Counts and means of each child, in one statement."""
        await self._all(_SUMMARY, ids=list(ids), **self._window)

    async def sessions(self, child: int, offset: int = 0) -> None:
        """A page of sessions of a guardian's child."""
        await self._all(_SESSIONS, child=child, limit=self._limit + 1, offset=offset)

    async def children(self) -> None:
        """A page of a guardian's children."""
        await self._all(_CHILDREN, limit=self._limit + 1)

    async def dashboard(self, ids: Sequence[int]) -> None:
        """Counts, points and latest activities of each child, in one statement."""
        await self._all(_DASHBOARD, ids=list(ids), **self._window, **self._week)

    async def lazy_summary(self, ids: Sequence[int]) -> None:
        """Child by child: is it mine, its sessions, and the means in Python."""
        async with self._db.read() as conn, orm(conn) as session:
            for child in ids:
                await _is_mine(session, child)
                played = await self._played(session, child)
                scores = [one.score for one in played if one.score is not None]
                _ = fmean(scores) if scores else None

    async def lazy_sessions(self, child: int) -> None:
        """The page, then what each of its sessions earned."""
        newest = GameSession.started_at.desc()
        async with self._db.read() as conn, orm(conn) as session:
            await _is_mine(session, child, 2)
            page = select(GameSession).where(GameSession.child_id == child).order_by(newest)
            for one in (await session.scalars(page.limit(self._limit))).all():
                earned = select(PointLedger).where(
                    PointLedger.child_id == child, PointLedger.source_id == one.id
                )
                (await session.scalars(earned)).all()

    async def lazy_children(self) -> None:
        """The page, then the guardians of each child."""
        async with self._db.read() as conn, orm(conn) as session:
            page = select(Child).join(Guardian, Guardian.child_id == Child.id).where(Guardian.user_id == 1)
            for child in (await session.scalars(page.limit(self._limit))).all():
                await _is_mine(session, child.id)

    async def lazy_dashboard(self, ids: Sequence[int]) -> None:
        """Child by child: itself, its sessions, points and activities."""
        async with self._db.read() as conn, orm(conn) as session:
            for child in ids:
                await session.get(Child, child)
                await self._played(session, child)
                points = select(PointLedger).where(PointLedger.child_id == child)
                (await session.scalars(points)).all()
                done = select(Activity).where(Activity.child_id == child).limit(10)
                (await session.scalars(done)).all()

    async def _played(self, session: AsyncSession, child: int) -> Sequence[GameSession]:
        at = GameSession.started_at
        within = (at >= self._window["since"], at < self._window["until"])
        found = select(GameSession).where(GameSession.child_id == child, *within)
        return (await session.scalars(found)).all()


async def _is_mine(session: AsyncSession, child: int, person: int = 1) -> None:
    mine = select(Guardian).where(Guardian.child_id == child, Guardian.user_id == person)
    (await session.scalars(mine)).one_or_none()
