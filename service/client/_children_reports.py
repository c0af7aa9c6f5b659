# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Children`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk, ReportCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.declared import CaseloadRow, ProgressRow, SessionRow
from service.schemas.children.words import SessionType
from service.schemas.envelope import ReportAnswer, Run
from service.schemas.exports import ExportAsk


class ChildrenReports(Desk):
    """The reports of `Children`."""

    def caseload_report(
        self,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[CaseloadRow]]:
        """The children you are assigned to: completion, scores, engagement, and where they move.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[CaseloadRow],
            "/v1/children/reports/caseload",
            {
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def progress(
        self,
        *,
        child_id: int,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[ProgressRow]]:
        """Progress of a child.

        Each figure of a window, what it rests on, and how it stands against the window before. A direction
        is claimed only from four sessions on, and not where scenario version or device changed.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[ProgressRow],
            "/v1/children/reports/progress",
            {
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "child_id": child_id,
                "locale": locale,
                "delimiter": delimiter,
                "bom": bom,
                "durations": durations,
            },
            options,
        )

    def sessions_report(
        self,
        *,
        child_id: int,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> ReportCall[ReportAnswer[SessionRow]]:
        """Sessions of a child.

        Every session that began in the window, with its engagement, accuracy and independence.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How CSV files write durations.
        """
        return self._report(
            ReportAnswer[SessionRow],
            "/v1/children/reports/sessions",
            {
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "child_id": child_id,
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
            f"/v1/children/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )
