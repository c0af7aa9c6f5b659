"""A published report shown to somebody who does not see the child: by a secret link, for a while."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from service.access import audit
from service.access.tokens import digest, is_secret
from service.children.clinical import snapshots
from service.children.clinical.held import person_of, standing_of, with_author
from service.children.clinical.reports import figures_of
from service.children.door import check, hide
from service.children.queries import reports, shares
from service.children.queries.standing import select_standing
from service.children.rules.permissions import Action, may
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, NotFound
from service.schemas.children.reports import NewShare, Share, ShareAsk, SharedReport

SHARED: Final = "report.share"
REVOKED: Final = "report.unshare"
LISTED: Final = "report.share_list"
READ: Final = "report.shared_read"
PATH: Final = "/v1/children/shared-reports/"


async def share(conn: WriteConnection, caller: Caller, report_id: int, ask: ShareAsk, secret: str) -> Share:
    """Show it to one more reader, who will show this secret. Raises `Conflict` (`not_published`)."""
    row = await allowed(conn, caller, report_id, SHARED)
    if row.status != "published":
        raise Conflict("only a published report can be shared", code="not_published")
    values = {
        "report_id": report_id,
        "email_hash": digest(ask.email),
        "token_hash": digest(secret),
        "shared_by": person_of(caller),
        "expires_at": datetime.now(UTC) + timedelta(days=ask.days),
    }
    made = await shares.insert_share(conn, values)
    await _record(conn, caller, SHARED, row, ["email", "expires_at"])
    return share_of(made)


def with_secret(share: Share, secret: str) -> NewShare:
    """The answer that shows it."""
    return NewShare(**share.model_dump(), token=secret, path=f"{PATH}{secret}")


async def revoke(conn: WriteConnection, caller: Caller, report_id: int, share_id: UUID) -> Share:
    """Show it to that reader no more. Raises `NotFound`."""
    row = await allowed(conn, caller, report_id, REVOKED)
    ended = await shares.revoke_share(conn, report_id, share_id)
    if ended is None:
        raise NotFound("this report has no such share")
    await _record(conn, caller, REVOKED, row, ["revoked_at"])
    return share_of(ended)


async def allowed(conn: ReadConnection, caller: Caller, report_id: int, what: str) -> Row[Any]:
    """The report, for who may share it. Raises `Hidden`, `LevelTooLow`."""
    row = await reports.select_report(conn, caller, report_id)
    if row is None:
        await hide(conn, caller, what, reports.owner_of(report_id))
    check(caller, standing_of(row), Action.SHARE_REPORT, what)
    return row


def share_of(row: Row[Any]) -> Share:
    """A share as it travels."""
    values = dict(with_author(row))
    return Share.model_validate({**values, "shared_by": values.pop("author")})


async def opened(conn: WriteConnection, token: str) -> SharedReport | None:
    """What a token shows now, noted in the audit; None where it shows nothing, whatever the reason.

    It shows no more than who shared it may still share. A refusal of a share that there was is noted too.
    """
    found = await shares.select_shared(conn, digest(token)) if is_secret(token) else None
    if found is None:
        return None
    reader, subject = f"share:{found.id}", f"report:{found.report_id}"
    if not found.open or not await _still_shared(conn, found):
        ended = "share_ended"
        await audit.record(conn, reader, READ, subject, child_id=found.child_id, deny_code=ended)
        return None
    await shares.touch_share(conn, found.id)
    await audit.record(conn, reader, READ, subject, child_id=found.child_id)
    return _shown(await reports.select_written(conn, found.report_id), found.child_name)


async def is_known(conn: ReadConnection, token: str) -> bool:
    """Whether it ever was a share: who shows one that ended has not guessed."""
    return is_secret(token) and await shares.select_shared(conn, digest(token)) is not None


async def _still_shared(conn: ReadConnection, found: Row[Any]) -> bool:
    name = f"person:{found.shared_by}"
    sharer = Caller(id=name, name=name, kind="token", scopes=frozenset(), person=found.shared_by)
    standing: Any = await select_standing(conn, sharer, found.child_id)
    return standing is not None and standing.level is not None and may(standing.level, Action.SHARE_REPORT)


def _shown(row: Row[Any], child: str) -> SharedReport:
    values = {**row._asdict(), "author": row.author_name, "child": child, "figures": figures_of(row)}
    return SharedReport.model_validate({**values, "intact": snapshots.intact(row)})


async def _record(conn: WriteConnection, caller: Caller, what: str, row: Row[Any], fields: list[str]) -> None:
    subject = f"report:{row.id}"
    await audit.record(conn, caller, what, subject, child_id=row.child_id, changed_fields=fields)
