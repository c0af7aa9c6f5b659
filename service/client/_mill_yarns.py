# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The yarns of `Mill`."""

from __future__ import annotations

from typing import Literal

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.mill.yarns import MillYarn, YarnBalance, YarnChangeAsk, YarnTimeline


class MillYarns(Desk):
    """The yarns of `Mill`."""

    async def yarn(self, code: str, *, options: CallOptions | None = None) -> MillYarn:
        """One yarn and what is set for it.

        Least stock, safety stock, lots and lead time; `row_version` is what a change names.

        - code: Code of a yarn.
        """
        return await self._call(MillYarn, "GET", f"/v1/mill/yarns/{segment(code)}", options=options)

    async def change_yarn(
        self,
        code: str,
        body: YarnChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillYarn:
        """Set least stock, safety stock, lots or lead time of a yarn.

        At the version that `If-Match` names. The newest plan is old from then on.

        - code: Code of a yarn.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillYarn,
            "PATCH",
            f"/v1/mill/yarns/{segment(code)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def yarn_balance(self, code: str, *, options: CallOptions | None = None) -> YarnBalance:
        """How one yarn stands.

        What lies there, what is promised and bought; risk, cover with its method, and the first short day.

        - code: Code of a yarn.
        """
        return await self._call(
            YarnBalance,
            "GET",
            f"/v1/mill/yarns/{segment(code)}/balance",
            options=options,
        )

    async def yarn_timeline(
        self,
        code: str,
        *,
        weeks: int | None = None,
        policy: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> YarnTimeline:
        """One yarn week by week.

        Computed now: receipts, demand, balance, what would mend it, and whether the sums agree (I9).

        `format=html` is the chart.

        - code: Code of a yarn.
        - weeks: Default: the parameter's.
        - policy: Past-due receipts: exclude, now or offset:<week>; default: the parameter's.
        - locale: Language of the page.
        """
        return await self._call(
            YarnTimeline,
            "GET",
            f"/v1/mill/yarns/{segment(code)}/timeline",
            query={"weeks": weeks, "policy": policy, "locale": locale},
            options=options,
        )
