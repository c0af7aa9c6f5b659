# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Children`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._blocking import Blocking, DeskSync
from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue, Run
from service.schemas.exports import ExportAsk


class Children(Desk):
    """How is this child doing, for parents and professionals who may see it and nobody else."""

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


class ChildrenSync(DeskSync):
    """`Children`, blocking."""

    reports = Blocking(Children.reports)
    export = Blocking(Children.export)
