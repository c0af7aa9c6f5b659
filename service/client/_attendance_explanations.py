# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The explanations of `Attendance`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.attendance.day_reports import DayFigure
from service.schemas.attendance.total_reports import TotalFigure
from service.schemas.envelope import Explanation


class AttendanceExplanations(Desk):
    """The explanations of `Attendance`."""

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

    async def compare_explain(
        self,
        *,
        figure: TotalFigure,
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
        side: Literal["first", "second"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Comparison” is what it is.

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
        - with_month: The second period, YYYY-MM.
        - with_site: Name of the second site.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/compare/explain",
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
                "with_month": with_month,
                "with_from": with_from,
                "with_to": with_to,
                "with_site": with_site,
                "figure": figure,
                "side": side,
                "locale": locale,
            },
            options=options,
        )

    async def dashboard_explain(
        self,
        *,
        figure: TotalFigure,
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
        day: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Attendance dashboard” is what it is.

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
            "/v1/attendance/reports/dashboard/explain",
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
                "day": day,
                "figure": figure,
                "locale": locale,
            },
            options=options,
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

    async def headcount_explain(
        self,
        *,
        person: str,
        site: str | None = None,
        company: str | None = None,
        department: str | None = None,
        rule_set: str | None = None,
        at: datetime | str | None = None,
        day: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Head count” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - site: Name of a site.
        - rule_set: Name of a rule set; default `recommended`.
        - at: The instant; default now. None that lies ahead.
        - day: Instead of `at`: today is now, an earlier date is its end. Default today.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/headcount/explain",
            query={
                "site": site,
                "company": company,
                "department": department,
                "person": person,
                "rule_set": rule_set,
                "at": at,
                "day": day,
                "locale": locale,
            },
            options=options,
        )

    async def holiday_work_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        figure: DayFigure | None = None,
        consider_grace_period: bool | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Work on holidays” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - consider_grace_period: For `late_entry_seconds`, `early_exit_seconds`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/holiday-work/explain",
            query={
                "person": person,
                "day": day,
                "shift": shift,
                "figure": figure,
                "consider_grace_period": consider_grace_period,
                "rule_set": rule_set,
                "locale": locale,
            },
            options=options,
        )

    async def late_early_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        figure: DayFigure | None = None,
        consider_grace_period: bool | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Late arrivals and early exits” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - consider_grace_period: For `late_entry_seconds`, `early_exit_seconds`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/late-early/explain",
            query={
                "person": person,
                "day": day,
                "shift": shift,
                "figure": figure,
                "consider_grace_period": consider_grace_period,
                "rule_set": rule_set,
                "locale": locale,
            },
            options=options,
        )

    async def leave_usage_explain(
        self,
        *,
        person: str,
        leave_type: str,
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
        figure: Literal["days", "full_days", "half_days"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Leave used” is what it is.

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
            "/v1/attendance/reports/leave-usage/explain",
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
                "leave_type": leave_type,
                "figure": figure,
                "locale": locale,
            },
            options=options,
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

    async def overtime_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        figure: DayFigure | None = None,
        consider_grace_period: bool | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Overtime” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - consider_grace_period: For `late_entry_seconds`, `early_exit_seconds`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/overtime/explain",
            query={
                "person": person,
                "day": day,
                "shift": shift,
                "figure": figure,
                "consider_grace_period": consider_grace_period,
                "rule_set": rule_set,
                "locale": locale,
            },
            options=options,
        )

    async def shift_attendance_explain(
        self,
        *,
        person: str,
        day: date | str,
        shift: str | None = None,
        figure: DayFigure | None = None,
        consider_grace_period: bool | None = None,
        rule_set: str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Shift attendance” is what it is.

        Value, rule and version, threshold and inputs of one figure of the report.

        - consider_grace_period: For `late_entry_seconds`, `early_exit_seconds`.
        - locale: Language of labels in HTML.
        """
        return await self._call(
            Explanation,
            "GET",
            "/v1/attendance/reports/shift-attendance/explain",
            query={
                "person": person,
                "day": day,
                "shift": shift,
                "figure": figure,
                "consider_grace_period": consider_grace_period,
                "rule_set": rule_set,
                "locale": locale,
            },
            options=options,
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
