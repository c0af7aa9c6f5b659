# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The allocations of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.mill.allocations import (
    MillAllocation,
    MillAllocationCommit,
    MillAllocationCommitAsk,
    MillAllocationPreview,
    MillAllocationPreviewAsk,
)


class MillAllocations(Desk):
    """The allocations of `Mill`."""

    async def commit_allocations(
        self,
        body: MillAllocationCommitAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillAllocationCommit:
        """Give yarn to orders, never more than there is.

        The yarns are locked and looked at again.

        Where less is left than asked: 409 `stock_changed` with what is left, or with `when_short:
        remaining` what is left, in the order of service. 409 as well where nothing at all is left.
        """
        return await self._call(
            MillAllocationCommit,
            "POST",
            "/v1/mill/allocations/commit",
            body=body,
            options=options,
        )

    async def preview_allocations(
        self,
        body: MillAllocationPreviewAsk,
        *,
        options: CallOptions | None = None,
    ) -> MillAllocationPreview:
        """What orders would get if they were served now; writes nothing.

        In the order of service, out of what nobody holds yet; what the orders hold themselves counts.

        `kit` gives all yarns of an order in the same proportion, so that none of it is stranded.
        """
        return await self._call(
            MillAllocationPreview,
            "POST",
            "/v1/mill/allocations/preview",
            body=body,
            options=options,
        )

    async def release_allocation(
        self,
        number: int,
        *,
        reason: str | None = None,
        options: CallOptions | None = None,
    ) -> MillAllocation:
        """Give an allocation back.

        It stays on record with who released it and why.

        - number: Of the allocation.
        - reason: Why, for people to read.
        """
        return await self._call(
            MillAllocation,
            "DELETE",
            f"/v1/mill/allocations/{segment(number)}",
            query={"reason": reason},
            options=options,
        )
