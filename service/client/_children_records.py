# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The records of `Children`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.activities import Activity
from service.schemas.children.play import SessionListed
from service.schemas.children.rights import AccessEntry
from service.schemas.children.words import ActivityType, SessionType
from service.schemas.envelope import Listing


class ChildrenRecords(Desk):
    """The records of `Children`."""

    def access_log(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AccessEntry]:
        """Who looked at a child, newest first.

        For its guardians: who read or changed what, and when. Refused attempts are not in it.

        - from_: From this instant on.
        - to: Before this instant.
        """
        return self._list(
            AccessEntry,
            Listing[AccessEntry],
            f"/v1/children/{segment(child_id)}/access-log",
            {"limit": limit, "cursor": cursor, "include": include, "from": from_, "to": to},
            options,
        )

    def activities(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        activity_type: ActivityType | None = None,
        verified: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Activity]:
        """A child's activities, newest first.

        By the time they were completed.

        - verified: True: by either side; false: by neither.
        """
        return self._list(
            Activity,
            Listing[Activity],
            f"/v1/children/{segment(child_id)}/activities",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "from": from_,
                "to": to,
                "activity_type": activity_type,
                "verified": verified,
            },
            options,
        )

    def sessions(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        status: Literal["in_progress", "completed", "abandoned", "interrupted"] | None = None,
        session_type: SessionType | None = None,
        scenario_id: str | None = None,
        min_score: int | None = None,
        parent_rating: int | None = None,
        sort: Literal["started_at", "score"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[SessionListed]:
        """A child's sessions.

        By start or by score, newest or highest first unless asked otherwise.
        """
        return self._list(
            SessionListed,
            Listing[SessionListed],
            f"/v1/children/{segment(child_id)}/sessions",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "from": from_,
                "to": to,
                "status": status,
                "session_type": session_type,
                "scenario_id": scenario_id,
                "min_score": min_score,
                "parent_rating": parent_rating,
                "sort": sort,
                "order": order,
            },
            options,
        )
