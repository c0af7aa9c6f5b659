# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The guardians of `Children`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.around import GuardianAsk, GuardianShown


class ChildrenGuardians(Desk):
    """The guardians of `Children`."""

    async def add_guardian(
        self,
        child_id: int,
        body: GuardianAsk,
        *,
        options: CallOptions | None = None,
    ) -> GuardianShown:
        """Let somebody stand by a child.

        By the primary guardian; the other one needs a verified parent's account.
        """
        return await self._call(
            GuardianShown,
            "POST",
            f"/v1/children/{segment(child_id)}/guardians",
            body=body,
            options=options,
        )

    async def remove_guardian(
        self,
        child_id: int,
        user_id: int,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Let somebody no longer stand by a child.

        One guardian less; never the primary one.
        """
        await self._call(
            type(None),
            "DELETE",
            f"/v1/children/{segment(child_id)}/guardians/{segment(user_id)}",
            options=options,
        )

    async def hand_over(
        self,
        child_id: int,
        user_id: int,
        *,
        options: CallOptions | None = None,
    ) -> GuardianShown:
        """Make another guardian the primary one.

        By the primary guardian, who keeps full access.
        """
        return await self._call(
            GuardianShown,
            "POST",
            f"/v1/children/{segment(child_id)}/guardians/{segment(user_id)}/primary",
            options=options,
        )
