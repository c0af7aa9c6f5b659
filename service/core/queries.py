"""Every SQL statement on core's own runs and sealed statements. Takes a connection first, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Select, delete, func, insert, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from service.core.database import ReadConnection, WriteConnection
from service.core.models import Run, RunEvent, RunFile, RunFilePart, Statement, StatementWithdrawal

ACTIVE = ("queued", "running")
CHANGING_COUNTS = "(^|_)(inserted|updated|deleted|written|removed|renamed)$"
"""Counts of a run whose names end like this tell of changes; a run without any was quiet."""
_COLUMNS = tuple(Run.__table__.columns)
_WITHDRAWN = (
    StatementWithdrawal.withdrawn_by,
    StatementWithdrawal.withdrawn_at,
    StatementWithdrawal.reason.label("withdrawn_because"),
)
_LARGE = {"rows", "summary", "notes", "meta", "sources"}
_LISTED = (*(column for column in Statement.__table__.columns if column.name not in _LARGE), *_WITHDRAWN)

_SAYS_NOTHING_ELSE = text("""
    NOT EXISTS (
        SELECT FROM jsonb_each(CAST(muster.statement.params AS jsonb)) AS sealed
        JOIN jsonb_each(CAST(:asked AS jsonb)) AS asked USING (key) WHERE sealed.value <> asked.value
    )
""")


async def insert_run(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any] | None:
    """A new run row; None when a run of the same scope is active. The transaction stays usable."""
    active = text("state IN ('queued', 'running')")
    row = postgresql_insert(Run).values(**values)
    unless = row.on_conflict_do_nothing(index_elements=["scope"], index_where=active)
    return (await conn.execute(unless.returning(*_COLUMNS))).one_or_none()


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


async def finish_run(conn: WriteConnection, run_id: UUID, state: str, values: Mapping[str, Any]) -> bool:
    """End an active run; False for one that has ended already, which stays as it is."""
    ended = await conn.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(ACTIVE))
        .values(state=state, finished_at=func.now(), **values)
    )
    return bool(ended.rowcount)


async def requeue_run(conn: WriteConnection, run_id: UUID, values: Mapping[str, Any]) -> None:
    """Give a running run back, because this process stops or lost the database."""
    await conn.execute(
        update(Run).where(Run.id == run_id, Run.state == "running").values(state="queued", **values)
    )


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


async def replace_file(conn: WriteConnection, run_id: UUID, values: Mapping[str, Any]) -> None:
    """The file of a run, without its bytes; one that an earlier start left goes."""
    await conn.execute(delete(RunFile).where(RunFile.run_id == run_id))
    await conn.execute(insert(RunFile).values(run_id=run_id, **values))


async def measure_file(conn: WriteConnection, run_id: UUID, size: int, sha256: str) -> None:
    """Say how long a file became that was written without knowing it."""
    await conn.execute(update(RunFile).where(RunFile.run_id == run_id).values(size_bytes=size, sha256=sha256))


async def insert_file_part(conn: WriteConnection, run_id: UUID, number: int, content: bytes) -> None:
    """One piece of a run's file."""
    await conn.execute(insert(RunFilePart).values(run_id=run_id, number=number, content=content))


async def select_file(conn: ReadConnection, run_id: UUID) -> Row[Any] | None:
    """The file of a run while it has not expired."""
    query = select(*RunFile.__table__.c).where(RunFile.run_id == run_id, RunFile.expires_at > func.now())
    return (await conn.execute(query)).one_or_none()


async def select_file_part(conn: ReadConnection, run_id: UUID, number: int) -> bytes | None:
    """One piece of a run's file; None after the last."""
    query = select(RunFilePart.content).where(RunFilePart.run_id == run_id, RunFilePart.number == number)
    return (await conn.execute(query)).scalar_one_or_none()


async def delete_expired_files(conn: WriteConnection) -> int:
    """Forget files past their time; returns how many."""
    return (await conn.execute(delete(RunFile).where(RunFile.expires_at <= func.now()))).rowcount


