# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The orders of `Mill`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.envelope import Explanation
from service.schemas.mill.orders import MillFeasibility, MillOrderChangeAsk, MillOrderChanged, MillOrderDetail

ExplainOrderFigure = Literal[
    "balance_lb",
    "completion_pct",
    "days_until_due",
    "risk",
    "required_lb",
    "coverage",
]


class MillOrders(Desk):
    """The orders of `Mill`."""

    async def order(
        self,
        no: str,
        *,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillOrderDetail:
        """One knit order with what it holds.

        Its `ETag` names its version, for `If-Match`.

        - no: Number of the knit order; it may hold a `/`.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillOrderDetail,
            "GET",
            f"/v1/mill/orders/{segment(no)}",
            query={"as_of": as_of},
            options=options,
        )

    async def change_order(
        self,
        no: str,
        body: MillOrderChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillOrderChanged:
        """Change a knit order; what it no longer needs goes back at once.

        Status (by its course), priority, dates, machine, quantity. A pending one with a machine is
        assigned.

        On hold keeps what is held hard; completed and cancelled orders give all back, a smaller one what
        it does not need: promises first, then soft, hard ones only with `release_hard`. Plans made before
        are stale.

        - no: Number of the knit order; it may hold a `/`.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillOrderChanged,
            "PATCH",
            f"/v1/mill/orders/{segment(no)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def explain_order(
        self,
        no: str,
        *,
        figure: ExplainOrderFigure | None = None,
        yarn: str | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of an order is what it is.

        The figure can be recomputed from the explanation alone.

        - no: Number of the knit order; it may hold a `/`.
        - yarn: Of `required_lb`: which yarn; default: all together.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        - locale: Language of the page.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/mill/orders/{segment(no)}/explain",
            query={"figure": figure, "yarn": yarn, "as_of": as_of, "locale": locale},
            options=options,
        )

    async def order_feasibility(
        self,
        no: str,
        *,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillFeasibility:
        """Whether the yarn of an order is there, and if not, when and what lacks.

        With what it holds alone, and with what it gets when all open orders are served in their turn.

        - no: Number of the knit order; it may hold a `/`.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillFeasibility,
            "GET",
            f"/v1/mill/orders/{segment(no)}/feasibility",
            query={"as_of": as_of},
            options=options,
        )
