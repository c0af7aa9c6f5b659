"""Shares of published reports, and whether what a share shows may still be shown."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update

from service.access.models import AuthUser
from service.children.models import Child, Report, ReportShare
from service.children.queries.writings import author_columns
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey

KEYS: Final = (
    SortKey("created_at", ReportShare.created_at.expression, descending=True),
    SortKey("id", ReportShare.id.expression, descending=True),
)
_SHARE: Final = (
    ReportShare.id,
    ReportShare.report_id,
    ReportShare.created_at,
    ReportShare.expires_at,
    ReportShare.revoked_at,
    ReportShare.last_accessed_at,
    Report.child_id,
)


def shares_of(report_id: int) -> Select[Any]:
    """The shares of a report that the caller was let pass to."""
    return _shares().where(ReportShare.report_id == report_id)


async def insert_share(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Add one; the row with who shared it."""
    made = (await conn.execute(insert(ReportShare).values(**values).returning(ReportShare.id))).scalar_one()
    row: Row[Any] = (await conn.execute(_shares().where(ReportShare.id == made))).one()
    return row


async def revoke_share(conn: WriteConnection, report_id: int, share_id: UUID) -> Row[Any] | None:
    """End one, the first time it is asked for; None where the report has no such share."""
    ended = {"revoked_at": func.coalesce(ReportShare.revoked_at, func.now())}
    which = (ReportShare.id == share_id) & (ReportShare.report_id == report_id)
    await conn.execute(update(ReportShare).where(which).values(**ended))
    row: Row[Any] | None = (await conn.execute(_shares().where(which))).one_or_none()
    return row


async def select_shared(conn: ReadConnection, token_hash: bytes) -> Row[Any] | None:
    """What a token was given for: share, report, child; `open` unless it expired, was revoked or withdrawn.

    A child that is archived, restricted or to be erased is shown to nobody outside, and by nobody whose
    account may not act.
    """
    is_open = (
        ReportShare.revoked_at.is_(None)
        & (ReportShare.expires_at > func.now())
        & (Report.status == "published")
        & Child.is_active
        & Child.deleted_at.is_(None)
        & Child.restricted_at.is_(None)
        & (AuthUser.status == "active")
        & AuthUser.is_active
    )
    columns: list[Any] = [
        ReportShare.id,
        ReportShare.report_id,
        ReportShare.shared_by,
        Report.child_id,
        Child.name.label("child_name"),
        is_open.label("open"),
    ]
    statement = (
        select(*columns)
        .join(Report, Report.id == ReportShare.report_id)
        .join(Child, Child.id == Report.child_id)
        .join(AuthUser, AuthUser.id == ReportShare.shared_by)
        .where(ReportShare.token_hash == token_hash)
    )
    return (await conn.execute(statement)).one_or_none()


async def touch_share(conn: WriteConnection, share_id: UUID) -> None:
    """Note that it was read now."""
    statement = update(ReportShare).where(ReportShare.id == share_id)
    await conn.execute(statement.values(last_accessed_at=func.now()))


def _shares() -> Select[Any]:
    return (
        select(*_SHARE, *author_columns())
        .join(Report, Report.id == ReportShare.report_id)
        .join(AuthUser, AuthUser.id == ReportShare.shared_by)
    )
