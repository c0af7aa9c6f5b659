# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The keys of `Access`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.access import Key, KeyAsk, NewKey


class AccessKeys(Desk):
    """The keys of `Access`."""

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
