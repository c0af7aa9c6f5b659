"""The audit: every room records here who did what, in the same transaction as the deed itself."""

from collections.abc import Mapping
from typing import Any

from service.access import queries
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.telemetry import request_id


async def record(
    conn: WriteConnection,
    who: Caller | str,
    what: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one audit row within the transaction of `conn`, with the id of the request or run served.

    `what` is a stable dotted word (`key.created`), `subject` names the thing (`key:ab12cd34`,
    `person:17`). `before` and `after` hold JSON values, never a secret.
    """
    await queries.insert_audit(
        conn,
        {
            "who": who.id if isinstance(who, Caller) else who,
            "what": what,
            "subject": subject,
            "before": None if before is None else dict(before),
            "after": None if after is None else dict(after),
            "request_id": request_id(),
        },
    )
