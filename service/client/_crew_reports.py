# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Crew`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.appliance_reports import CoverageRow, ForecastRow, GapRow
from service.schemas.crew.hours import HoursRow
from service.schemas.crew.reports import (
    AvailabilityRow,
    CoverRow,
    FairnessRow,
    MonthlyReturnRow,
    OffTheRunRow,
    RecoveryRow,
)
from service.schemas.crew.turnout import TurnoutRow
from service.schemas.envelope import ReportAnswer, Run
from service.schemas.exports import ExportAsk


class CrewReports(Desk):
    """The reports of `Crew`."""

    def availability(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        known_at: datetime | str | None = None,
        crew_id: int | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[AvailabilityRow]]:
        """When each person is available, the runs of neighbouring days merged; also as a calendar
        (`format=ics`) of one person or of a station.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - crew_id: Number of a crew member; default everybody.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[AvailabilityRow],
            "/v1/crew/reports/availability",
            {
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "crew_id": crew_id,
                "from": from_,
                "to": to,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def coverage(
        self,
        *,
        station: str,
        from_: date | str | None = None,
        to: date | str | None = None,
        known_at: datetime | str | None = None,
        step: Literal[5, 10, 15, 30, 60] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[CoverageRow]]:
        """How many people, officers, drivers and BA wearers are there, slot by slot.

        - known_at: As it was known at this instant; default: now.
        - step: Minutes of a slot.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[CoverageRow],
            "/v1/crew/reports/coverage",
            {
                "station": station,
                "from": from_,
                "to": to,
                "known_at": known_at,
                "step": step,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def fairness(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[FairnessRow]]:
        """Shares of hours, nights and weekends.

        Each person's availability against their contract and the station's mean, and their share of nights
        and weekends, with how many people it is of and how much is known.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[FairnessRow],
            "/v1/crew/reports/fairness",
            {
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def forecast(
        self,
        *,
        station: str,
        from_: date | str | None = None,
        to: date | str | None = None,
        known_at: datetime | str | None = None,
        appliance: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ForecastRow]]:
        """Appliances ahead.

        When each appliance is on the run, short of crew or off the run, and until when.

        - known_at: As it was known at this instant; default: now.
        - appliance: Default: all of the station.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[ForecastRow],
            "/v1/crew/reports/forecast",
            {
                "station": station,
                "from": from_,
                "to": to,
                "known_at": known_at,
                "appliance": appliance,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def gap_cover(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[CoverRow]]:
        """Gap cover.

        Hours in which each person kept an appliance on the run that would have been off without them, and
        hours in which they were there while it was off for want of others.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[CoverRow],
            "/v1/crew/reports/gap-cover",
            {
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def gaps(
        self,
        *,
        station: str,
        redact: bool | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        known_at: datetime | str | None = None,
        appliance: str | None = None,
        min_minutes: int | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[GapRow]]:
        """Gaps of appliances.

        When an appliance is not available, what the crew lacks then, and who would close the gap.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default: now.
        - appliance: Default: all of the station.
        - min_minutes: Gaps that last at least so long.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[GapRow],
            "/v1/crew/reports/gaps",
            {
                "redact": redact,
                "station": station,
                "from": from_,
                "to": to,
                "known_at": known_at,
                "appliance": appliance,
                "min_minutes": min_minutes,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def hours(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[HoursRow]]:
        """Hours against contract.

        Hours of a week of each person of a station: planned, achieved, missing to the contract.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code; may be left out where you see one station only.
        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[HoursRow],
            "/v1/crew/reports/hours",
            {
                "redact": redact,
                "station": station,
                "week": week,
                "at": at,
                "known_at": known_at,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def monthly_return(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[MonthlyReturnRow]]:
        """Monthly return.

        Each appliance's month on and off the run by reason, and each person's hours against their
        contract; what is sealed stays sealed, and every figure that differs later names its cause.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[MonthlyReturnRow],
            "/v1/crew/reports/monthly-return",
            {
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "month": month,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def off_the_run(
        self,
        *,
        station: str | None = None,
        known_at: datetime | str | None = None,
        month: str | None = None,
        week: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        appliance: str | None = None,
        by: Literal["day", "week", "month"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[OffTheRunRow]]:
        """Off the run, by reason.

        How long each appliance was off the run in a month, week or day, and for what: too few, no officer,
        no driver, too few BA, off by the grid. What is not known stands apart.

        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - month: YYYY-MM.
        - week: An ISO week: 2026-W10.
        - appliance: Name of an appliance; default every one.
        - by: What one row covers.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[OffTheRunRow],
            "/v1/crew/reports/off-the-run",
            {
                "station": station,
                "known_at": known_at,
                "month": month,
                "week": week,
                "from": from_,
                "to": to,
                "appliance": appliance,
                "by": by,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def recovery(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        known_at: datetime | str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        top: int | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[RecoveryRow]]:
        """Who would recover most.

        Whose booking on, and when, would bring appliances back on the run for longest in the next days:
        people who are known to be off, alone or two together where one is not enough.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code of a station; default all that you may see.
        - known_at: As it was known at this instant; default now.
        - top: Rows at most; the summary says how many there are.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[RecoveryRow],
            "/v1/crew/reports/recovery",
            {
                "redact": redact,
                "station": station,
                "known_at": known_at,
                "from": from_,
                "to": to,
                "top": top,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def turnout(
        self,
        *,
        redact: bool | None = None,
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        state: Literal["available", "unavailable", "unknown"] | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[TurnoutRow]]:
        """Who can turn out.

        The people of a station at an instant: available and until when, off and why, or not known.

        - redact: Numbers in place of names, for displays that everybody sees.
        - station: Code; may be left out where you see one station only.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[TurnoutRow],
            "/v1/crew/reports/turnout",
            {
                "redact": redact,
                "station": station,
                "at": at,
                "known_at": known_at,
                "state": state,
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
            f"/v1/crew/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
