"""Every SQL statement on core's own run records. Takes a connection first, never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, insert, select, text, tuple_, update

from service.core.database import ReadConnection, WriteConnection
from service.core.models import Run, RunEvent

ACTIVE = ("queued", "running")
_COLUMNS = tuple(Run.__table__.columns)


async def insert_run(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """A new run row; a unique violation means a run of the same scope is active."""
    return (await conn.execute(insert(Run).values(**values).returning(*_COLUMNS))).one()


async def select_run(conn: ReadConnection, run_id: UUID) -> Row[Any] | None:
    """One run by its id."""
    return (await conn.execute(select(*_COLUMNS).where(Run.id == run_id))).one_or_none()


async def select_active_run(conn: ReadConnection, scope: str) -> Row[Any] | None:
    """The queued or running run of a scope, if any."""
    query = select(*_COLUMNS).where(Run.scope == scope, Run.state.in_(ACTIVE))
    return (await conn.execute(query)).one_or_none()


async def select_last_run(conn: ReadConnection, job: str) -> Row[Any] | None:
    """The newest run of a job."""
    query = select(*_COLUMNS).where(Run.job == job).order_by(Run.created_at.desc()).limit(1)
    return (await conn.execute(query)).one_or_none()


async def select_runs(
    conn: ReadConnection,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
    jobs: Sequence[str] | None = None,
    state: str | None = None,
) -> Sequence[Row[Any]]:
    """Runs, newest first, after the keyset position `before` (created_at, id)."""
    query = select(*_COLUMNS).order_by(Run.created_at.desc(), Run.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(Run.created_at, Run.id) < before)
    if jobs is not None:
        query = query.where(Run.job.in_(jobs))
    if state is not None:
        query = query.where(Run.state == state)
    return (await conn.execute(query)).all()


async def start_run(conn: WriteConnection, run_id: UUID, deadline_at: datetime) -> Row[Any] | None:
    """Mark an active run as running once more; None when it has ended meanwhile."""
    query = (
        update(Run)
        .where(Run.id == run_id, Run.state.in_(ACTIVE))
        .values(
            state="running",
            starts=Run.starts + 1,
            started_at=func.coalesce(Run.started_at, func.now()),
            heartbeat_at=func.now(),
            deadline_at=deadline_at,
        )
        .returning(*_COLUMNS)
    )
    return (await conn.execute(query)).one_or_none()


async def update_progress(
    conn: WriteConnection, run_id: UUID, progress: Mapping[str, Any], counts: Mapping[str, int]
) -> bool:
    """Store progress and heartbeat; answers whether somebody asked to cancel."""
    query = (
        update(Run)
        .where(Run.id == run_id)
        .values(progress=dict(progress), counts=dict(counts), heartbeat_at=func.now())
        .returning(Run.cancel_requested)
    )
    return bool((await conn.execute(query)).scalar_one_or_none())


async def finish_run(conn: WriteConnection, run_id: UUID, state: str, values: Mapping[str, Any]) -> None:
    """End an active run; one that has ended already stays as it is."""
    await conn.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(ACTIVE))
        .values(state=state, finished_at=func.now(), **values)
    )


async def requeue_run(conn: WriteConnection, run_id: UUID) -> None:
    """Give a running run back, because this process stops."""
    await conn.execute(update(Run).where(Run.id == run_id, Run.state == "running").values(state="queued"))


async def request_cancel(conn: WriteConnection, run_id: UUID) -> Row[Any] | None:
    """Ask a run to stop; a queued one is cancelled at once."""
    await conn.execute(
        update(Run)
        .where(Run.id == run_id, Run.state == "queued")
        .values(state="cancelled", finished_at=func.now(), cancel_requested=True)
    )
    query = update(Run).where(Run.id == run_id).values(cancel_requested=True).returning(*_COLUMNS)
    return (await conn.execute(query)).one_or_none()


async def insert_event(
    conn: WriteConnection, run_id: UUID, kind: str, message: str, data: Mapping[str, Any]
) -> None:
    """Append an event; the sequence counts from 1 within its run."""
    following = select(func.coalesce(func.max(RunEvent.sequence), 0) + 1).where(RunEvent.run_id == run_id)
    await conn.execute(
        insert(RunEvent).values(
            run_id=run_id, sequence=following.scalar_subquery(), kind=kind, message=message, data=dict(data)
        )
    )


async def select_events(
    conn: ReadConnection, run_id: UUID, after: int = 0, limit: int = 1000
) -> Sequence[Row[Any]]:
    """Events of a run after a sequence number, in order."""
    query = (
        select(RunEvent.sequence, RunEvent.at, RunEvent.kind, RunEvent.message, RunEvent.data)
        .where(RunEvent.run_id == run_id, RunEvent.sequence > after)
        .order_by(RunEvent.sequence)
        .limit(limit)
    )
    return (await conn.execute(query)).all()


async def delete_old_runs(conn: WriteConnection, *, scheduled_days: int, started_days: int) -> int:
    """Forget ended runs: scheduled ones sooner than those that people started."""
    age = func.now() - Run.finished_at
    scheduled = and_(Run.requested_by == "schedule", age > text(f"interval '{scheduled_days} days'"))
    started = age > text(f"interval '{started_days} days'")
    answer = await conn.execute(delete(Run).where(Run.state.not_in(ACTIVE), scheduled | started))
    return int(answer.rowcount)
