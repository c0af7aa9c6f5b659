"""The audit: every room records here who did, read or was refused what.

What is done is recorded in the same transaction as the deed; reads and refusals before the answer leaves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from service.access import queries
from service.access.origin import origin
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
    child_id: int | None = None,
    child_ids: Sequence[int] | None = None,
    changed_fields: Sequence[str] | None = None,
    purpose: str | None = None,
    deny_code: str | None = None,
) -> None:
    """Write one audit row within the transaction of `conn`, with the id of the request or run served.

    `what` is a stable dotted word (`key.created`), `subject` names the thing (`key:ab12cd34`, `person:17`,
    `child:7`). `before` and `after` hold JSON values of settings, never a secret, nothing about a child: of
    those `changed_fields` says which. `child_ids` are the children a list showed. `deny_code` makes it a
    refusal and says truly why. Network and browser come from the request being served (`origin`).
    """
    await queries.insert_audit(
        conn,
        {
            "who": who.id if isinstance(who, Caller) else who,
            "actor_user_id": who.person if isinstance(who, Caller) else _person(who),
            "what": what,
            "subject": subject,
            "before": None if before is None else dict(before),
            "after": None if after is None else dict(after),
            "child_id": child_id,
            "child_ids": None if child_ids is None else list(child_ids),
            "changed_fields": None if changed_fields is None else sorted(changed_fields),
            "purpose": purpose,
            "outcome": "allow" if deny_code is None else "deny",
            "deny_code": deny_code,
            "request_id": request_id(),
            **origin()._asdict(),
        },
    )


def _person(who: str) -> int | None:
    """The number of somebody who is not signed in yet, or is no longer (`person:17`)."""
    kind, _, number = who.partition(":")
    return int(number) if kind == "person" and number.isdecimal() else None
