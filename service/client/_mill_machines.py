# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The machines of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.mill.plant import MillMachineChangeAsk, MillMachineRead, MillSuggestions


class MillMachines(Desk):
    """The machines of `Mill`."""

    async def machine(self, code: str, *, options: CallOptions | None = None) -> MillMachineRead:
        """One machine.

        What it is, when it works, what it is set up for.

        - code: Code of a machine.
        """
        return await self._call(MillMachineRead, "GET", f"/v1/mill/machines/{segment(code)}", options=options)

    async def change_machine(
        self,
        code: str,
        body: MillMachineChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillMachineRead:
        """Say that a machine is down, free again, or slower.

        It holds for schedules that are made from now on; the published one stays as it is.

        - code: Code of a machine.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillMachineRead,
            "PATCH",
            f"/v1/mill/machines/{segment(code)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def machine_suggestions(
        self,
        code: str,
        *,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> MillSuggestions:
        """What a machine could knit next, the best first.

        Open orders that it may knit: whose yarn is there first, then by the dispatch rule in force.

        `why`: YARN_THERE, YARN_COMES, YARN_NOT_KNOWN; SAME_STYLE (no set-up), PAST_DUE, MACHINE_FIXED,
        CRITICAL.

        - code: Code of a machine.
        """
        return await self._call(
            MillSuggestions,
            "GET",
            f"/v1/mill/machines/{segment(code)}/suggestions",
            query={"limit": limit},
            options=options,
        )
