# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The records of `Attendance`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.attendance import Checkin, Day, Leave, UpstreamAttendance
from service.schemas.attendance.decisions import Correction, Schedule
from service.schemas.attendance.entities import Status
from service.schemas.envelope import Listing


class AttendanceRecords(Desk):
    """The records of `Attendance`."""

    def checkins(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        device: str | None = None,
        device_like: str | None = None,
        log_type: Literal["IN", "OUT"] | None = None,
        unassigned: bool | None = None,
        rule_set: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Checkin]:
        """Check-ins, latest first.

        Punches as the upstream has them. Those of numbers that are nobody's are shown to unlimited keys.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        - device: Name of a device.
        - device_like: LIKE pattern, `%villas%`; case does not matter.
        - unassigned: True: only punches that no shift claims; false: only punches that one does.
        - rule_set: Under which rules a shift claims punches; default `recommended`.
        """
        return self._list(
            Checkin,
            Listing[Checkin],
            "/v1/attendance/checkins",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
                "device": device,
                "device_like": device_like,
                "log_type": log_type,
                "unassigned": unassigned,
                "rule_set": rule_set,
            },
            options,
        )

    def corrections(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        kind: Literal["status", "checkin", "dismissal"] | None = None,
        standing: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Correction]:
        """Corrections, newest first.

        What people here decided about the days of the window; revoked ones too.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        - standing: True: only those not revoked; false: only revoked ones.
        """
        return self._list(
            Correction,
            Listing[Correction],
            "/v1/attendance/corrections",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
                "kind": kind,
                "standing": standing,
            },
            options,
        )

    def days(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        department: str | None = None,
        status: Status | None = None,
        incident: str | None = None,
        rule_set: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Day]:
        """Day results, by date.

        One row for each person, date and shift under one rule set.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        - incident: Only days with this incident, such as `MISSING_OUT`.
        - rule_set: Name of a rule set; default `recommended`.
        """
        return self._list(
            Day,
            Listing[Day],
            "/v1/attendance/days",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
                "department": department,
                "status": status,
                "incident": incident,
                "rule_set": rule_set,
            },
            options,
        )

    def leaves(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        leave_type: str | None = None,
        status: Literal["Open", "Approved", "Rejected", "Cancelled"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Leave]:
        """Leaves, latest first.

        Applications that overlap `from` to `to`, or all; whatever their state.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        """
        return self._list(
            Leave,
            Listing[Leave],
            "/v1/attendance/leaves",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
                "leave_type": leave_type,
                "status": status,
            },
            options,
        )

    def schedules(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Schedule]:
        """Weekly schedules.

        Rows that hold on a date of the window, or all.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        """
        return self._list(
            Schedule,
            Listing[Schedule],
            "/v1/attendance/schedules",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
            },
            options,
        )

    def upstream_attendance(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        person: str | None = None,
        site: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        status: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[UpstreamAttendance]:
        """The upstream's own attendance, by date.

        What the upstream itself concluded, in its words; `reports/reconciliation` compares it with ours.

        - person: Number of a person.
        - site: Site of the person.
        - from_: First date; by default of the month of `to`, for check-ins of the week up to it.
        - to: Last date, included; default today.
        - status: In the upstream's words, such as `Half Day`.
        """
        return self._list(
            UpstreamAttendance,
            Listing[UpstreamAttendance],
            "/v1/attendance/upstream-attendance",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "person": person,
                "site": site,
                "from": from_,
                "to": to,
                "status": status,
            },
            options,
        )
