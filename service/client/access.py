# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Access`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._access_entities import AccessEntities
from service.client._access_keys import AccessKeys
from service.client._access_me import AccessMe
from service.client._access_password import AccessPassword
from service.client._access_people import AccessPeople
from service.client._access_records import AccessRecords
from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._message import encode_form, etag_text
from service.client._options import CallOptions
from service.schemas.access import IngestAsk, IngestToken
from service.schemas.people import (
    AcceptAsk,
    Accepted,
    Professional,
    ProfessionalAsk,
    RefreshAsk,
    RegisterAsk,
    TokenAsk,
    TokenForm,
    Tokens,
)


class Access(AccessRecords, AccessEntities, AccessKeys, AccessMe, AccessPassword, AccessPeople):
    """Keys and sessions: who may see what."""

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
    people = BlockingList(Access.people)
    invite = Blocking(Access.invite)
    person = Blocking(Access.person)
    change_person = Blocking(Access.change_person)
    give_role = Blocking(Access.give_role)
    take_role = Blocking(Access.take_role)
    unverify_licence = Blocking(Access.unverify_licence)
    verify_licence = Blocking(Access.verify_licence)
    professional_profile = Blocking(Access.professional_profile)
    put_professional_profile = Blocking(Access.put_professional_profile)
    professionals = BlockingList(Access.professionals)
    refresh = Blocking(Access.refresh)
    register = Blocking(Access.register)
    token = Blocking(Access.token)
