# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The password of `Access`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.people import Accepted, ChangeAsk, EmailAsk, ResetAsk


class AccessPassword(Desk):
    """The password of `Access`."""

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
