# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Access`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import encode_form, etag_text, segment
from service.client._options import CallOptions
from service.schemas.access import IngestAsk, IngestToken, Key, KeyAsk, Me, NewKey
from service.schemas.audit import AuditEntry
from service.schemas.envelope import Listing
from service.schemas.people import (
    AcceptAsk,
    Accepted,
    ChangeAsk,
    EmailAsk,
    LeaveAsk,
    Professional,
    ProfessionalAsk,
    Profile,
    ProfileAsk,
    RefreshAsk,
    RegisterAsk,
    ResetAsk,
    TokenAsk,
    TokenForm,
    Tokens,
)


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

    async def verify_email(self, body: TokenAsk, *, options: CallOptions | None = None) -> None:
        """Verify an e-mail address.

        With the token of the mail, once.
        """
        await self._call(type(None), "POST", "/v1/access/email/verify", body=body, options=options)

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

    async def accept_invitation(self, body: AcceptAsk, *, options: CallOptions | None = None) -> None:
        """Accept an invitation.

        Choose a password with the token of the mail, once; the account opens.
        """
        await self._call(type(None), "POST", "/v1/access/invitations/accept", body=body, options=options)

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

    async def logout(self, body: RefreshAsk, *, options: CallOptions | None = None) -> None:
        """Sign out.

        The sign-in of this refresh token ends, with its access tokens, on every replica within a second.
        """
        await self._call(type(None), "POST", "/v1/access/logout", body=body, options=options)

    async def logout_all(self, *, options: CallOptions | None = None) -> None:
        """Sign out everywhere.

        Every token and browser session of yours ends, on every replica within a second.
        """
        await self._call(type(None), "POST", "/v1/access/logout-all", options=options)

    async def me(self, *, options: CallOptions | None = None) -> Me:
        """Who am I.

        The caller as this service sees it: rights and sites; of a person also what they said of
        themselves.
        """
        return await self._call(Me, "GET", "/v1/access/me", options=options)

    async def change_me(
        self,
        body: ProfileAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Profile:
        """Change what is known of oneself.

        Only what is named; the ETag of `GET /v1/access/me` is the version.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Profile,
            "PATCH",
            "/v1/access/me",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def erase_me(self, body: LeaveAsk, *, options: CallOptions | None = None) -> None:
        """Have one's account erased.

        At once and for good, with the password given again; not while a child depends on the account.

        What others' records need stays: a number without a name.
        """
        await self._call(type(None), "DELETE", "/v1/access/me", body=body, options=options)

    async def change_password(self, body: ChangeAsk, *, options: CallOptions | None = None) -> None:
        """Change one's password.

        Every sign-in of before ends, this one too.
        """
        await self._call(type(None), "POST", "/v1/access/password/change", body=body, options=options)

    async def forgot_password(self, body: EmailAsk, *, options: CallOptions | None = None) -> Accepted:
        """Ask for a new password.

        The same answer whether or not the address is known; the mail's token is good for an hour.
        """
        return await self._call(Accepted, "POST", "/v1/access/password/forgot", body=body, options=options)

    async def reset_password(self, body: ResetAsk, *, options: CallOptions | None = None) -> None:
        """Set a new password by mail.

        With the token of the mail, once. Every sign-in of before ends, and a lock.
        """
        await self._call(type(None), "POST", "/v1/access/password/reset", body=body, options=options)

    async def professional_profile(self, *, options: CallOptions | None = None) -> Professional:
        """One's licence and practice.

        What is kept; version 0 where that is nothing yet.
        """
        return await self._call(Professional, "GET", "/v1/access/professional-profile", options=options)

    async def put_professional_profile(
        self,
        body: ProfessionalAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Professional:
        """Write one's licence and practice.

        As a whole. Another licence has to be verified by an admin before children are seen again.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Professional,
            "PUT",
            "/v1/access/professional-profile",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def refresh(self, body: RefreshAsk, *, options: CallOptions | None = None) -> Tokens:
        """Get the next tokens.

        Both tokens anew; the one sent is used up. One that is sent twice ends its whole sign-in.
        """
        return await self._call(Tokens, "POST", "/v1/access/refresh", body=body, options=options)

    async def register(self, body: RegisterAsk, *, options: CallOptions | None = None) -> Accepted:
        """Register oneself.

        The account opens when the address is verified, within 24 hours. A known address is answered alike.
        """
        return await self._call(Accepted, "POST", "/v1/access/register", body=body, options=options)

    async def token(self, body: TokenForm, *, options: CallOptions | None = None) -> Tokens:
        """Sign in with a password.

        OAuth2 with a password: an access token for minutes and a refresh token for days.

        `scope` limits both to what is named and held. Whatever is wrong, the 401 is the same.
        """
        return await self._call(
            Tokens,
            "POST",
            "/v1/access/token",
            body=encode_form(body),
            headers={"content-type": "application/x-www-form-urlencoded"},
            options=options,
        )


class AccessSync(DeskSync):
    """`Access`, blocking."""

    audit = BlockingList(Access.audit)
    verify_email = Blocking(Access.verify_email)
    create_ingest_token = Blocking(Access.create_ingest_token)
    accept_invitation = Blocking(Access.accept_invitation)
    keys = BlockingList(Access.keys)
    create_key = Blocking(Access.create_key)
    key = Blocking(Access.key)
    revoke_key = Blocking(Access.revoke_key)
    logout = Blocking(Access.logout)
    logout_all = Blocking(Access.logout_all)
    me = Blocking(Access.me)
    change_me = Blocking(Access.change_me)
    erase_me = Blocking(Access.erase_me)
    change_password = Blocking(Access.change_password)
    forgot_password = Blocking(Access.forgot_password)
    reset_password = Blocking(Access.reset_password)
    professional_profile = Blocking(Access.professional_profile)
    put_professional_profile = Blocking(Access.put_professional_profile)
    refresh = Blocking(Access.refresh)
    register = Blocking(Access.register)
    token = Blocking(Access.token)
