# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Attendance`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import AbsenceRow, DetailRow, ExceptionRow, MonthlySheetRow, SummaryRow
from service.schemas.attendance.reports import ReconciliationRow
from service.schemas.attendance.rule_sets import WhatIfRow
from service.schemas.envelope import Explanation, ReportAnswer, Run
from service.schemas.exports import ExportAsk


class AttendanceReports(Desk):
    """The reports of `Attendance`."""

    def absences(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        kind: Literal["unjustified", "justified"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[AbsenceRow]]:
        """Episodes of absence, the longest first, with what each adds to the Bradford factor.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - kind: Only absences of this kind.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[AbsenceRow],
            "/v1/attendance/reports/absences",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "kind": kind,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def absences_explain(
        self,
        *,
        person: str,
        first_day: date | str,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        rule_set: str | None = None,
        kind: Literal["unjustified", "justified"] | None = None,
        leave_type: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Absences” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - rule_set: Name of a rule set; default `recommended`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/absences/explain",
            query={
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "first_day": first_day,
                "kind": kind,
                "leave_type": leave_type,
                "locale": locale,
            },
            options=options,
        )

    def detail(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[DetailRow]]:
        """Attendance detail.

        Every day of every person with its punches, as the predecessor's detail file and workbook.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[DetailRow],
            "/v1/attendance/reports/detail",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def detail_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Attendance detail” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/detail/explain",
            query={"person": person, "day": day, "shift": shift, "rule_set": rule_set, "locale": locale},
            options=options,
        )

    def exceptions(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        kind: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ExceptionRow]]:
        """What needs somebody's attention, each with what would mend it.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - kind: Only this kind, such as missing_punch.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[ExceptionRow],
            "/v1/attendance/reports/exceptions",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "kind": kind,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def monthly_sheet(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        group_by: Literal["site", "department", "designation", "grade"] | None = None,
        summarized: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MonthlySheetRow]]:
        """Monthly attendance sheet.

        A code for each person and day, or totals for each person; a click explains a cell.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - summarized: Totals for each person instead of a code for each day.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MonthlySheetRow],
            "/v1/attendance/reports/monthly-sheet",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "group_by": group_by,
                "summarized": summarized,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def monthly_sheet_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Monthly attendance sheet” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/monthly-sheet/explain",
            query={"person": person, "day": day, "shift": shift, "rule_set": rule_set, "locale": locale},
            options=options,
        )

    def reconciliation(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        only_differences: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ReconciliationRow]]:
        """Reconciliation with the upstream.

        Our attendance beside the upstream's own; every difference with where it comes from.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - only_differences: Leave out rows on which both agree.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[ReconciliationRow],
            "/v1/attendance/reports/reconciliation",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "only_differences": only_differences,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def summary(
        self,
        *,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        group_by: Literal["site", "company", "department", "designation", "grade"] | None = None,
        variant: Literal["recommended", "original", "statistics_fix"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[SummaryRow]]:
        """Period summary.

        Hours, lates, absences, leave and key figures of each person over a pay period; a click explains a
        figure.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - variant: Which formulas the key figures follow (spec A.15).
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[SummaryRow],
            "/v1/attendance/reports/summary",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "group_by": group_by,
                "variant": variant,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def summary_explain(
        self,
        *,
        figure: str,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        variant: Literal["recommended", "original", "statistics_fix"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Period summary” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/summary/explain",
            query={
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "figure": figure,
                "variant": variant,
                "locale": locale,
            },
            options=options,
        )

    def what_if(
        self,
        *,
        candidate: str,
        period: Literal["month", "quincena", "week"] | None = None,
        month: str | None = None,
        half: str | None = None,
        week: str | None = None,
        cut: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[WhatIfRow]]:
        """What if.

        Another rule set over a period: which days it would judge otherwise. Nothing is written.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - candidate: The other rule set, `name` or `name/version`; it need not be active.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[WhatIfRow],
            "/v1/attendance/reports/what-if",
            {
                "period": period,
                "month": month,
                "half": half,
                "week": week,
                "cut": cut,
                "from": from_,
                "to": to,
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "candidate": candidate,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    async def what_if_explain(
        self,
        *,
        person: str,
        day: date | str,
        candidate: str,
        shift: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “What if” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/what-if/explain",
            query={"person": person, "day": day, "shift": shift, "candidate": candidate, "locale": locale},
            options=options,
        )

    async def export(self, report: str, body: ExportAsk, *, options: CallOptions | None = None) -> Run:
        """Write a report as a file, in the background.

        Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.
        """
        return await self._call(
            Run,
            "POST",
            f"/v1/attendance/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
