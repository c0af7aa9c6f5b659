# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Children`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.rights import AccessEntry, DataExport, DataExportAsk, Erasure, ErasureAsk
from service.schemas.envelope import Catalogue, Listing, Run
from service.schemas.exports import ExportAsk


class Children(Desk):
    """How is this child doing, for parents and professionals who may see it and nobody else."""

    async def erasure_state(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """How an erasure stands.

        For the guardians who may cancel it, and when it is done for whoever asked for it, with the proof.
        """
        return await self._call(
            Erasure,
            "GET",
            f"/v1/children/erasures/{segment(erasure_id)}",
            options=options,
        )

    async def approve_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Approve an erasure.

        As the other full guardian; from then on the grace runs.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/approve",
            options=options,
        )

    async def cancel_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Cancel an erasure.

        As a guardian with full rights; the restriction that came with it is lifted.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/cancel",
            options=options,
        )

    async def export_state(self, export_id: UUID | str, *, options: CallOptions | None = None) -> DataExport:
        """How a copy stands.

        For whoever asked for it.
        """
        return await self._call(
            DataExport,
            "GET",
            f"/v1/children/exports/{segment(export_id)}",
            options=options,
        )

    async def download_export(self, export_id: UUID | str, *, options: CallOptions | None = None) -> bytes:
        """Download a copy.

        For whoever asked for it, three times, until it expires.
        """
        return await self._call(
            bytes,
            "GET",
            f"/v1/children/exports/{segment(export_id)}/download",
            options=options,
        )

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of children.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/children/reports", options=options)

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

    def access_log(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AccessEntry]:
        """Who looked at a child, newest first.

        For its guardians: who read or changed what, and when. Refused attempts are not in it.

        - from_: From this instant on.
        - to: Before this instant.
        """
        return self._list(
            AccessEntry,
            Listing[AccessEntry],
            f"/v1/children/{segment(child_id)}/access-log",
            {"limit": limit, "cursor": cursor, "include": include, "from": from_, "to": to},
            options,
        )

    async def ask_for_erasure(
        self,
        child_id: int,
        body: ErasureAsk,
        *,
        options: CallOptions | None = None,
    ) -> Erasure:
        """Have a child erased.

        Of the primary guardian who signed in within five minutes. The child is restricted at once; until
        `executes_at` it can be cancelled, then everything is deleted for good. Another full guardian has
        to approve it within 14 days.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/{segment(child_id)}/erasure",
            body=body,
            options=options,
        )

    async def ask_for_export(
        self,
        child_id: int,
        body: DataExportAsk,
        *,
        options: CallOptions | None = None,
    ) -> dict[str, Any]:
        """Ask for a copy of everything kept about a child.

        It is written in the background, encrypted, for whoever asked; three a day, three downloads each.
        """
        return await self._call(
            dict[str, Any],
            "POST",
            f"/v1/children/{segment(child_id)}/exports",
            body=body,
            options=options,
        )


class ChildrenSync(DeskSync):
    """`Children`, blocking."""

    erasure_state = Blocking(Children.erasure_state)
    approve_erasure = Blocking(Children.approve_erasure)
    cancel_erasure = Blocking(Children.cancel_erasure)
    export_state = Blocking(Children.export_state)
    download_export = Blocking(Children.download_export)
    reports = Blocking(Children.reports)
    export = Blocking(Children.export)
    access_log = BlockingList(Children.access_log)
    ask_for_erasure = Blocking(Children.ask_for_erasure)
    ask_for_export = Blocking(Children.ask_for_export)
