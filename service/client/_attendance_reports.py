# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Attendance`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._options import CallOptions
from service.schemas.attendance import ExceptionRow, MonthlySheetRow
from service.schemas.attendance.reports import ReconciliationRow
from service.schemas.attendance.rule_sets import WhatIfRow
from service.schemas.envelope import Explanation, ReportAnswer


class AttendanceReports(Desk):
    """The reports of `Attendance`."""

    def exceptions(
        self,
        *,
        month: str | None = None,
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
        durations: Literal["clock", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ExceptionRow]]:
        """What needs somebody's attention, each with what would mend it.

        - month: YYYY-MM.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - kind: Only this kind, such as missing_punch.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How files write durations.
        """
        return self._report(
            ReportAnswer[ExceptionRow],
            "/v1/attendance/reports/exceptions",
            {
                "month": month,
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
        month: str | None = None,
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
        durations: Literal["clock", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MonthlySheetRow]]:
        """Monthly attendance sheet.

        A code for each person and day, or totals for each person; a click explains a cell.

        - month: YYYY-MM.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - summarized: Totals for each person instead of a code for each day.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How files write durations.
        """
        return self._report(
            ReportAnswer[MonthlySheetRow],
            "/v1/attendance/reports/monthly-sheet",
            {
                "month": month,
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
        month: str | None = None,
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
        durations: Literal["clock", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ReconciliationRow]]:
        """Reconciliation with the upstream.

        Our attendance beside the upstream's own; every difference with where it comes from.

        - month: YYYY-MM.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - only_differences: Leave out rows on which both agree.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How files write durations.
        """
        return self._report(
            ReportAnswer[ReconciliationRow],
            "/v1/attendance/reports/reconciliation",
            {
                "month": month,
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

    def what_if(
        self,
        *,
        candidate: str,
        month: str | None = None,
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
        durations: Literal["clock", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[WhatIfRow]]:
        """What if.

        Another rule set over a period: which days it would judge otherwise. Nothing is written.

        - month: YYYY-MM.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - candidate: The other rule set, `name` or `name/version`; it need not be active.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How files write durations.
        """
        return self._report(
            ReportAnswer[WhatIfRow],
            "/v1/attendance/reports/what-if",
            {
                "month": month,
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
