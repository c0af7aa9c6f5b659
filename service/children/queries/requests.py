"""Requests for copies and erasures: made, found by who may see them, brought along."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.children.models import Child, DataRequest
from service.children.queries.visibility import visible
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.models import Run, RunFile
from service.schemas.children.words import RequestKind

MOST_DOWNLOADS: Final = 3
OPEN_ERASURE: Final = ("awaiting", "pending", "executing")
_BROKEN_OFF = and_(DataRequest.state.in_(("queued", "running")), Run.state.in_(("failed", "cancelled")))
_PAST = and_(
    DataRequest.state == "ready",
    or_(DataRequest.expires_at <= func.now(), DataRequest.downloads >= MOST_DOWNLOADS),
)
STATE: Final = case((_BROKEN_OFF, "failed"), (_PAST, "expired"), else_=DataRequest.state)
"""As it stands at this moment: a run may have ended without a word, and time passes by itself."""
_COLUMNS = tuple(column for column in DataRequest.__table__.c if column.name != "state")
AnyRow = Row[*tuple[Any, ...]]


def requests() -> Select[*tuple[Any, ...]]:
    """Requests with their state and, of copies, the size and hash of the file."""
    return (
        select(*_COLUMNS, STATE.label("state"), RunFile.size_bytes, RunFile.sha256)
        .select_from(DataRequest)
        .outerjoin(Run, Run.id == DataRequest.run_id)
        .outerjoin(RunFile, RunFile.run_id == DataRequest.run_id)
    )


async def select_export(conn: ReadConnection, caller: Caller, export_id: UUID) -> AnyRow | None:
    """A copy that the caller asked for, of a child that they still see."""
    statement = requests().where(
        DataRequest.id == export_id,
        DataRequest.kind == "export",
        DataRequest.requested_by == caller.person,
        visible(caller, DataRequest.child_id),
    )
    return (await conn.execute(statement)).one_or_none()


async def select_erasure(conn: ReadConnection, caller: Caller, erasure_id: UUID) -> AnyRow | None:
    """An erasure of a child that the caller sees; who asked for it sees it when the child is gone, too."""
    seen = or_(visible(caller, DataRequest.child_id), _asked_by(caller))
    statement = requests().where(DataRequest.id == erasure_id, DataRequest.kind == "erasure", seen)
    return (await conn.execute(statement)).one_or_none()


def child_of(request_id: UUID, kind: RequestKind) -> Select[int]:
    """Whose request it is, whoever asks: for the audit of a refusal."""
    return select(DataRequest.child_id).where(DataRequest.id == request_id, DataRequest.kind == kind)


async def insert_request(conn: WriteConnection, values: Mapping[str, Any]) -> UUID | None:
    """A new request; None where an erasure of the child is open."""
    statement = insert(DataRequest).values(**values).on_conflict_do_nothing().returning(DataRequest.id)
    return (await conn.execute(statement)).scalar_one_or_none()


async def select_exports_of_today(conn: ReadConnection, child_id: int) -> Sequence[AnyRow]:
    """The copies of a child that were asked for since midnight (UTC), newest first; failed ones not."""
    today = func.date_trunc("day", func.now(), "UTC")
    statement = (
        requests()
        .where(
            DataRequest.child_id == child_id,
            DataRequest.kind == "export",
            DataRequest.created_at >= today,
            STATE != "failed",
        )
        .order_by(DataRequest.created_at.desc())
    )
    return (await conn.execute(statement)).all()


async def update_request(conn: WriteConnection, request_id: UUID, **values: Any) -> None:
    """Change a request."""
    await conn.execute(update(DataRequest).where(DataRequest.id == request_id).values(**values))


async def begin_export(conn: WriteConnection, request_id: UUID) -> AnyRow | None:
    """Take a queued copy in hand, also once more; None where there is nothing to do any more."""
    statement = (
        update(DataRequest)
        .where(
            DataRequest.id == request_id,
            DataRequest.kind == "export",
            DataRequest.state.in_(("queued", "running")),
        )
        .values(state="running")
        .returning(*DataRequest.__table__.c)
    )
    return (await conn.execute(statement)).one_or_none()


async def finish_export(conn: WriteConnection, request_id: UUID, kept: timedelta) -> None:
    """The file is there, for so long."""
    await update_request(
        conn,
        request_id,
        state="ready",
        ready_at=func.now(),
        finished_at=func.now(),
        expires_at=func.now() + literal(kept),
    )


async def count_download(conn: WriteConnection, caller: Caller, export_id: UUID) -> bool:
    """Use up one download; False where it is not ready, past its time, or there is none left."""
    statement = (
        update(DataRequest)
        .where(
            DataRequest.id == export_id,
            DataRequest.kind == "export",
            DataRequest.requested_by == caller.person,
            DataRequest.state == "ready",
            DataRequest.expires_at > func.now(),
            DataRequest.downloads < MOST_DOWNLOADS,
        )
        .values(downloads=DataRequest.downloads + 1)
    )
    return bool((await conn.execute(statement)).rowcount)


async def select_subject(conn: ReadConnection, child_id: int) -> AnyRow | None:
    """What an erasure rests on: name, legal hold, restriction; the row stays as it is until the commit."""
    statement = (
        select(Child.name, Child.legal_hold, Child.restricted_at)
        .where(Child.id == child_id)
        .with_for_update()
    )
    return (await conn.execute(statement)).one_or_none()


def _asked_by(caller: Caller) -> Any:
    return DataRequest.requested_by == caller.person