async def select_stranded_runs(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Active runs that the engine knows nothing of: nobody will carry them out unless they are alive."""
    query = text(
        """
        SELECT id, job FROM muster.run AS run
        WHERE state IN ('queued', 'running') AND NOT EXISTS (
            SELECT FROM pgqueuer WHERE dedupe_key = run.id::text AND status IN ('queued', 'picked')
        )
        """
    )
    return (await conn.execute(query)).all()


async def delete_old_runs(
    conn: WriteConnection, *, quiet: timedelta, scheduled: timedelta, started: timedelta, most: int
) -> int:
    """Forget ended runs, except the newest of each job; returns how many.

    A scheduled run that changed nothing is kept for `quiet`, another scheduled one for `scheduled` and while
    it is among the `most` newest of its job, one that somebody started for `started`.
    """
    query = text(
        """
        WITH ended AS (
            SELECT id, finished_at, requested_by = 'schedule' AS scheduled,
                   state = 'done' AND NOT EXISTS (
                       SELECT FROM jsonb_each_text(counts) AS count
                       WHERE count.value <> '0' AND count.key ~ :changing
                   ) AS quiet,
                   row_number() OVER (PARTITION BY job ORDER BY created_at DESC) AS newest,
                   row_number() OVER (PARTITION BY job, requested_by = 'schedule'
                                      ORDER BY created_at DESC) AS place
            FROM muster.run WHERE state NOT IN ('queued', 'running')
        )
        DELETE FROM muster.run USING ended
        WHERE run.id = ended.id AND newest > 1 AND (
            ended.finished_at < now() - CAST(:started AS interval)
            OR scheduled AND (place > :most OR ended.finished_at < now() - CAST(:scheduled AS interval))
            OR scheduled AND quiet AND ended.finished_at < now() - CAST(:quiet AS interval)
        )
        """
    )
    values = {"quiet": quiet, "scheduled": scheduled, "started": started}
    answer = await conn.execute(query, values | {"most": most, "changing": CHANGING_COUNTS})
    return int(answer.rowcount)


async def trim_engine_records(conn: WriteConnection, older_than: timedelta) -> int:
    """Forget the job engine's own log and statistics, three rows and more for each run; returns how many."""
    removed = 0
    for table in ("pgqueuer_log", "pgqueuer_statistics"):
        query = text(f"DELETE FROM {table} WHERE created < now() - CAST(:age AS interval)")  # noqa: S608
        removed += (await conn.execute(query, {"age": older_than})).rowcount
    return removed


async def select_oldest_write(conn: ReadConnection) -> datetime:
    """When the oldest transaction under way here began, else now: all that ended before it is visible.

    What a snapshot taken after this call does not see was written by transactions that began at this instant
    or later, and rows carry the beginning of their transaction (`now()`).
    """
    query = text("""
        SELECT least(now(), min(xact_start)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
    """)
    oldest = (await conn.execute(query)).scalar_one()
    assert isinstance(oldest, datetime)
    return oldest


async def insert_statement(conn: WriteConnection, values: Mapping[str, Any]) -> None:
    """Keep a sealed report for good."""
    await conn.execute(insert(Statement).values(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsSeen:
    """Which statements somebody may see: of these desks and of nothing but these sites (None: everything).

    `subjects` are, by desk, the ids whom they may see there (or the statement of them): what is about anybody
    else is not shown; desks that are not named show all. `closed` are reports, with their desk, to leave out.
    """

    desks: Sequence[str]
    sites: Sequence[str] | None = None
    subjects: Mapping[str, Select[int] | Sequence[int]] = field(default_factory=dict)
    closed: Sequence[tuple[str, str]] = ()


def statements_seen(seen: StatementsSeen) -> Select[Any]:
    """Those statements, without their rows."""
    joined = Statement.__table__.outerjoin(StatementWithdrawal.__table__)
    query = select(*_LISTED).select_from(joined).where(Statement.desk.in_(seen.desks))
    if seen.sites is not None:  # a statement of all sites (null) is contained in none
        query = query.where(Statement.sites.contained_by(list(seen.sites)))
    if seen.closed:
        query = query.where(tuple_(Statement.desk, Statement.report).not_in(seen.closed))
    for desk, ids in seen.subjects.items():
        shown = (
            func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger))
            if isinstance(ids, Select)
            else list(ids)
        )
        # A statement whose subjects nobody noted (null) is contained in none either.
        query = query.where(or_(Statement.desk != desk, Statement.subjects.contained_by(shown)))
    return query


async def select_statement(conn: ReadConnection, statement_id: UUID, seen: StatementsSeen) -> Row[Any] | None:
    """One statement whole, if it is among those seen."""
    query = statements_seen(seen).where(Statement.id == statement_id)
    large = [column for column in Statement.__table__.columns if column.name in _LARGE]
    return (await conn.execute(query.add_columns(*large))).one_or_none()


async def select_subjects(conn: ReadConnection, statement_id: UUID) -> list[int] | None:
    """Whom a statement is about, whoever asks: for the audit of a refusal."""
    query = select(Statement.subjects).where(Statement.id == statement_id)
    return (await conn.execute(query)).scalar_one_or_none()


def overlapping(query: Select[Any], start: date | None, end: date | None) -> Select[Any]:
    """Those whose period has a day from `start` to `end` (None: open); one without a period has any."""
    if start is not None:
        query = query.where(or_(Statement.period_to.is_(None), Statement.period_to >= start))
    if end is not None:
        query = query.where(or_(Statement.period_from.is_(None), Statement.period_from <= end))
    return query


async def select_seals(
    conn: ReadConnection,
    seen: StatementsSeen,
    report: str,
    period: tuple[date, date] | None,
    asked: str,
    most: int,
) -> Sequence[Row[Any]]:
    """The newest statements seen of a report that share days with a period and are not withdrawn.

    `asked` are parameters as JSON: a statement that says otherwise of one of them is left out.
    """
    start, end = period or (None, None)
    query = overlapping(statements_seen(seen), start, end)
    query = query.where(Statement.report == report, StatementWithdrawal.statement_id.is_(None))
    query = query.where(_SAYS_NOTHING_ELSE.bindparams(asked=asked))
    newest = query.order_by(Statement.sealed_at.desc(), Statement.id.desc()).limit(most)
    rows: Sequence[Row[Any]] = (await conn.execute(newest)).all()
    return rows


async def insert_withdrawal(conn: WriteConnection, statement_id: UUID, by: str, reason: str) -> bool:
    """Note that a statement is withdrawn; False when it was already."""
    row = postgresql_insert(StatementWithdrawal).values(
        statement_id=statement_id, withdrawn_by=by, reason=reason
    )
    made = row.on_conflict_do_nothing().returning(StatementWithdrawal.statement_id)
    return (await conn.execute(made)).one_or_none() is not None
