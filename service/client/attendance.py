# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Attendance`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._attendance_entities import AttendanceEntities
from service.client._attendance_records import AttendanceRecords
from service.client._attendance_reports import AttendanceReports
from service.client._blocking import Blocking, BlockingList, BlockingReport, DeskSync
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import HookAccepted, Person, RecomputeParams, SyncStatus
from service.schemas.envelope import Catalogue, Explanation, Run


class Attendance(AttendanceReports, AttendanceRecords, AttendanceEntities):
    """Who was present, late, absent, for how long, and why does the sheet say so."""

    async def explain_day(
        self,
        person: str,
        day: date | str,
        *,
        shift: str | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a day came out as it did.

        The shift that was chosen, its windows, each check-in with the reason of its place, each rule.

        - shift: Name of a shift type, where the day has several.
        - rule_set: Name of a rule set; default `recommended`.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/attendance/days/{segment(person)}/{segment(day)}/explain",
            query={"shift": shift, "rule_set": rule_set, "locale": locale},
            options=options,
        )

    async def upstream_hook(
        self,
        body: bytes,
        *,
        x_frappe_webhook_signature: str,
        options: CallOptions | None = None,
    ) -> HookAccepted:
        """Webhook of the upstream: something changed.

        Starts an incremental sync, or names the run under way. The body is a hint: what changed is read
        anew.

        Its only credential is the signature. Without `MUSTER_UPSTREAM__FRAPPE__HOOK_SECRET` there is no
        hook.

        - x_frappe_webhook_signature: Base64 of the HMAC-SHA256 of the body under the webhook's secret.
        """
        return await self._call(
            HookAccepted,
            "POST",
            "/v1/attendance/hooks/upstream",
            body=body,
            headers={
                "content-type": "application/octet-stream",
                "X-Frappe-Webhook-Signature": x_frappe_webhook_signature,
            },
            options=options,
        )

    async def person(self, person: str, *, options: CallOptions | None = None) -> Person:
        """One person.

        By the number payroll knows; a `/` in it is sent as `%2F`.
        """
        return await self._call(Person, "GET", f"/v1/attendance/people/{segment(person)}", options=options)

    async def recompute(self, body: RecomputeParams, *, options: CallOptions | None = None) -> Run:
        """Recompute days.

        A range anew, or without one what is out of date; twice changes nothing.
        """
        return await self._call(Run, "POST", "/v1/attendance/recompute", body=body, options=options)

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of attendance.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/attendance/reports", options=options)

    async def sync_status(self, *, options: CallOptions | None = None) -> SyncStatus:
        """How far the mirror of the upstream is.

        For each document type: phase, complete through when, lag, open gaps; and the last run.
        """
        return await self._call(SyncStatus, "GET", "/v1/attendance/sync", options=options)


class AttendanceSync(DeskSync):
    """`Attendance`, blocking."""

    checkins = BlockingList(Attendance.checkins)
    days = BlockingList(Attendance.days)
    explain_day = Blocking(Attendance.explain_day)
    devices = BlockingList(Attendance.devices)
    holiday_lists = BlockingList(Attendance.holiday_lists)
    upstream_hook = Blocking(Attendance.upstream_hook)
    leaves = BlockingList(Attendance.leaves)
    people = BlockingList(Attendance.people)
    person = Blocking(Attendance.person)
    recompute = Blocking(Attendance.recompute)
    reports = Blocking(Attendance.reports)
    exceptions = BlockingReport(Attendance.exceptions)
    monthly_sheet = BlockingReport(Attendance.monthly_sheet)
    monthly_sheet_explain = Blocking(Attendance.monthly_sheet_explain)
    reconciliation = BlockingReport(Attendance.reconciliation)
    shift_types = BlockingList(Attendance.shift_types)
    sites = BlockingList(Attendance.sites)
    sync_status = Blocking(Attendance.sync_status)
    upstream_attendance = BlockingList(Attendance.upstream_attendance)
