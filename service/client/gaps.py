# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Gaps`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Literal

from service.client._blocking import BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.envelope import Gap, GapListing


class Gaps(Desk):
    """What is needed and missing, over all desks."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        desk: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Gap, GapListing]:
        """What is missing, at every desk you may read.

        - desk: Only gaps of this desk.
        """
        return self._list(
            Gap,
            GapListing,
            "/v1/gaps",
            {"limit": limit, "cursor": cursor, "include": include, "desk": desk, "locale": locale},
            options,
        )


class GapsSync(DeskSync):
    """`Gaps`, blocking."""

    list = BlockingList(Gaps.list)
