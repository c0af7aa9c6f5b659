# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The costs of `Mill`."""

from __future__ import annotations

from datetime import date

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.mill.costs import MillOrderCost, MillStyleCost, MillVariances, MillVariancesAsk


class MillCosts(Desk):
    """The costs of `Mill`."""

    async def order_cost(
        self,
        no: str,
        *,
        as_of: date | str | None = None,
        setups: int | None = None,
        options: CallOptions | None = None,
    ) -> MillOrderCost:
        """What remains of an order costs.

        Unit cost x balance + set-up hours x the rate of a machine hour; null where one of them is unknown.

        - no: Number of the knit order; it may hold a `/`.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        - setups: How often a machine is set up.
        """
        return await self._call(
            MillOrderCost,
            "GET",
            f"/v1/mill/costs/orders/{segment(no)}",
            query={"as_of": as_of, "setups": setups},
            options=options,
        )

    async def style_cost(
        self,
        code: str,
        *,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillStyleCost:
        """What a pound of a style costs, level by level, and what is missing of it.

        A cost that nobody states is missing, never 0; 0 is the customer's own yarn.

        - code: Code of the style; it may hold a `/` and blanks.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillStyleCost,
            "GET",
            f"/v1/mill/costs/styles/{segment(code)}",
            query={"as_of": as_of},
            options=options,
        )

    async def variances(self, body: MillVariancesAsk, *, options: CallOptions | None = None) -> MillVariances:
        """Price and usage variances.

        Against the standard stated, else the cost of the yarn; nothing is written.
        """
        return await self._call(MillVariances, "POST", "/v1/mill/costs/variances", body=body, options=options)
