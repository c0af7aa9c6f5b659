# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Crew`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.hours import HoursRow
from service.schemas.crew.turnout import TurnoutRow
from service.schemas.envelope import ReportAnswer, Run
from service.schemas.exports import ExportAsk


class CrewReports(Desk):
    """The reports of `Crew`."""

    def hours(
        self,
        *,
        station: str | None = None,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        redact: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[HoursRow]]:
        """Hours against contract.

        Hours of a week of each person of a station: planned, achieved, missing to the contract.

        - station: Code; may be left out where you see one station only.
        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[HoursRow],
            "/v1/crew/reports/hours",
            {
                "station": station,
                "week": week,
                "at": at,
                "known_at": known_at,
                "redact": redact,
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
        station: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        state: Literal["available", "unavailable", "unknown"] | None = None,
        redact: bool | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[TurnoutRow]]:
        """Who can turn out.

        The people of a station at an instant: available and until when, off and why, or not known.

        - station: Code; may be left out where you see one station only.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[TurnoutRow],
            "/v1/crew/reports/turnout",
            {
                "station": station,
                "at": at,
                "known_at": known_at,
                "state": state,
                "redact": redact,
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
