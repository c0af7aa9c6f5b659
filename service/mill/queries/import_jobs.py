"""Files that were read: their jobs, what was told of their rows, the lists of both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, text, update

from service.core.database import ReadConnection, WriteConnection, copy_rows
from service.mill.models.files import ImportJob, ImportMessage

_MESSAGE: Final = (
    "job_id", "seq", "row_no", "column_name", "code", "severity", "raw_value", "used_value", "message",
    "action", "original",
)  # fmt: skip


async def insert_job(conn: WriteConnection, values: Mapping[str, Any]) -> int:
    """A file whose rows are being looked at; its number."""
    made = await conn.execute(insert(ImportJob).values(**values).returning(ImportJob.id))
    return int(made.scalar_one())


async def end_job(conn: WriteConnection, job_id: int, values: Mapping[str, Any]) -> None:
    """What came of it."""
    ended = {**values, "finished_at": func.clock_timestamp()}
    await conn.execute(update(ImportJob).where(ImportJob.id == job_id).values(**ended))


async def insert_messages(conn: WriteConnection, rows: Iterable[Sequence[Any]]) -> int:
    """Messages in their order, each with the job's number and its own."""
    return await copy_rows(conn, ImportMessage.__tablename__, _MESSAGE, rows, schema="mill")


async def select_same(conn: ReadConnection, kind: str, content_key: str) -> int | None:
    """The job that put the same file in force, and no later file took its place."""
    table = ImportJob
    same = select(table.id).where(
        table.file_kind == kind,
        table.content_key == content_key,
        table.status == "done",
        table.mode != "dry_run",
        table.latest,
    )
    found = (await conn.execute(same)).scalar_one_or_none()
    return None if found is None else int(found)


async def select_day_in_force(conn: ReadConnection, kind: str, part: str) -> date | None:
    """The day that the files in force of this kind and part speak of; None where there is none."""
    latest = select(func.max(ImportJob.snapshot_date)).where(*_in_force(kind, part))
    found = await conn.execute(latest)
    day: date | None = found.scalar_one()
    return day


def _in_force(kind: str, part: str) -> list[ColumnElement[bool]]:
    table = ImportJob
    return [
        table.file_kind == kind,
        table.__table__.c.latest,
        table.status == "done",
        table.mode != "dry_run",
        func.coalesce(table.options["part"].astext, "") == part,
    ]


async def replace_latest(conn: WriteConnection, kind: str, part: str) -> None:
    """Files of this kind and part that are in force give way to the one being published."""
    statement = update(ImportJob).where(*_in_force(kind, part))
    await conn.execute(statement.values(latest=False))


def jobs_listed() -> Select[Any]:
    """All imports."""
    return select(*ImportJob.__table__.columns)


async def select_job(conn: ReadConnection, job_id: int) -> Row[Any] | None:
    """One import."""
    found = await conn.execute(jobs_listed().where(ImportJob.id == job_id))
    row: Row[Any] | None = found.one_or_none()
    return row


async def select_job_of_run(conn: ReadConnection, run_id: Any) -> int | None:
    """The import that a run recorded."""
    found = await conn.execute(select(ImportJob.id).where(ImportJob.run_id == run_id))
    return found.scalar_one_or_none()


def messages_listed(job_id: int) -> Select[Any]:
    """What was told of a file."""
    return select(*ImportMessage.__table__.columns).where(ImportMessage.job_id == job_id)


_FIRST = text("""
    SELECT row_no, column_name, code, severity, raw_value, used_value, action, message
    FROM mill.import_errors
    WHERE job_id = :job AND severity <> 'info' ORDER BY seq LIMIT :most
""")


async def select_first_messages(conn: ReadConnection, job_id: int, most: int) -> Sequence[Row[Any]]:
    """The first errors and warnings, by row and column."""
    return (await conn.execute(_FIRST, {"job": job_id, "most": most})).all()
