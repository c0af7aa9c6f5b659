# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Access`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.access import IngestAsk, IngestToken, Key, KeyAsk, Me, NewKey
from service.schemas.audit import AuditEntry
from service.schemas.envelope import Listing


class Access(Desk):
    """Keys and sessions: who may see what."""

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

    async def create_ingest_token(
        self,
        body: IngestAsk,
        *,
        options: CallOptions | None = None,
    ) -> IngestToken:
        """Let a child's tablet send sessions.

        A token of twelve hours that can write sessions of one child, so that no secret stays on the
        device.
        """
        return await self._call(IngestToken, "POST", "/v1/access/ingest-tokens", body=body, options=options)

    def keys(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Key]:
        """API keys.

        All keys, oldest first, revoked and expired ones too; never a secret. A guardian: one's own.
        """
        return self._list(
            Key,
            Listing[Key],
            "/v1/access/keys",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    async def create_key(self, body: KeyAsk, *, options: CallOptions | None = None) -> NewKey:
        """Make an API key.

        The answer holds the secret, this once. Send an `Idempotency-Key` to be able to ask again.

        An admin makes keys for programs; a guardian makes keys for the devices of their children.
        """
        return await self._call(NewKey, "POST", "/v1/access/keys", body=body, options=options)

    async def key(self, key_id: str, *, options: CallOptions | None = None) -> Key:
        """One API key.

        One key; never its secret.
        """
        return await self._call(Key, "GET", f"/v1/access/keys/{segment(key_id)}", options=options)

    async def revoke_key(self, key_id: str, *, options: CallOptions | None = None) -> Key:
        """Revoke an API key.

        It, its browser sessions and its links end on every replica within a second. Twice changes nothing.
        """
        return await self._call(Key, "DELETE", f"/v1/access/keys/{segment(key_id)}", options=options)

    async def me(self, *, options: CallOptions | None = None) -> Me:
        """Who am I.

        The caller as this service sees it: rights and sites.
        """
        return await self._call(Me, "GET", "/v1/access/me", options=options)


class AccessSync(DeskSync):
    """`Access`, blocking."""

    audit = BlockingList(Access.audit)
    create_ingest_token = Blocking(Access.create_ingest_token)
    keys = BlockingList(Access.keys)
    create_key = Blocking(Access.create_key)
    key = Blocking(Access.key)
    revoke_key = Blocking(Access.revoke_key)
    me = Blocking(Access.me)
