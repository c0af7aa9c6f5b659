# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The records of `Access`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.audit import AuditEntry
from service.schemas.envelope import Listing


class AccessRecords(Desk):
    """The records of `Access`."""

    def audit(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        subject: str | None = None,
        who: str | None = None,
        actor: int | None = None,
        child_id: int | None = None,
        what: str | None = None,
        outcome: Literal["allow", "deny"] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AuditEntry]:
        """The audit.

        Who did, read or was refused what; newest first. With `child_id`: who read that child.

        - subject: What it was done to, such as `key:ab12cd34`.
        - who: Who did it, such as `key:ab12cd34` or `system`.
        - actor: The person who did it, also by a key of theirs.
        - child_id: The child it was about, also among others.
        - what: Dotted word, such as `child.read`; `child.*`: all of those.
        - from_: The first instant.
        - to: The first instant after the range.
        """
        return self._list(
            AuditEntry,
            Listing[AuditEntry],
            "/v1/access/audit",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "subject": subject,
                "who": who,
                "actor": actor,
                "child_id": child_id,
                "what": what,
                "outcome": outcome,
                "from": from_,
                "to": to,
            },
            options,
        )
