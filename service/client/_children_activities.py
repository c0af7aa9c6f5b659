# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The activities of `Children`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.activities import (
    Activity,
    ActivityAsk,
    ActivityChangeAsk,
    ActivityVoided,
    VerifyAsk,
)
from service.schemas.children.play import VoidAsk


class ChildrenActivities(Desk):
    """The activities of `Children`."""

    async def activity(self, activity_id: int, *, options: CallOptions | None = None) -> Activity:
        """One activity.

        An activity.
        """
        return await self._call(
            Activity,
            "GET",
            f"/v1/children/activities/{segment(activity_id)}",
            options=options,
        )

    async def update_activity(
        self,
        activity_id: int,
        body: ActivityChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Activity:
        """Tell an activity otherwise.

        Type, time and points stay. Verifications of what it was are taken off.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            Activity,
            "PATCH",
            f"/v1/children/activities/{segment(activity_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def void_activity(
        self,
        activity_id: int,
        body: VoidAsk,
        *,
        options: CallOptions | None = None,
    ) -> ActivityVoided:
        """Void an activity.

        It counts nowhere any more and its points are taken back; achievements stay.
        """
        return await self._call(
            ActivityVoided,
            "DELETE",
            f"/v1/children/activities/{segment(activity_id)}",
            body=body,
            options=options,
        )

    async def verify_activity(
        self,
        activity_id: int,
        body: VerifyAsk,
        *,
        options: CallOptions | None = None,
    ) -> Activity:
        """Verify an activity, for one's own side.

        Guardians verify for the family, professionals for themselves.
        """
        return await self._call(
            Activity,
            "POST",
            f"/v1/children/activities/{segment(activity_id)}/verify",
            body=body,
            options=options,
        )

    async def add_activity(
        self,
        child_id: int,
        body: ActivityAsk,
        *,
        options: CallOptions | None = None,
    ) -> Activity:
        """Add an activity.

        Its points are awarded once.
        """
        return await self._call(
            Activity,
            "POST",
            f"/v1/children/{segment(child_id)}/activities",
            body=body,
            options=options,
        )
