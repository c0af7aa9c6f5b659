# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Access`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._access_entities import AccessEntities
from service.client._access_records import AccessRecords
from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._message import encode_form, etag_text, segment
from service.client._options import CallOptions
from service.schemas.access import IngestAsk, IngestToken, Key, KeyAsk, Me, NewKey
from service.schemas.administration import Account, InviteAsk, LicenceAsk, RoleAsk, StatusAsk
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


class Access(AccessRecords, AccessEntities):
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

    async def invite(self, body: InviteAsk, *, options: CallOptions | None = None) -> Account:
        """Invite somebody.

        A mail with a link that is good once, for a week; the account opens when it is accepted.
        """
        return await self._call(Account, "POST", "/v1/access/people", body=body, options=options)

    async def person(self, person_id: int, *, options: CallOptions | None = None) -> Account:
        """One person.

        One person, with roles at desks.
        """
        return await self._call(Account, "GET", f"/v1/access/people/{segment(person_id)}", options=options)

    async def change_person(
        self,
        person_id: int,
        body: StatusAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Account:
        """Stop a person, or let them act again.

        Every token, session and device of theirs ends within a second.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Account,
            "PATCH",
            f"/v1/access/people/{segment(person_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def give_role(
        self,
        person_id: int,
        desk: str,
        body: RoleAsk,
        *,
        options: CallOptions | None = None,
    ) -> Account:
        """Give a role at a desk.

        In place of the one they have; it holds within a second. A manager is one of some places.
        """
        return await self._call(
            Account,
            "PUT",
            f"/v1/access/people/{segment(person_id)}/roles/{segment(desk)}",
            body=body,
            options=options,
        )

    async def take_role(self, person_id: int, desk: str, *, options: CallOptions | None = None) -> Account:
        """Take a role at a desk.

        It ends within a second. Twice changes nothing.
        """
        return await self._call(
            Account,
            "DELETE",
            f"/v1/access/people/{segment(person_id)}/roles/{segment(desk)}",
            options=options,
        )

    async def unverify_licence(
        self,
        person_id: int,
        body: LicenceAsk,
        *,
        options: CallOptions | None = None,
    ) -> Account:
        """Take back that a licence was verified.

        They see no child from the next request on.
        """
        return await self._call(
            Account,
            "POST",
            f"/v1/access/people/{segment(person_id)}/unverify-licence",
            body=body,
            options=options,
        )

    async def verify_licence(self, person_id: int, *, options: CallOptions | None = None) -> Account:
        """Verify the licence of a professional.

        From now on parents find them, and children they are assigned to are visible to them.
        """
        return await self._call(
            Account,
            "POST",
            f"/v1/access/people/{segment(person_id)}/verify-licence",
            options=options,
        )

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
