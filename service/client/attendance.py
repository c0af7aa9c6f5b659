# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Attendance`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._attendance_entities import AttendanceEntities
from service.client._attendance_explanations import AttendanceExplanations
from service.client._attendance_records import AttendanceRecords
from service.client._attendance_reports import AttendanceReports
from service.client._attendance_subscriptions import AttendanceSubscriptions
from service.client._blocking import Blocking, BlockingList, BlockingReport, DeskSync
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import HookAccepted, Person, RecomputeParams, SyncStatus
from service.schemas.attendance.decisions import (
    Correction,
    CorrectionOutcomes,
    CorrectionsAsk,
    DeviceSiteAsk,
    RevokeAsk,
    Schedule,
    ScheduleAsk,
    ScheduleEndAsk,
    Schedules,
)
from service.schemas.attendance.imports import FileKind
from service.schemas.attendance.rule_sets import RuleSet, RuleSetAsk, RuleSetStateAsk
from service.schemas.envelope import Catalogue, Explanation, Run
from service.schemas.statements import Statement, StatementAsk


class Attendance(
    AttendanceReports, AttendanceExplanations, AttendanceRecords, AttendanceEntities, AttendanceSubscriptions
):
    """Who was present, late, absent, for how long, and why does the sheet say so."""

    async def correct(
        self,
        body: CorrectionsAsk,
        *,
        options: CallOptions | None = None,
    ) -> CorrectionOutcomes:
        """Correct days.

        Each by itself, with its outcome; the days are recomputed at once. Nothing is changed upstream.
        """
        return await self._call(
            CorrectionOutcomes,
            "POST",
            "/v1/attendance/corrections",
            body=body,
            options=options,
        )

    async def revoke_correction(
        self,
        correction_id: int,
        body: RevokeAsk,
        *,
        options: CallOptions | None = None,
    ) -> Correction:
        """Revoke a correction.

        What it did is undone; that it was, by whom and why, stays on record.
        """
        return await self._call(
            Correction,
            "POST",
            f"/v1/attendance/corrections/{segment(correction_id)}/revoke",
            body=body,
            options=options,
        )

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

    async def map_device(self, body: DeviceSiteAsk, *, options: CallOptions | None = None) -> DeviceSiteAsk:
        """Say where a device hangs.

        The upstream does not know; until somebody says it, the device is among the exceptions.
        """
        return await self._call(
            DeviceSiteAsk,
            "POST",
            "/v1/attendance/device-sites",
            body=body,
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

    async def import_file(
        self,
        body: bytes,
        *,
        kind: FileKind | None = None,
        dry_run: bool | None = None,
        lenient: bool | None = None,
        zone: str | None = None,
        source: str | None = None,
        complete_through: date | str | None = None,
        date_order: Literal["auto", "dmy", "mdy"] | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> Run:
        """Import a file.

        Punches, people, shifts, (weekly) schedules, leaves or holidays as CSV or XLSX, at most 256 MiB.

        A file that cannot be used as a whole is refused at once (422). The run's result is the report:
        counts by code and the first 1,000 findings. A whole file or nothing is stored; the same file again
        changes nothing.

        - kind: What the rows are; `auto`: by the columns.
        - dry_run: Say what it would do, and do nothing.
        - lenient: Apply the good rows where others are rejected; else one refuses the whole file.
        - zone: IANA zone of the file's clock; needed once for a new source.
        - source: Name of the source that the rows belong to.
        - complete_through: The last date through which nothing of this kind is missing in the source.
        - date_order: Order of dates such as 03/04/2026; `auto`: by the evidence in the file.
        - name: The file's name, for people to read.
        """
        return await self._call(
            Run,
            "POST",
            "/v1/attendance/imports",
            query={
                "kind": kind,
                "dry_run": dry_run,
                "lenient": lenient,
                "zone": zone,
                "source": source,
                "complete_through": complete_through,
                "date_order": date_order,
                "name": name,
            },
            body=body,
            headers={"content-type": "application/octet-stream"},
            options=options,
        )

    async def import_findings(self, run_id: str, *, options: CallOptions | None = None) -> str:
        """All findings of an import, as CSV.

        Line, column, code, severity and message of each; kept for 30 days.
        """
        return await self._call(
            str,
            "GET",
            f"/v1/attendance/imports/{segment(run_id)}/findings",
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

    async def add_rule_set(self, body: RuleSetAsk, *, options: CallOptions | None = None) -> RuleSet:
        """Add a version of a rule set.

        It judges nothing yet: see what it would change in the report `what-if`, then make it active.
        """
        return await self._call(RuleSet, "POST", "/v1/attendance/rule-sets", body=body, options=options)

    async def activate_rule_set(
        self,
        name: str,
        version: int,
        body: RuleSetStateAsk,
        *,
        options: CallOptions | None = None,
    ) -> RuleSet:
        """Judge days by a version of a rule set, or no longer.

        At most one version of a name judges days; all days kept are judged by it then.
        """
        return await self._call(
            RuleSet,
            "POST",
            f"/v1/attendance/rule-sets/{segment(name)}/{segment(version)}/state",
            body=body,
            options=options,
        )

    async def add_schedule(self, body: ScheduleAsk, *, options: CallOptions | None = None) -> Schedules:
        """Add a weekly schedule.

        A row for each weekday, from a date on; the days since then are recomputed.
        """
        return await self._call(Schedules, "POST", "/v1/attendance/schedules", body=body, options=options)

    async def end_schedule(
        self,
        schedule_id: int,
        body: ScheduleEndAsk,
        *,
        options: CallOptions | None = None,
    ) -> Schedule:
        """Let a weekly schedule end.

        Its last date; what held until then stays.
        """
        return await self._call(
            Schedule,
            "POST",
            f"/v1/attendance/schedules/{segment(schedule_id)}/end",
            body=body,
            options=options,
        )

    async def seal(self, body: StatementAsk, *, options: CallOptions | None = None) -> Statement:
        """Seal a report as a statement.

        The report as it reads now, with its completeness, versions and hash; it never changes. A report
        that is not complete is refused unless `accept_incomplete`.
        """
        return await self._call(Statement, "POST", "/v1/attendance/statements", body=body, options=options)

    async def sync_status(self, *, options: CallOptions | None = None) -> SyncStatus:
        """How far the mirror of the upstream is.

        For each document type: phase, complete through when, lag, open gaps; and the last run.
        """
        return await self._call(SyncStatus, "GET", "/v1/attendance/sync", options=options)


class AttendanceSync(DeskSync):
    """`Attendance`, blocking."""

    checkins = BlockingList(Attendance.checkins)
    corrections = BlockingList(Attendance.corrections)
    correct = Blocking(Attendance.correct)
    revoke_correction = Blocking(Attendance.revoke_correction)
    days = BlockingList(Attendance.days)
    explain_day = Blocking(Attendance.explain_day)
    map_device = Blocking(Attendance.map_device)
    devices = BlockingList(Attendance.devices)
    holiday_lists = BlockingList(Attendance.holiday_lists)
    upstream_hook = Blocking(Attendance.upstream_hook)
    import_file = Blocking(Attendance.import_file)
    import_findings = Blocking(Attendance.import_findings)
    leaves = BlockingList(Attendance.leaves)
    people = BlockingList(Attendance.people)
    person = Blocking(Attendance.person)
    recompute = Blocking(Attendance.recompute)
    reports = Blocking(Attendance.reports)
    absences = BlockingReport(Attendance.absences)
    absences_explain = Blocking(Attendance.absences_explain)
    compare = BlockingReport(Attendance.compare)
    compare_explain = Blocking(Attendance.compare_explain)
    dashboard = BlockingReport(Attendance.dashboard)
    dashboard_explain = Blocking(Attendance.dashboard_explain)
    detail = BlockingReport(Attendance.detail)
    detail_explain = Blocking(Attendance.detail_explain)
    exceptions = BlockingReport(Attendance.exceptions)
    headcount = BlockingReport(Attendance.headcount)
    headcount_explain = Blocking(Attendance.headcount_explain)
    holiday_work = BlockingReport(Attendance.holiday_work)
    holiday_work_explain = Blocking(Attendance.holiday_work_explain)
    late_early = BlockingReport(Attendance.late_early)
    late_early_explain = Blocking(Attendance.late_early_explain)
    leave_usage = BlockingReport(Attendance.leave_usage)
    leave_usage_explain = Blocking(Attendance.leave_usage_explain)
    monthly_sheet = BlockingReport(Attendance.monthly_sheet)
    monthly_sheet_explain = Blocking(Attendance.monthly_sheet_explain)
    overtime = BlockingReport(Attendance.overtime)
    overtime_explain = Blocking(Attendance.overtime_explain)
    reconciliation = BlockingReport(Attendance.reconciliation)
    shift_attendance = BlockingReport(Attendance.shift_attendance)
    shift_attendance_explain = Blocking(Attendance.shift_attendance_explain)
    summary = BlockingReport(Attendance.summary)
    summary_explain = Blocking(Attendance.summary_explain)
    upstream_corrections = BlockingReport(Attendance.upstream_corrections)
    what_if = BlockingReport(Attendance.what_if)
    what_if_explain = Blocking(Attendance.what_if_explain)
    export = Blocking(Attendance.export)
    rule_sets = BlockingList(Attendance.rule_sets)
    add_rule_set = Blocking(Attendance.add_rule_set)
    activate_rule_set = Blocking(Attendance.activate_rule_set)
    schedules = BlockingList(Attendance.schedules)
    add_schedule = Blocking(Attendance.add_schedule)
    end_schedule = Blocking(Attendance.end_schedule)
    shift_types = BlockingList(Attendance.shift_types)
    sites = BlockingList(Attendance.sites)
    seal = Blocking(Attendance.seal)
    subscriptions = BlockingList(Attendance.subscriptions)
    subscribe = Blocking(Attendance.subscribe)
    subscription = Blocking(Attendance.subscription)
    unsubscribe = Blocking(Attendance.unsubscribe)
    deliveries = BlockingList(Attendance.deliveries)
    resume_subscription = Blocking(Attendance.resume_subscription)
    sync_status = Blocking(Attendance.sync_status)
    upstream_attendance = BlockingList(Attendance.upstream_attendance)
