# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The people of `Access`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.administration import Account, InviteAsk, LicenceAsk, RoleAsk, StatusAsk


class AccessPeople(Desk):
    """The people of `Access`."""

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

    async def verify_licence(
        self,
        person_id: int,
        *,
        if_match: str | int | None = None,
        options: CallOptions | None = None,
    ) -> Account:
        """Verify the licence of a professional.

        From now on parents find them, and children they are assigned to are visible to them.

        Send `If-Match` with the ETag of the account, so that no other licence is verified than the one you
        saw.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Account,
            "POST",
            f"/v1/access/people/{segment(person_id)}/verify-licence",
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )
