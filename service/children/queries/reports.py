"""Reports about a child: each statement that reads one stays within what the caller may see of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from service.access.models import AuthUser
from service.children.models import Activity, Child, GameSession, Report
from service.children.queries.visibility import level_at, visible
from service.children.queries.writings import author_columns, standing_columns
from service.children.rules.permissions import ALLOWED, Action
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.children.reports import ReportListed, ReportsAsk

KEYS: Final = (
    SortKey("created_at", Report.created_at.expression, descending=True),
    SortKey("id", Report.id.expression, descending=True),
)
_BESIDE: Final = {"author", "approver", "type"}
_LISTED: Final = [
    Report.report_type.label("type"),
    *(getattr(Report, name) for name in ReportListed.model_fields if name not in _BESIDE),
]
_WHOLE: Final = [
    *_LISTED,
    Report.content,
    Report.source_snapshot,
    Report.statement_sha256,
    Report.review_note,
]
_APPROVER: Final = aliased(AuthUser)


def reports_like(caller: Caller, child_id: int, ask: ReportsAsk) -> Select[Any]:
    """The reports about a child that the caller may see."""
    statement = _reports(_LISTED).where(Report.child_id == child_id, _seen(caller))
    if ask.status is not None:
        statement = statement.where(Report.status == ask.status)
    return statement if ask.type is None else statement.where(Report.report_type == ask.type)


async def select_report(
    conn: ReadConnection, caller: Caller, report_id: int, *, hold: bool = False
) -> Row[Any] | None:
    """A report that the caller may see, with how they stand to its child; `hold` it for a change."""
    statement = (
        _reports(_WHOLE)
        .add_columns(*standing_columns(caller, Report.child_id.expression))
        .join(Child, Child.id == Report.child_id)
        .where(
            Report.id == report_id,
            Child.deleted_at.is_(None),
            visible(caller, Report.child_id.expression),
            _seen(caller),
        )
    )
    if hold:
        statement = statement.with_for_update(of=Report)
    return (await conn.execute(statement)).one_or_none()


def owner_of(report_id: int) -> Select[Any]:
    """Whose report it is, whoever asks: for the audit of a refusal."""
    return select(Report.child_id).where(Report.id == report_id)


async def insert_report(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Add a draft; the row with its author."""
    added = insert(Report).values(**values).returning(Report.id)
    return await select_written(conn, (await conn.execute(added)).scalar_one())


async def update_report(conn: WriteConnection, report_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """Change a report that is held; the row as it is then, one version on."""
    changed = {**values, "version": Report.version + 1, "updated_at": func.clock_timestamp()}
    await conn.execute(update(Report).where(Report.id == report_id).values(**changed))
    return await select_written(conn, report_id)


async def delete_report(conn: WriteConnection, report_id: int) -> None:
    """Remove a draft."""
    await conn.execute(delete(Report).where(Report.id == report_id))


async def select_written(conn: ReadConnection, report_id: int) -> Row[Any]:
    """A report that was just written, or whose share has been checked."""
    row: Row[Any] = (await conn.execute(_reports(_WHOLE).where(Report.id == report_id))).one()
    return row


async def select_recorded(
    conn: ReadConnection, child_id: int, start: datetime, end: datetime, known: Mapping[str, Sequence[int]]
) -> Sequence[Row[Any]]:
    """Sessions and activities of a window, and those `known` by id, whatever became of them.

    `kind` (`sessions`, `activities`), `id`, `version`, `created_at`, `updated_at`, `counts`: whether it is in
    the figures of that window today.
    """
    played = _recorded("sessions", GameSession, GameSession.started_at.expression, start, end, known)
    done = _recorded("activities", Activity, Activity.completed_at.expression, start, end, known)
    statement = union_all(
        played.where(GameSession.child_id == child_id), done.where(Activity.child_id == child_id)
    )
    return (await conn.execute(statement)).all()


def _recorded(
    kind: str,
    table: type[GameSession] | type[Activity],
    at: ColumnElement[datetime],
    start: datetime,
    end: datetime,
    known: Mapping[str, Sequence[int]],
) -> Select[Any]:
    counts = (at >= start) & (at < end) & table.deleted_at.is_(None)
    columns: list[Any] = [table.id, table.version, table.created_at, table.updated_at]
    named = counts | table.id.in_(known.get(kind, ()))
    return select(literal(kind).label("kind"), *columns, counts.label("counts")).where(named)


def _reports(columns: Sequence[Any]) -> Select[Any]:
    approver = func.concat_ws(" ", _APPROVER.first_name, _APPROVER.last_name).label("approver_name")
    approved_by = [_APPROVER.id.label("approver_id"), approver, _APPROVER.role.label("approver_role")]
    return (
        select(*columns, *author_columns(), *approved_by)
        .join(AuthUser, AuthUser.id == Report.author_id)
        .outerjoin(_APPROVER, _APPROVER.id == Report.approver_id)
    )


def _seen(caller: Caller) -> ColumnElement[bool]:
    """What was published, everybody around the child; the rest its author, and who writes and reviews."""
    level = level_at(caller, Report.child_id.expression)
    return or_(
        Report.published_at.is_not(None),
        Report.author_id == caller.person,
        level.in_(sorted(ALLOWED[Action.READ_DRAFTS])),
    )
