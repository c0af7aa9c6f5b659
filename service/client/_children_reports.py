# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The reports of `Children`."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from service.client._desk import Desk, Pages, ReportCall
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.declared import CaseloadRow, ProgressRow, SessionRow
from service.schemas.children.reports import (
    ChildReport,
    NewShare,
    ReportChangeAsk,
    ReportChanges,
    ReportCorrectionAsk,
    ReportRemoved,
    Share,
    ShareAsk,
    TransitionAsk,
)
from service.schemas.children.words import SessionType
from service.schemas.envelope import Listing, ReportAnswer, Run
from service.schemas.exports import ExportAsk


class ChildrenReports(Desk):
    """The reports of `Children`."""

    def caseload(
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

    def session_figures(
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
        """Sessions of a child with their figures.

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
            "/v1/children/reports/session-figures",
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

    async def written_report(self, report_id: int, *, options: CallOptions | None = None) -> ChildReport:
        """One report about a child.

        With the figures it was written from, and whether it still is what was published.
        """
        return await self._call(
            ChildReport,
            "GET",
            f"/v1/children/reports/{segment(report_id)}",
            options=options,
        )

    async def change_report(
        self,
        report_id: int,
        body: ReportChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ChildReport:
        """Change a draft.

        By its author alone; its figures stay.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            ChildReport,
            "PATCH",
            f"/v1/children/reports/{segment(report_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def remove_report(self, report_id: int, *, options: CallOptions | None = None) -> ReportRemoved:
        """Remove a draft.

        By its author alone; what was submitted is archived instead.
        """
        return await self._call(
            ReportRemoved,
            "DELETE",
            f"/v1/children/reports/{segment(report_id)}",
            options=options,
        )

    async def report_changes(self, report_id: int, *, options: CallOptions | None = None) -> ReportChanges:
        """What would differ in a report today, and why.

        Every figure that differs, with the sessions and activities that made it so.
        """
        return await self._call(
            ReportChanges,
            "GET",
            f"/v1/children/reports/{segment(report_id)}/changes",
            options=options,
        )

    async def correct_report(
        self,
        report_id: int,
        body: ReportCorrectionAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ChildReport:
        """Attach a correction to a published report.

        The report itself stays as it was published.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            ChildReport,
            "PUT",
            f"/v1/children/reports/{segment(report_id)}/correction",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def export_report(
        self,
        report_id: int,
        *,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> ChildReport:
        """A report as a file.

        JSON, CSV, or a page to print.
        """
        return await self._call(
            ChildReport,
            "GET",
            f"/v1/children/reports/{segment(report_id)}/export",
            query={"locale": locale},
            options=options,
        )

    def shares(
        self,
        report_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Share]:
        """Who a report is shared with.

        Also those that ended, the newest first; the address itself is not kept.
        """
        return self._list(
            Share,
            Listing[Share],
            f"/v1/children/reports/{segment(report_id)}/shares",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    async def share_report(
        self,
        report_id: int,
        body: ShareAsk,
        *,
        options: CallOptions | None = None,
    ) -> NewShare:
        """Share a published report.

        With somebody who does not see the child, for a while. The token is in this answer only.
        """
        return await self._call(
            NewShare,
            "POST",
            f"/v1/children/reports/{segment(report_id)}/shares",
            body=body,
            options=options,
        )

    async def unshare_report(
        self,
        report_id: int,
        share_id: UUID | str,
        *,
        options: CallOptions | None = None,
    ) -> Share:
        """Take a share back.

        At once; taking it back twice changes nothing.
        """
        return await self._call(
            Share,
            "DELETE",
            f"/v1/children/reports/{segment(report_id)}/shares/{segment(share_id)}",
            options=options,
        )

    async def move_report(
        self,
        report_id: int,
        body: TransitionAsk,
        *,
        options: CallOptions | None = None,
    ) -> ChildReport:
        """Submit, return, approve, publish or archive a report.

        A report is approved by somebody who did not write it.
        """
        return await self._call(
            ChildReport,
            "POST",
            f"/v1/children/reports/{segment(report_id)}/transitions",
            body=body,
            options=options,
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
