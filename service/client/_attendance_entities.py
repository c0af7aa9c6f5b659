# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Attendance`."""

from __future__ import annotations

from typing import Literal

from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import Device, HolidayList, Person, ShiftType, Site
from service.schemas.attendance.rule_sets import RuleSet
from service.schemas.envelope import Listing
from service.schemas.subscriptions import Delivery, Subscription


class AttendanceEntities(Desk):
    """The entities of `Attendance`."""

    def devices(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        site: str | None = None,
        device_like: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Device]:
        """Devices, by name.

        Clocks that check-ins came from. A key limited to sites sees theirs, and unmapped ones they used.

        - site: Name of the site the device is mapped to.
        - device_like: LIKE pattern, `%villas%`; case does not matter.
        """
        return self._list(
            Device,
            Listing[Device],
            "/v1/attendance/devices",
            {"limit": limit, "cursor": cursor, "include": include, "site": site, "device_like": device_like},
            options,
        )

    def holiday_lists(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[HolidayList]:
        """Holiday lists, with their days.

        Feasts and weekly rest days.

        - q: Part of the name.
        """
        return self._list(
            HolidayList,
            Listing[HolidayList],
            "/v1/attendance/holiday-lists",
            {"limit": limit, "cursor": cursor, "include": include, "q": q},
            options,
        )

    def people(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        site: str | None = None,
        department: str | None = None,
        status: Literal["Active", "Inactive", "Suspended", "Left"] | None = None,
        q: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Person]:
        """People, by name.

        Those whom the upstream lists now, with site, company, default shift and holiday list.

        - site: Name of a site.
        - q: Part of the name or number.
        """
        return self._list(
            Person,
            Listing[Person],
            "/v1/attendance/people",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "site": site,
                "department": department,
                "status": status,
                "q": q,
            },
            options,
        )

    def rule_sets(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        active: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[RuleSet]:
        """Rule sets, every version.

        By name, the newest version of each first.

        - q: Part of the name.
        """
        return self._list(
            RuleSet,
            Listing[RuleSet],
            "/v1/attendance/rule-sets",
            {"limit": limit, "cursor": cursor, "include": include, "q": q, "active": active},
            options,
        )

    def shift_types(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ShiftType]:
        """Shift types, by name.

        Hours, windows, grace periods and thresholds.

        - q: Part of the name.
        """
        return self._list(
            ShiftType,
            Listing[ShiftType],
            "/v1/attendance/shift-types",
            {"limit": limit, "cursor": cursor, "include": include, "q": q},
            options,
        )

    def sites(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Site]:
        """Sites, by name.

        The sites you may see.

        - q: Part of the name.
        """
        return self._list(
            Site,
            Listing[Site],
            "/v1/attendance/sites",
            {"limit": limit, "cursor": cursor, "include": include, "q": q},
            options,
        )

    def subscriptions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Subscription]:
        """Your scheduled reports, newest first.

        An admin of the desk sees everybody's. Those that have ended are not listed.
        """
        return self._list(
            Subscription,
            Listing[Subscription],
            "/v1/attendance/subscriptions",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def deliveries(
        self,
        subscription_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Delivery]:
        """What became of each delivery, newest first."""
        return self._list(
            Delivery,
            Listing[Delivery],
            f"/v1/attendance/subscriptions/{segment(subscription_id)}/deliveries",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )
