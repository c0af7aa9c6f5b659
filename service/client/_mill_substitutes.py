# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The substitutes of `Mill`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.mill.substitutes import MillNamedSubstitute, MillSubstituteAsk, MillSubstituteList


class MillSubstitutes(Desk):
    """The substitutes of `Mill`."""

    async def substitutes(
        self,
        yarn: str,
        *,
        short_lb: Decimal | float | str | None = None,
        min_score: Decimal | float | str | None = None,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> MillSubstituteList:
        """What may stand for a yarn, how alike it is, and what is free of it.

        Those that somebody named, and active yarns of about the same weight. Only approved ones are
        proposed.

        `group` sees all that approved substitutes tie together as one.

        - yarn: Code of the yarn; it may hold a `/` and blanks.
        - short_lb: Default: what its planning balance lacks.
        - min_score: Of yarns that nobody named but that are alike.
        - as_of: Day that is asked about; default: the day of the newest stock, else today at the mill.
        """
        return await self._call(
            MillSubstituteList,
            "GET",
            f"/v1/mill/substitutes/{segment(yarn)}",
            query={"short_lb": short_lb, "min_score": min_score, "as_of": as_of},
            options=options,
        )

    async def put_substitute(
        self,
        yarn: str,
        body: MillSubstituteAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillNamedSubstitute:
        """Name a substitute, and say whether planning may propose it.

        One that is there is changed at the version that `If-Match` names. Spun never stands for filament.

        - yarn: Code of the yarn; it may hold a `/` and blanks.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillNamedSubstitute,
            "PUT",
            f"/v1/mill/substitutes/{segment(yarn)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def delete_substitute(
        self,
        yarn: str,
        *,
        substitute: str,
        if_match: str | int,
        reason: str | None = None,
        options: CallOptions | None = None,
    ) -> MillNamedSubstitute:
        """No longer a substitute.

        What it was.

        - yarn: Code of the yarn; it may hold a `/` and blanks.
        - substitute: Code of the yarn that stood for it.
        - reason: Why, for people to read.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillNamedSubstitute,
            "DELETE",
            f"/v1/mill/substitutes/{segment(yarn)}",
            query={"substitute": substitute, "reason": reason},
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )
