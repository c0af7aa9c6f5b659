# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Attendance`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import AbsenceRow, DetailRow, ExceptionRow, MonthlySheetRow, SummaryRow
from service.schemas.attendance.day_reports import (
    HolidayWorkRow,
    LateEarlyRow,
    OvertimeRow,
    ShiftAttendanceRow,
)
from service.schemas.attendance.reports import ReconciliationRow, UpstreamCorrectionRow
from service.schemas.attendance.rule_sets import WhatIfRow
from service.schemas.attendance.total_reports import CompareRow, DashboardRow, HeadcountRow, LeaveUsageRow
from service.schemas.envelope import ReportAnswer, Run
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

    def compare(
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
        with_month: str | None = None,
        with_from: date | str | None = None,
        with_to: date | str | None = None,
        with_site: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[CompareRow]]:
        """The same figures of two periods or two sites side by side, with their difference.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - with_month: The second period, YYYY-MM.
        - with_site: Name of the second site.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[CompareRow],
            "/v1/attendance/reports/compare",
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
                "with_month": with_month,
                "with_from": with_from,
                "with_to": with_to,
                "with_site": with_site,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def dashboard(
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
    ) -> ReportCall[ReportAnswer[DashboardRow]]:
        """Attendance dashboard.

        Key figures of a period, and for each date attendance, absences, leave and late arrivals.

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
            ReportAnswer[DashboardRow],
            "/v1/attendance/reports/dashboard",
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
        variant: Literal["recommended", "original", "statistics_fix"] | None = None,
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
        - variant: Which formulas the key figures follow (spec A.15).
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
                "variant": variant,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
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
        dismissed: bool | None = None,
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
        - dismissed: Show also what somebody has dismissed.
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
                "dismissed": dismissed,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def headcount(
        self,
        *,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        person: str | None = None,
        rule_set: str | None = None,
        at: datetime | str | None = None,
        day: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[HeadcountRow]]:
        """Head count.

        Who is in now, or was at an instant, and where: last punch an entry, shift still running.

        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - at: The instant; default now. None that lies ahead.
        - day: Instead of `at`: today is now, an earlier date is its end. Default today.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[HeadcountRow],
            "/v1/attendance/reports/headcount",
            {
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "at": at,
                "day": day,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def holiday_work(
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
        holiday_list: str | None = None,
        weekly_off: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[HolidayWorkRow]]:
        """Work on holidays.

        Who worked on a holiday or weekly off of their own holiday list, and for how long.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - holiday_list: Name of a holiday list.
        - weekly_off: Only weekly offs, or only feasts; default both.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[HolidayWorkRow],
            "/v1/attendance/reports/holiday-work",
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
                "holiday_list": holiday_list,
                "weekly_off": weekly_off,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def late_early(
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
        within_grace: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[LateEarlyRow]]:
        """Late arrivals and early exits.

        Every late arrival and early exit with its minutes and grace, and whether it was forgiven.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - within_grace: Also those that the grace covers.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[LateEarlyRow],
            "/v1/attendance/reports/late-early",
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
                "within_grace": within_grace,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def leave_usage(
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
        unpaid: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[LeaveUsageRow]]:
        """Leave used.

        Days of leave by person and leave type, half days as 0.5; unpaid leave is marked.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - unpaid: Only unpaid, or only paid leave; default both.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[LeaveUsageRow],
            "/v1/attendance/reports/leave-usage",
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
                "unpaid": unpaid,
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

    def overtime(
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
        at_least_seconds: int | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[OvertimeRow]]:
        """Time worked beyond what was expected, by person and day; all time of a worked day off.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - at_least_seconds: Leave out days with less overtime.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[OvertimeRow],
            "/v1/attendance/reports/overtime",
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
                "at_least_seconds": at_least_seconds,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
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

    def shift_attendance(
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
        shift: str | None = None,
        late_entry: bool | None = None,
        early_exit: bool | None = None,
        consider_grace_period: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ShiftAttendanceRow]]:
        """Shift attendance.

        Each attended shift: entry, exit, hours, how late and how early, beyond the grace or not.

        - period: The month, half-month or ISO week of yesterday, unless one is named.
        - month: YYYY-MM.
        - half: A half-month: 2026-10-1 is 1 to 15 October, 2026-10-2 is 16 to 31 October.
        - week: An ISO week: 2026-W43.
        - cut: First day of pay periods that cross months: `cut=26` and `month=2026-10` are 26 September to
        25 October.
        - site: Name of a site.
        - person: Number of a person.
        - rule_set: Name of a rule set; default `recommended`.
        - shift: Name of a shift type.
        - late_entry: Only days with a late entry.
        - early_exit: Only days with an early exit.
        - consider_grace_period: Count late and early time beyond the grace only.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[ShiftAttendanceRow],
            "/v1/attendance/reports/shift-attendance",
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
                "shift": shift,
                "late_entry": late_entry,
                "early_exit": early_exit,
                "consider_grace_period": consider_grace_period,
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

    def upstream_corrections(
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
    ) -> ReportCall[ReportAnswer[UpstreamCorrectionRow]]:
        """Corrections for the upstream.

        Check-ins added here, as a file for Frappe's Data Import of Employee Checkin.

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
            ReportAnswer[UpstreamCorrectionRow],
            "/v1/attendance/reports/upstream-corrections",
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
