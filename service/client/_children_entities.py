# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Children`."""

from __future__ import annotations

from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.children.family import ChildSummary
from service.schemas.envelope import Listing


class ChildrenEntities(Desk):
    """The entities of `Children`."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: str | None = None,
        q: str | None = None,
        support_level: int | None = None,
        age_min: int | None = None,
        age_max: int | None = None,
        is_active: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ChildSummary]:
        """The children you may see.

        Newest first. With `include=recent_sessions` the scope `sessions:read` is needed as well.

        - q: Part of the name, of at least 2 characters.
        - age_min: Completed years.
        - age_max: Completed years.
        - is_active: False: those that are archived.
        """
        return self._list(
            ChildSummary,
            Listing[ChildSummary],
            "/v1/children",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "support_level": support_level,
                "age_min": age_min,
                "age_max": age_max,
                "is_active": is_active,
            },
            options,
        )
