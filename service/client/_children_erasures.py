# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The erasures of `Children`."""

from __future__ import annotations

from uuid import UUID

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.rights import Erasure


class ChildrenErasures(Desk):
    """The erasures of `Children`."""

    async def erasure_state(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """How an erasure stands.

        For the guardians who may cancel it, and when it is done for whoever asked for it, with the proof.
        """
        return await self._call(
            Erasure,
            "GET",
            f"/v1/children/erasures/{segment(erasure_id)}",
            options=options,
        )

    async def approve_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Approve an erasure.

        As the other full guardian; from then on the grace runs.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/approve",
            options=options,
        )

    async def cancel_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Cancel an erasure.

        As a guardian with full rights; the restriction that came with it is lifted.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/cancel",
            options=options,
        )
