# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The parameters of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text
from service.client._options import CallOptions
from service.schemas.mill.parameters import MillParametersAsk, MillParametersDescribed, MillParametersInForce


class MillParameters(Desk):
    """The parameters of `Mill`."""

    async def parameters(self, *, options: CallOptions | None = None) -> MillParametersInForce:
        """The planning parameters in force.

        One set, which all screens and plans read; each plan tells which of it was not the default.
        """
        return await self._call(MillParametersInForce, "GET", "/v1/mill/parameters", options=options)

    async def put_parameters(
        self,
        body: MillParametersAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillParametersInForce:
        """Put planning parameters in force.

        What is not named stays. Plans that were made keep the values they were made with.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillParametersInForce,
            "PUT",
            "/v1/mill/parameters",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def parameters_described(self, *, options: CallOptions | None = None) -> MillParametersDescribed:
        """What each planning parameter means.

        A JSON schema with meaning, origin, range and default of each.
        """
        return await self._call(
            MillParametersDescribed,
            "GET",
            "/v1/mill/parameters/described",
            options=options,
        )
