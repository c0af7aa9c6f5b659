# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The calendars of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.mill.plant import MillCalendar, MillCalendarAsk, MillCalendarGone, MillCalendarListing


class MillCalendars(Desk):
    """The calendars of `Mill`."""

    async def calendars(self, *, options: CallOptions | None = None) -> MillCalendarListing:
        """When machines work.

        Every calendar with who follows it; a machine without one works round the clock.
        """
        return await self._call(MillCalendarListing, "GET", "/v1/mill/calendars", options=options)

    async def calendar(self, name: str, *, options: CallOptions | None = None) -> MillCalendar:
        """One calendar.

        Its shifts by weekday, the days that are otherwise, and who follows it.

        - name: Name of a calendar.
        """
        return await self._call(MillCalendar, "GET", f"/v1/mill/calendars/{segment(name)}", options=options)

    async def put_calendar(
        self,
        name: str,
        body: MillCalendarAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillCalendar:
        """Make a calendar, or replace it.

        One that is there is replaced at the version that `If-Match` names.

        - name: Name of a calendar.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillCalendar,
            "PUT",
            f"/v1/mill/calendars/{segment(name)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def delete_calendar(
        self,
        name: str,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> MillCalendarGone:
        """Remove a calendar.

        Who followed it works round the clock from now on.

        - name: Name of a calendar.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            MillCalendarGone,
            "DELETE",
            f"/v1/mill/calendars/{segment(name)}",
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )
