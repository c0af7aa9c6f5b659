# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The me of `Access`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text
from service.client._options import CallOptions
from service.schemas.access import Me
from service.schemas.people import LeaveAsk, Profile, ProfileAsk


class AccessMe(Desk):
    """The me of `Access`."""

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
